"""Writes images of every kind that is read, and what Pillow makes of each: test/conformance/reading-images.test.ts compares.

usage: images.py FOLDER SEED    ->  FOLDER/NAME and FOLDER/NAME.npy, the pixels [y, x, 3]; FOLDER/kinds.json, name -> kind
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
kinds = {}
grey = (128, 128, 128)


def picture(height, width):
    """Waves with noise, [y, x, 3]: smooth and rough parts, so that every way of upsampling shows."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [
        127 + 120 * np.sin(x / 5 + rng.random()),
        127 + 100 * np.cos(y / 7 + x / 9),
        (x * 3 + y * 5) % 256,
    ]
    return np.clip(np.stack(waves, -1) + rng.normal(0, 15, (height, width, 3)), 0, 255).astype(np.uint8)


def keep(kind, name, data, right=None):
    (folder / name).write_bytes(data)
    if right is None:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        if image.has_transparency_data:
            # Pillow draws over an even ground with alpha_composite.
            ground = Image.new("RGBA", image.size, (*grey, 255))
            image = Image.alpha_composite(ground, image.convert("RGBA"))
        right = np.asarray(image.convert("RGB"))
    np.save(folder / f"{name}.npy", np.ascontiguousarray(right))
    kinds[name] = kind


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def adobe(data, transform):
    """The same JPEG with another colour transform in its Adobe segment, or without the segment."""
    at = data.find(b"Adobe")
    if transform is None:
        return data[: at - 4] + data[at + 12 :]
    return data[: at + 11] + bytes([transform]) + data[at + 12 :]


def jpegs(size, image):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for quality in (30, 75, 100):
        for sampling in (0, 1, 2):
            data = encoded(image, "JPEG", quality=quality, subsampling=sampling)
            keep("jpeg", f"ycc-{size}-{quality}-{sampling}.jpg", data)
    keep("jpeg progressive", f"progressive-{size}.jpg", encoded(image, "JPEG", progressive=True))
    keep("jpeg restart", f"restart-{size}.jpg", encoded(image, "JPEG", restart_marker_blocks=3))
    keep("jpeg Adobe RGB", f"rgb-{size}.jpg", encoded(image, "JPEG", keep_rgb=True))
    keep("jpeg grey", f"grey-{size}.jpg", encoded(image.convert("L"), "JPEG"))
    keep("jpeg grey with ICC", f"greyicc-{size}.jpg", encoded(image.convert("L"), "JPEG", icc_profile=profile))
    for orientation in range(1, 9):
        data = encoded(image, "JPEG", exif=exif(orientation))
        keep(f"jpeg EXIF {orientation}", f"exif{orientation}-{size}.jpg", data)
    four = image.convert("CMYK")
    noise = Image.fromarray(rng.integers(0, 256, (*image.size[::-1], 4)).astype(np.uint8), "CMYK")
    for sampling in (0, 1, 2):
        keep("jpeg CMYK", f"cmyk-{size}-{sampling}.jpg", encoded(four, "JPEG", subsampling=sampling))
    keep("jpeg CMYK", f"cmyknoise-{size}.jpg", encoded(noise, "JPEG", quality=92))
    keep("jpeg CMYK progressive", f"cmykprog-{size}.jpg", encoded(four, "JPEG", progressive=True))
    keep("jpeg YCCK", f"ycck-{size}.jpg", adobe(encoded(four, "JPEG"), 2))
    keep("jpeg YCCK", f"ycck2-{size}.jpg", adobe(encoded(four, "JPEG", subsampling=2), 2))
    keep("jpeg CMYK without Adobe", f"cmykplain-{size}.jpg", adobe(encoded(four, "JPEG"), None))


def pngs(size, image, interlaced):
    alpha = Image.fromarray(rng.integers(0, 256, image.size[::-1]).astype(np.uint8), "L")
    with_alpha = image.copy()
    with_alpha.putalpha(alpha)
    palette = image.quantize(37)
    keep("png", f"rgb-{size}.png", encoded(image, "PNG"))
    keep("png grey", f"grey-{size}.png", encoded(image.convert("L"), "PNG"))
    keep("png alpha", f"rgba-{size}.png", encoded(with_alpha, "PNG"))
    keep("png grey alpha", f"la-{size}.png", encoded(with_alpha.convert("LA"), "PNG"))
    keep("png palette", f"palette-{size}.png", encoded(palette, "PNG"))
    for bits, colours in ((1, 2), (2, 4), (4, 16)):
        data = encoded(image.quantize(colours), "PNG", bits=bits)
        keep(f"png palette {bits} bits", f"palette{bits}-{size}.png", data)
    clear = encoded(palette, "PNG", transparency=bytes(rng.integers(0, 256, 37).astype(np.uint8)))
    keep("png palette alpha", f"palettealpha-{size}.png", clear)
    keep("png key", f"key-{size}.png", encoded(image.convert("L"), "PNG", transparency=int(image.convert("L").getpixel((0, 0)))))
    keep("png 1 bit", f"bit-{size}.png", encoded(image.convert("1"), "PNG"))
    for orientation in (3, 6):
        keep("png EXIF", f"exif{orientation}-{size}.png", encoded(image, "PNG", exif=exif(orientation)))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    keep("png ICC", f"icc-{size}.png", encoded(image, "PNG", icc_profile=profile))
    raw_pngs(size, np.asarray(image).astype(np.uint32), interlaced)


def raw_pngs(size, pixels, interlaced):
    """What Pillow does not write: 16 bits, few bits of grey, Adam7. What is right is known from the values written."""
    height, width = pixels.shape[:2]
    deep = (pixels * 257 - rng.integers(0, 200, pixels.shape)).clip(0, 65535)
    grey16 = deep[..., :1]
    rgb = lambda values: np.broadcast_to(values, (height, width, 3)).astype(np.uint8)
    for adam7 in interlaced:
        mark = "adam7" if adam7 else "rows"
        keep(f"png 16 bits {mark}", f"rgb16-{mark}-{size}.png", write_png(deep, 16, 2, adam7), rgb(deep >> 8))
        keep(f"png grey 16 bits {mark}", f"grey16-{mark}-{size}.png", write_png(grey16, 16, 0, adam7), rgb(grey16 >> 8))
        keep(f"png 8 bits {mark}", f"rgb8-{mark}-{size}.png", write_png(pixels, 8, 2, adam7), rgb(pixels))
        for bits in (1, 2, 4):
            few = pixels[..., :1] >> (8 - bits)
            scaled = few * (255 // (2**bits - 1))
            keep(f"png grey {bits} bits {mark}", f"grey{bits}-{mark}-{size}.png", write_png(few, bits, 0, adam7), rgb(scaled))


def tiffs(size, image, pixels):
    def pillow(kind, name, picture, **options):
        keep(f"tiff {kind}", f"{name}-{size}.tif", encoded(picture, "TIFF", **options))

    def array(kind, name, values, right, **options):
        out = io.BytesIO()
        tifffile.imwrite(out, values, **options)
        keep(f"tiff {kind}", f"{name}-{size}.tif", out.getvalue(), np.broadcast_to(right, (*pixels.shape[:2], 3)).astype(np.uint8))

    grey = image.convert("L")
    with_alpha = image.copy()
    with_alpha.putalpha(Image.fromarray(rng.integers(0, 256, image.size[::-1]).astype(np.uint8), "L"))
    for packing in ("raw", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits"):
        for name, picture in (("rgb", image), ("grey", grey), ("palette", image.quantize(37)), ("cmyk", image.convert("CMYK"))):
            pillow(f"{name} {packing}", f"{name}-{packing}", picture, compression=packing)
        pillow(f"alpha {packing}", f"alpha-{packing}", with_alpha, compression=packing)
        pillow(f"1 bit {packing}", f"bit-{packing}", image.convert("1"), compression=packing)
    pillow("predicted", "predicted", image, compression="tiff_lzw", tiffinfo={317: 2})
    for name, picture in (("rgb", image), ("grey", grey), ("palette", image.quantize(37)), ("cmyk", image.convert("CMYK"))):
        pillow(f"{name} zstd", f"{name}-zstd", picture, compression="zstd")
    pillow("predicted zstd", "predicted-zstd", image, compression="zstd", tiffinfo={317: 2})
    for packing in ("tiff_lzw", "packbits"):
        for name, picture in (("rgb", image), ("bit", image.convert("1"))):
            pillow(f"{name} reversed bits {packing}", f"{name}-reversed-{packing}", picture, compression=packing, tiffinfo={266: 2})
    pillow("strips", "strips", image, compression="tiff_lzw", strip_size=200)
    pillow("grey alpha", "la", with_alpha.convert("LA"))
    for orientation in (3, 6, 8):
        tags = exif(orientation)
        pillow("EXIF", f"exif{orientation}", image, exif=tags)
    bytes8 = pixels.astype(np.uint8)
    deep = (pixels * 257 - rng.integers(0, 200, pixels.shape)).clip(0, 65535).astype(np.uint16)
    for order in "<>":
        mark = "little" if order == "<" else "big"
        array(f"tiled {mark}", f"tiled-{mark}", bytes8, bytes8, tile=(16, 32), photometric="rgb", byteorder=order)
        array(f"tiled deflate {mark}", f"tilez-{mark}", bytes8, bytes8, tile=(16, 16), photometric="rgb", compression="zlib", predictor=True, byteorder=order)
        array(f"16 bits {mark}", f"deep-{mark}", deep, deep >> 8, photometric="rgb", byteorder=order)
        array(f"16 bits predicted {mark}", f"deepz-{mark}", deep, deep >> 8, photometric="rgb", compression="zlib", predictor=True, byteorder=order)
        array(f"big {mark}", f"bigtiff-{mark}", bytes8, bytes8, photometric="rgb", bigtiff=True, byteorder=order)
    planes = np.moveaxis(bytes8, 2, 0)
    array("planes", "planes", planes, bytes8, photometric="rgb", planarconfig="separate")
    array("white is zero", "miniswhite", bytes8[..., 0], 255 - bytes8[..., :1], photometric="miniswhite")
    lit = (pixels[..., 0] / 255).astype(np.float32)
    for name, values in (("float", lit), ("half", lit.astype(np.float16)), ("double", lit.astype(np.float64))):
        right = np.floor(255 * values.astype(np.float64) + 0.5)[..., None]
        array(f"{name} levels", f"{name}-levels", values, right, photometric="minisblack")
    predicted = encoded(Image.fromarray(lit), "TIFF", compression="tiff_adobe_deflate", tiffinfo={317: 3})
    right = np.broadcast_to(np.floor(255 * lit.astype(np.float64) + 0.5)[..., None], pixels.shape).astype(np.uint8)
    keep("tiff float predicted levels", f"floatz-levels-{size}.tif", predicted, right)


def gifs(size, image):
    keep("gif", f"plain-{size}.gif", encoded(image, "GIF"))
    keep("gif grey", f"grey-{size}.gif", encoded(image.convert("L"), "GIF"))
    for interlace in (0, 1):
        keep("gif interlaced", f"interlaced{interlace}-{size}.gif", encoded(image.quantize(200), "GIF", interlace=interlace))
    for colours in (2, 5, 37):
        keep("gif palette", f"palette{colours}-{size}.gif", encoded(image.quantize(colours), "GIF"))
    keep("gif clear", f"clear-{size}.gif", encoded(image.quantize(16), "GIF", transparency=3))
    others = [image.rotate(90 * i, expand=False).quantize(64) for i in range(1, 4)]
    keep("gif animated", f"animated-{size}.gif", encoded(image.quantize(64), "GIF", save_all=True, append_images=others))


def bmps(size, image, pixels):
    keep("bmp", f"rgb-{size}.bmp", encoded(image, "BMP"))
    keep("bmp grey", f"grey-{size}.bmp", encoded(image.convert("L"), "BMP"))
    keep("bmp palette", f"palette-{size}.bmp", encoded(image.quantize(37), "BMP"))
    keep("bmp 1 bit", f"bit-{size}.bmp", encoded(image.convert("1"), "BMP"))
    four = image.copy()
    four.putalpha(Image.fromarray(rng.integers(0, 256, image.size[::-1]).astype(np.uint8), "L"))
    keep("bmp alpha", f"alpha-{size}.bmp", encoded(four, "BMP"))
    raw_bmps(size, pixels)


def raw_bmps(size, pixels):
    """What Pillow reads and does not write: 16 bits a pixel, rows from the top, runs of 8 and 4 bits."""
    import struct

    height, width = pixels.shape[:2]
    head = lambda bits, packing, rows, extra, body: (
        b"BM" + struct.pack("<IHHI", 54 + len(extra) + len(body), 0, 0, 54 + len(extra))
        + struct.pack("<IiiHHIIiiII", 40, width, rows, 1, bits, packing, len(body), 0, 0, 0, 0) + extra + body
    )
    padded = lambda row: row + b"\0" * (-len(row) % 4)
    five = (pixels >> 3).astype(np.uint16)
    words = (five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]).astype("<u2")
    body = b"".join(padded(row.tobytes()) for row in words[::-1])
    keep("bmp 15 bits", f"w555-{size}.bmp", head(16, 0, height, b"", body))
    words = (five[..., 0] << 11 | (pixels[..., 1] >> 2).astype(np.uint16) << 5 | five[..., 2]).astype("<u2")
    body = b"".join(padded(row.tobytes()) for row in words)
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    keep("bmp 16 bits from the top", f"w565-{size}.bmp", head(16, 3, -height, masks, body))
    for bits in (8, 4):
        indices = (pixels[..., 0] >> (8 - bits)).astype(np.uint8) // 3 * 3
        entries = rng.integers(0, 256, (2**bits, 4)).astype(np.uint8)
        body = b"".join(runs(row, bits) + b"\0\0" for row in indices[::-1]) + b"\0\1"
        right = entries[indices][..., 2::-1]
        keep(f"bmp runs of {bits} bits", f"rle{bits}-{size}.bmp", head(bits, bits == 8 and 1 or 2, height, entries.tobytes(), body), right)


def runs(row, bits):
    """Runs of one value, and between them values as they are."""
    out, at = b"", 0
    while at < len(row):
        end = at + 1
        while end < len(row) and end - at < 255 and row[end] == row[at]:
            end += 1
        value = int(row[at])
        if end - at == 1 and at + 4 <= len(row):
            few = [int(v) for v in row[at : at + 4]]
            packed = bytes(few) if bits == 8 else bytes([few[0] << 4 | few[1], few[2] << 4 | few[3]])
            out += bytes([0, 4]) + packed
            at += 4
        else:
            out += bytes([end - at, value if bits == 8 else value << 4 | value])
            at = end
    return out


def write_png(values, depth, colour, adam7):
    """values: [y, x, channel]. Filter types are drawn for every row (ISO/IEC 15948, 9)."""
    import struct
    import zlib

    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    body = b"".join(
        rows_of(values[y::dy, x::dx], depth) for x, y, dx, dy in (passes if adam7 else [(0, 0, 1, 1)])
    )
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], depth, colour, 0, 0, int(adam7))
    packed = zlib.compress(body)
    half = len(packed) // 2
    parts = [(b"IHDR", head), (b"IDAT", packed[:half]), (b"IDAT", packed[half:]), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def rows_of(values, depth):
    if values.size == 0:
        return b""
    height, width, channels = values.shape
    if depth == 16:
        packed = values.astype(">u2").view(np.uint8).reshape(height, -1)
    elif depth == 8:
        packed = values.astype(np.uint8).reshape(height, -1)
    else:
        bits = np.unpackbits(values.astype(np.uint8).reshape(height, width, 1), axis=2)[:, :, 8 - depth :]
        packed = np.packbits(bits.reshape(height, -1), axis=1)
    step = max(1, channels * depth // 8)
    above = np.zeros(packed.shape[1], np.int32)
    out = b""
    for row in packed.astype(np.int32):
        left = np.concatenate([np.zeros(step, np.int32), row[:-step]]) if row.size > step else np.zeros_like(row)
        corner = np.concatenate([np.zeros(step, np.int32), above[:-step]]) if row.size > step else np.zeros_like(row)
        guess = left + above - corner
        paeth = np.where(
            (abs(guess - left) <= abs(guess - above)) & (abs(guess - left) <= abs(guess - corner)),
            left,
            np.where(abs(guess - above) <= abs(guess - corner), above, corner),
        )
        kind = int(rng.integers(0, 5))
        taken = (np.zeros_like(row), left, above, (left + above) // 2, paeth)[kind]
        out += bytes([kind]) + ((row - taken) % 256).astype(np.uint8).tobytes()
        above = row
    return out


def webps(size, image):
    with_alpha = image.copy()
    with_alpha.putalpha(Image.fromarray(rng.integers(0, 256, image.size[::-1]).astype(np.uint8), "L"))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for quality in (5, 60, 100):
        keep(f"webp lossy {quality}", f"lossy{quality}-{size}.webp", encoded(image, "WEBP", quality=quality))
    keep("webp lossless", f"lossless-{size}.webp", encoded(image, "WEBP", lossless=True))
    keep("webp grey", f"grey-{size}.webp", encoded(image.convert("L"), "WEBP", lossless=True))
    keep("webp lossy alpha", f"alpha-{size}.webp", encoded(with_alpha, "WEBP", quality=80))
    keep("webp lossless alpha", f"losslessalpha-{size}.webp", encoded(with_alpha, "WEBP", lossless=True, exact=True))
    keep("webp ICC", f"icc-{size}.webp", encoded(image, "WEBP", icc_profile=profile))
    for orientation in (3, 6):
        keep("webp EXIF", f"exif{orientation}-{size}.webp", encoded(image, "WEBP", lossless=True, exif=exif(orientation)))


for height, width in ((8, 8), (33, 47), (1, 5), tuple(int(n) for n in rng.integers(2, 90, 2))):
    size = f"{height}x{width}"
    drawn = Image.fromarray(picture(height, width))
    jpegs(size, drawn)
    pngs(size, drawn, (False, True))
    tiffs(size, drawn, np.asarray(drawn).astype(np.uint32))
    gifs(size, drawn)
    webps(size, drawn)
    bmps(size, drawn, np.asarray(drawn).astype(np.uint32))
levels = np.zeros((4, 6, 5), np.uint8) + (np.arange(4, dtype=np.uint8) * 50)[:, None, None]
stacks = folder / "stacks"
stacks.mkdir(exist_ok=True)
tifffile.imwrite(stacks / "four.tif", levels, photometric="minisblack")
# As ImageJ writes what is larger than 4 GB: one picture is listed.
tifffile.imwrite(stacks / "imagej.tif", levels[:1], photometric="minisblack", description="ImageJ=1.53\nimages=4\n", metadata=None)
tifffile.imwrite(stacks / "float.tif", levels.astype(np.float32) / 200, photometric="minisblack")
tifffile.imwrite(stacks / "twelve.tif", levels.astype(np.uint16) * 16, photometric="minisblack")
drawn.save(folder / "moving.webp", "WEBP", save_all=True, append_images=[drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
(folder / "kinds.json").write_text(json.dumps(kinds))
