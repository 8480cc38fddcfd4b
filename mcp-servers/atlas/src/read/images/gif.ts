import { unpackLzw } from './lzw.ts';
import { type Pixels, type Size, seenThrough } from './pixels.ts';

/** The first picture of a GIF, and whether there are more. */
export interface Gif extends Pixels {
  animated: boolean;
}

interface Frame extends Size {
  left: number;
  top: number;
  indices: Uint8Array;
  palette: Uint8Array;
}

/** Whether a file begins as a GIF does. */
export const isGif = (bytes: Uint8Array): boolean =>
  /^GIF8[79]a$/.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1'));

/** Width and height of the whole picture. Throws when the file ends before. */
export function gifSize(bytes: Uint8Array): Size {
  if (bytes.length < 13) throw new Error('it ends early');
  return { width: bytes[6] | (bytes[7] << 8), height: bytes[8] | (bytes[9] << 8) };
}

/** Decodes the first picture of a GIF (CompuServe, GIF89a). Throws on damage, and when the file lacks its end. */
export function decodeGif(bytes: Uint8Array): Gif {
  const size = gifSize(bytes);
  if (size.width === 0 || size.height === 0) throw new Error('it has no pixels');
  const common = paletteLength(bytes[10]);
  const palette = bytes.subarray(13, 13 + common);
  let first: Frame | undefined;
  let [clear, frames]: [number | undefined, number] = [undefined, 0];
  for (let at = 13 + common; ; ) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      if (bytes[at] === 0xf9 && !first) clear = bytes[at + 2] & 1 ? bytes[at + 5] : undefined;
      at = endOfBlocks(bytes, at + 1);
    } else if (kind === 0x2c) {
      frames++;
      const end = endOfBlocks(bytes, beginOfData(bytes, at) + 1);
      first ??= frameOf(bytes, at, palette);
      at = end;
    } else throw new Error(kind === undefined ? 'it ends early' : 'its blocks do not follow each other');
  }
  if (!first) throw new Error('it holds no picture');
  return { ...drawn(first, size, clear), animated: frames > 1 };
}

/** Where the blocks that begin here end: each says its length, the last one is empty. */
function endOfBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== 0) {
    if (at >= bytes.length) throw new Error('it ends early');
    at += 1 + bytes[at];
  }
  return at + 1;
}

const paletteLength = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
const beginOfData = (bytes: Uint8Array, at: number) => at + 9 + paletteLength(bytes[at + 8]);

function frameOf(bytes: Uint8Array, at: number, common: Uint8Array): Frame {
  const word = (place: number) => bytes[place] | (bytes[place + 1] << 8);
  const [left, top, width, height] = [word(at), word(at + 2), word(at + 4), word(at + 6)];
  const flags = bytes[at + 8];
  const data = beginOfData(bytes, at);
  const own = bytes.subarray(at + 9, data);
  const parts: Uint8Array[] = [];
  for (let place = data + 1; bytes[place] > 0; place += 1 + bytes[place])
    parts.push(bytes.subarray(place + 1, place + 1 + bytes[place]));
  const bits = bytes[data];
  if (bits < 2 || bits > 8) throw new Error('its data are damaged');
  const flat = unpackLzw(Buffer.concat(parts), width * height, { bits, order: 'low-first', early: 0 });
  const indices = flags & 0x40 ? inOrder(flat, width, height) : flat;
  const palette = own.length > 0 ? own : common;
  if (palette.length === 0) throw new Error('it has no palette');
  return { left, top, width, height, indices, palette };
}

/** Rows of an interlaced picture, which come in four passes, from the top down. */
function inOrder(flat: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(flat.length);
  let from = 0;
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ])
    for (let y = start; y < height; y += step, from += width) out.set(flat.subarray(from, from + width), y * width);
  return out;
}

/** The picture on its ground: what it does not cover is clear, or the first colour where nothing is. */
function drawn({ left, top, width, height, indices, palette }: Frame, size: Size, clear: number | undefined): Pixels {
  const whole = new Uint8Array(size.width * size.height).fill(clear ?? 0);
  for (let y = 0; y < Math.min(height, size.height - top); y++)
    whole.set(
      indices.subarray(y * width, y * width + Math.min(width, size.width - left)),
      (top + y) * size.width + left,
    );
  const rgb = new Uint8Array(whole.length * 3);
  const alpha = clear === undefined ? undefined : new Uint8Array(whole.length);
  whole.forEach((index, p) => {
    if (3 * index < palette.length) rgb.set(palette.subarray(3 * index, 3 * index + 3), 3 * p);
    else if (index !== clear) throw new Error('a pixel names a colour that its palette does not have');
    if (alpha) alpha[p] = index === clear ? 0 : 255;
  });
  return { ...size, rgb, alpha: seenThrough(alpha) };
}
