import { type Pixels, type Size, seenThrough } from './pixels.ts';

/** What the headers of a bitmap say (Microsoft, BITMAPFILEHEADER and the BITMAPINFOHEADER family). */
interface Head extends Size {
  /** Rows from the top down. */
  down: boolean;
  bits: number;
  compression: number;
  palette: Uint8Array[];
  /** Where red, green, blue and alpha lie in a pixel of 16 or 32 bits. */
  masks: number[];
  begin: number;
}

const named = ['none', 'RLE8', 'RLE4', 'bit fields', 'JPEG', 'PNG', 'bit fields with alpha'];

/** Whether a file begins as a bitmap does. */
export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** Width and height of a bitmap. Throws when it ends before. */
export const bmpSize = (bytes: Uint8Array): Size => headOf(bytes);

/** Decodes a bitmap of 1 to 32 bits a pixel, packed by runs or not. Throws on damage, and for a JPEG or PNG in a bitmap. */
export function decodeBmp(bytes: Uint8Array): Pixels {
  const head = headOf(bytes);
  const { compression, bits } = head;
  if (compression === 1 || compression === 2) return fromIndices(unpackRuns(bytes, head), head);
  if (compression !== 0 && compression !== 3 && compression !== 6)
    throw new Error(`it is a bitmap packed as ${named[compression] ?? compression}, which is not read`);
  if (bits <= 8) return fromIndices(indicesOf(bytes, head), head);
  return fromFields(bytes, head);
}

function headOf(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new Error('it ends early');
  const size = view.getUint32(14, true);
  const old = size === 12;
  if (!old && (size < 40 || bytes.length < 14 + size)) throw new Error('its header is damaged');
  const [width, height] = old
    ? [view.getUint16(18, true), view.getUint16(20, true)]
    : [view.getInt32(18, true), view.getInt32(22, true)];
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  if (width <= 0 || height === 0) throw new Error('it has no pixels');
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`no bitmap has ${bits} bits a pixel`);
  const fields = compression === 3 || compression === 6;
  const outside = fields && size === 40 ? (compression === 6 ? 16 : 12) : 0;
  const masks = fields
    ? Array.from({ length: size >= 56 || compression === 6 ? 4 : 3 }, (_, i) => view.getUint32(54 + 4 * i, true))
    : bits === 16
      ? [0x7c00, 0x3e0, 0x1f]
      : [0xff0000, 0xff00, 0xff];
  const step = old ? 3 : 4;
  const used = old ? 0 : view.getUint32(46, true);
  const entries = bits > 8 ? 0 : Math.min(used || 2 ** bits, 256);
  const from = 14 + size + outside;
  if (from + entries * step > bytes.length) throw new Error('it ends early');
  const palette = Array.from({ length: entries }, (_, i) => bytes.subarray(from + i * step, from + i * step + 3));
  return {
    width,
    height: Math.abs(height),
    down: height < 0,
    bits,
    compression,
    palette,
    masks,
    begin: view.getUint32(10, true),
  };
}

/** Bytes of row y, counted from the top; rows are padded to four bytes. */
function rowOf(bytes: Uint8Array, { width, height, down, bits, begin }: Head, y: number): Uint8Array {
  const length = Math.ceil((width * bits) / 8);
  const at = begin + (down ? y : height - 1 - y) * 4 * Math.ceil(length / 4);
  if (at + length > bytes.length) throw new Error('it ends early');
  return bytes.subarray(at, at + length);
}

function indicesOf(bytes: Uint8Array, head: Head): Uint8Array {
  const { width, height, bits } = head;
  const indices = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = rowOf(bytes, head, y);
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[y * width + x] = (row[bit >> 3] >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    }
  }
  return indices;
}

/** Runs of one value, and values as they are, from the lowest row up; what no run reaches is 0. */
function unpackRuns(bytes: Uint8Array, { width, height, bits, begin }: Head): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, height - 1, begin];
  const put = (value: number) => {
    if (x < width && y >= 0) indices[y * width + x] = value;
    x++;
  };
  const half = (byte: number, i: number) => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  while (y >= 0) {
    if (at + 2 > bytes.length) throw new Error('it ends early');
    const [count, value] = [bytes[at++], bytes[at++]];
    if (count > 0) for (let i = 0; i < count; i++) put(half(value, i));
    else if (value === 0) [x, y] = [0, y - 1];
    else if (value === 1) return indices;
    else if (value === 2) {
      [x, y] = [x + bytes[at], y - bytes[at + 1]];
      at += 2;
    } else {
      const length = bits === 8 ? value : Math.ceil(value / 2);
      if (at + length > bytes.length) throw new Error('it ends early');
      for (let i = 0; i < value; i++) put(half(bytes[at + (bits === 8 ? i : i >> 1)], i));
      at += length + (length % 2);
    }
  }
  return indices;
}

function fromIndices(indices: Uint8Array, { width, height, palette }: Head): Pixels {
  const rgb = new Uint8Array(indices.length * 3);
  indices.forEach((index, p) => {
    const colour = palette[index];
    if (!colour) throw new Error('a pixel names a colour that its palette does not have');
    [rgb[3 * p], rgb[3 * p + 1], rgb[3 * p + 2]] = [colour[2], colour[1], colour[0]];
  });
  return { width, height, rgb };
}

function fromFields(bytes: Uint8Array, head: Head): Pixels {
  const { width, height, bits, masks } = head;
  const rgb = new Uint8Array(width * height * 3);
  const alpha = masks[3] ? new Uint8Array(width * height) : undefined;
  const fields = masks.map((mask) => ({ shift: mask === 0 ? 0 : 31 - Math.clz32(mask & -mask), mask: mask >>> 0 }));
  const scaled = (pixel: number, { shift, mask }: { shift: number; mask: number }) => {
    const most = mask >>> shift;
    return most === 0 ? 0 : Math.floor((((pixel & mask) >>> shift) * 255) / most);
  };
  for (let y = 0, p = 0; y < height; y++) {
    const row = rowOf(bytes, head, y);
    for (let x = 0; x < width; x++, p++) {
      const at = (x * bits) >> 3;
      let pixel = 0;
      for (let i = bits / 8 - 1; i >= 0; i--) pixel = (pixel << 8) | row[at + i];
      for (let c = 0; c < 3; c++) rgb[3 * p + c] = scaled(pixel, fields[c]);
      if (alpha) alpha[p] = scaled(pixel, fields[3]);
    }
  }
  return { width, height, rgb, alpha: seenThrough(alpha) };
}
