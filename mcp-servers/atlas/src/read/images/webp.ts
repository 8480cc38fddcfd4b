import { orientationOf } from './exif.ts';
import { startDecoder } from './jsquash.ts';
import { webpDecoder } from './libwebp.gen.ts';
import { type Pixels, rgbOf, type Size, seenThrough } from './pixels.ts';

/** What the chunks of a WebP say. */
export interface WebpHeader extends Size {
  orientation: number;
  /** Whether it brings a colour profile. */
  profile: boolean;
  animated: boolean;
}

/** libwebp, which Pillow has too. Gives null for what it cannot decode whole. */
interface Decoder {
  decode(bytes: Uint8Array): (Size & { data: Uint8ClampedArray }) | null;
}

let loaded: Promise<Decoder> | undefined;

const textAt = (bytes: Uint8Array, at: number) => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');

/** True for bytes that begin as a WebP does (RFC 9649, 2.4). */
export const isWebp = (bytes: Uint8Array): boolean => textAt(bytes, 0) === 'RIFF' && textAt(bytes, 8) === 'WEBP';

/** Reads the chunks (RFC 9649, 2.3–2.7). Throws when the file is shorter than they say, or has no picture. */
export function webpHeader(bytes: Uint8Array): WebpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + view.getUint32(4, true);
  if (bytes.length < end) throw new Error(`it has ${bytes.length} bytes where its header says ${end}`);
  const header = { orientation: 1, profile: false, animated: false };
  let size: Size | undefined;
  for (let at = 12; at + 8 <= end; ) {
    const [name, length] = [textAt(bytes, at), view.getUint32(at + 4, true)];
    const content = new DataView(bytes.buffer, bytes.byteOffset + at + 8, Math.min(length, end - at - 8));
    if (content.byteLength < length) throw new Error(`its part ${name.trim()} ends before its length`);
    // VP8X stands first, and its size is that of the whole canvas.
    size ??= sizeIn(name, content);
    if (name === 'ICCP') header.profile = true;
    if (name === 'ANIM') header.animated = true;
    if (name === 'EXIF') header.orientation = orientationOf(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  if (!size) throw new Error('it holds no picture');
  return { ...size, ...header };
}

/** The size that a chunk gives; undefined where it is of another sort. */
function sizeIn(name: string, content: DataView): Size | undefined {
  const three = (at: number) => content.getUint16(at, true) + content.getUint8(at + 2) * 65_536;
  if (name === 'VP8X' && content.byteLength >= 10) return { width: three(4) + 1, height: three(7) + 1 };
  // A key frame of VP8 (RFC 6386, 9.1): 14 bits each.
  if (name === 'VP8 ' && content.byteLength >= 10)
    return { width: content.getUint16(6, true) & 0x3fff, height: content.getUint16(8, true) & 0x3fff };
  if (name !== 'VP8L' || content.byteLength < 5) return undefined;
  const bits = content.getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Decodes a WebP, lossy or lossless, that is one picture. Throws on any damage, and for an animation. */
export async function decodeWebp(bytes: Uint8Array): Promise<Pixels> {
  const { width, height, animated } = webpHeader(bytes);
  if (animated) throw new Error('it is an animation: save the picture that was shown as PNG');
  loaded ??= load();
  const decoder = await loaded;
  let image: ReturnType<Decoder['decode']>;
  try {
    image = decoder.decode(bytes);
  } catch (error) {
    loaded = undefined; // a module that has trapped decodes nothing more
    throw new Error('libwebp stopped at its picture', { cause: error });
  }
  if (!image) throw new Error('libwebp cannot decode its picture');
  if (image.width !== width || image.height !== height)
    throw new Error(
      `its picture has ${image.width} × ${image.height} pixels where its header says ${width} × ${height}`,
    );
  const { data } = image;
  const alpha = Uint8Array.from({ length: width * height }, (_, p) => data[4 * p + 3]);
  return { width, height, rgb: rgbOf(data), alpha: seenThrough(alpha) };
}

async function load(): Promise<Decoder> {
  const { default: start } = await import('@jsquash/webp/codec/dec/webp_dec.js');
  return startDecoder(start, new WebAssembly.Module(webpDecoder()), () => {});
}
