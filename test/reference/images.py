"""Writes images of every kind that is read, and what Pillow makes of each: test/conformance/reading-images.test.ts compares.

usage: images.py FOLDER SEED    ->  FOLDER/NAME and FOLDER/NAME.npy, the pixels [y, x, 3]; FOLDER/kinds.json, name -> kind
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
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


for height, width in ((8, 8), (33, 47), (1, 5), tuple(int(n) for n in rng.integers(2, 90, 2))):
    size = f"{height}x{width}"
    drawn = Image.fromarray(picture(height, width))
    jpegs(size, drawn)
    pngs(size, drawn, (False, True))
(folder / "kinds.json").write_text(json.dumps(kinds))
