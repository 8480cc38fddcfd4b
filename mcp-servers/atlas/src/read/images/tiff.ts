import { inflateSync } from 'node:zlib';
import { fromHalf } from '@bregma/core/npy';
import { unpackZstd } from '../packed/zlib.ts';
import { unpackLzw } from './lzw.ts';
import type { Size } from './pixels.ts';
import type { Tags } from './tiff-tags.ts';

/** How the samples of a picture lie in its file. */
export interface Layout extends Size {
  /** Bits of a sample. */
  bits: number;
  channels: number;
  /** 1 whole, 2 signed, 3 floating. */
  format: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK. */
  colours: number;
}

const packings: Record<number, string> = {
  2: 'CCITT',
  3: 'CCITT',
  4: 'CCITT',
  6: 'JPEG',
  7: 'JPEG',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50001: 'WebP',
  52546: 'JPEG XL',
};
const colourWords: Record<number, string> = {
  4: 'a mask',
  6: 'YCbCr',
  8: 'CIE L*a*b*',
  32803: 'a colour filter array',
};

/** Size, samples and colours of a picture. Throws where they are none, or of a kind that is not read. */
export function layoutOf(tags: Tags): Layout {
  const one = (tag: number, other: number) => tags.get(tag)?.[0] ?? other;
  const [width, height] = [one(256, 0), one(257, 0)];
  if (width === 0 || height === 0) throw new Error('it has no pixels');
  const all = tags.get(258) ?? [1];
  const [bits, channels, format, colours] = [all[0], one(277, 1), one(339, 1), one(262, 1)];
  const deep = format === 3 ? [16, 32, 64] : [1, 2, 4, 8, 16, 32];
  if (all.some((value) => value !== bits) || !deep.includes(bits) || channels < 1 || format < 1 || format > 3)
    throw new Error(`it has samples of ${all.join(', ')} bits${format === 3 ? ', floating' : ''}, which are not read`);
  if (colours in colourWords || ![0, 1, 2, 3, 5].includes(colours))
    throw new Error(
      `its colours are ${colourWords[colours] ?? `of kind ${colours}`}, which is not read: save it as RGB`,
    );
  const least = colours === 2 ? 3 : colours === 5 ? 4 : 1;
  if (channels < least || channels > 5) throw new Error(`it has ${channels} samples a pixel, which are not read`);
  return { width, height, bits, channels, format, colours };
}

/** All samples [y × x × channel] of a picture, as numbers. Throws when a strip or tile is damaged or ends early. */
export function samplesOf(bytes: Uint8Array, tags: Tags, layout: Layout, little: boolean): Float64Array {
  const { width, height, channels } = layout;
  const tiled = tags.has(322);
  const [across, down] = tiled
    ? [tags.get(322)?.[0] ?? 0, tags.get(323)?.[0] ?? 0]
    : [width, Math.min(height, tags.get(278)?.[0] ?? height)];
  if (across === 0 || down === 0) throw new Error('its strips have no rows');
  const offsets = tags.get(tiled ? 324 : 273) ?? [];
  const lengths = tags.get(tiled ? 325 : 279) ?? (offsets.length === 1 ? [bytes.length - offsets[0]] : []);
  const planes = tags.get(284)?.[0] === 2 ? channels : 1;
  const [columns, rows] = [Math.ceil(width / across), Math.ceil(height / down)];
  if (offsets.length < columns * rows * planes || lengths.length < offsets.length)
    throw new Error('it lacks some of its strips');
  // No packing of these makes one byte of more than 1,032.
  const stored = lengths.reduce((sum, length) => sum + length, 0);
  if (Math.ceil((width * height * channels * layout.bits) / 8) > 1032 * stored) throw new Error('its data end early');
  const samples = new Float64Array(width * height * channels);
  const own = channels / planes;
  for (let part = 0; part < columns * rows * planes; part++) {
    const [plane, place] = [Math.floor(part / (columns * rows)), part % (columns * rows)];
    const [left, top] = [(place % columns) * across, Math.floor(place / columns) * down];
    const high = tiled ? down : Math.min(down, height - top);
    if (offsets[part] + lengths[part] > bytes.length) throw new Error('it ends early');
    const packed = bytes.subarray(offsets[part], offsets[part] + lengths[part]);
    const read = stripOf(packed, tags, { ...layout, width: across, height: high, channels: own }, little);
    for (let y = 0; y < Math.min(high, height - top); y++)
      for (let x = 0; x < Math.min(across, width - left); x++)
        for (let c = 0; c < own; c++)
          samples[((top + y) * width + left + x) * channels + plane + c] = read((y * across + x) * own + c, y);
  }
  return samples;
}

/** The samples of one strip or tile: a function of their place among all and of their row. */
function stripOf(packed: Uint8Array, tags: Tags, layout: Layout, little: boolean) {
  const { width, height, bits, channels, format } = layout;
  const row = Math.ceil((width * channels * bits) / 8);
  // FillOrder (TIFF 6.0, section 8) is that of the bytes as they are stored.
  const stored = tags.get(266)?.[0] === 2 ? packed.map(reversedBits) : packed;
  const data = unpacked(stored, tags.get(259)?.[0] ?? 1, row * height);
  const predictor = tags.get(317)?.[0] ?? 1;
  let order = little;
  if (predictor === 2) addLeft(data, row, layout, little);
  else if (predictor === 3) {
    joinBytes(data, row, layout);
    order = false;
  } else if (predictor !== 1) throw new Error(`its rows are predicted by method ${predictor}, which is not read`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const perRow = width * channels;
  return (at: number, y: number): number => {
    if (bits === 8) return format === 2 ? view.getInt8(at) : data[at];
    if (bits < 8) {
      const bit = (at - y * perRow) * bits;
      return (data[y * row + (bit >> 3)] >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    }
    if (bits === 64) return view.getFloat64(8 * at, order);
    if (bits === 32)
      return format === 3
        ? view.getFloat32(4 * at, order)
        : format === 2
          ? view.getInt32(4 * at, order)
          : view.getUint32(4 * at, order);
    return format === 3
      ? fromHalf(view.getUint16(2 * at, order))
      : format === 2
        ? view.getInt16(2 * at, order)
        : view.getUint16(2 * at, order);
  };
}

function reversedBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}

/** A copy of the bytes of a strip, unpacked. */
function unpacked(packed: Uint8Array, packing: number, size: number): Uint8Array {
  if (packing in packings) throw new Error(`it is packed as ${packings[packing]}, which is not read: save it as PNG`);
  if (packing === 1) return exactly(Uint8Array.from(packed), size);
  if (packing === 5) return unpackLzw(packed, size, { bits: 8, order: 'high-first', early: 1 });
  if (packing === 32773) return unpackRuns(packed, size);
  if (packing !== 8 && packing !== 32946 && packing !== 50000)
    throw new Error(`it is packed by method ${packing}, which is not read`);
  // A last strip may be as long as the others.
  const most = Math.max(2 * size, 1 << 22);
  if (packing === 50000) return exactly(unpackedZstd(packed, most), size);
  try {
    return exactly(inflateSync(packed, { maxOutputLength: most }), size);
  } catch (error) {
    throw new Error('its data are damaged or end early', { cause: error });
  }
}

function unpackedZstd(packed: Uint8Array, most: number): Uint8Array {
  try {
    return unpackZstd(packed, most);
  } catch (error) {
    throw new Error(`it ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function exactly(data: Uint8Array, size: number): Uint8Array {
  if (data.length < size) throw new Error('its data end early');
  return data;
}

/** PackBits (TIFF 6.0, section 9). */
function unpackRuns(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let from = 0, at = 0; at < size; ) {
    if (from + 1 >= packed.length) throw new Error('its data end early');
    const count = (packed[from++] << 24) >> 24;
    if (count >= 0) {
      if (from + count >= packed.length) throw new Error('its data end early');
      out.set(packed.subarray(from, from + Math.min(count + 1, size - at)), at);
      from += count + 1;
      at += count + 1;
    } else if (count !== -128) {
      out.fill(packed[from++], at, at + 1 - count);
      at += 1 - count;
    }
  }
  return out;
}

/** Undoes the difference to the pixel on the left (TIFF 6.0, section 14). */
function addLeft(data: Uint8Array, row: number, { width, height, bits, channels }: Layout, little: boolean): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const step = bits / 8;
  if (![1, 2, 4].includes(step)) throw new Error(`differences of ${bits} bits are not read`);
  for (let y = 0; y < height; y++)
    for (let i = channels; i < width * channels; i++) {
      const [at, left] = [y * row + i * step, y * row + (i - channels) * step];
      if (step === 1) data[at] += data[left];
      else if (step === 2) view.setUint16(at, view.getUint16(at, little) + view.getUint16(left, little), little);
      else view.setUint32(at, view.getUint32(at, little) + view.getUint32(left, little), little);
    }
}

/** Undoes differences between bytes that were sorted by their weight (Adobe Photoshop TIFF Technical Note 3). */
function joinBytes(data: Uint8Array, row: number, { width, height, bits, channels }: Layout): void {
  const step = bits / 8;
  const count = width * channels;
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * row, (y + 1) * row);
    for (let i = channels; i < line.length; i++) line[i] += line[i - channels];
    const sorted = Uint8Array.from(line);
    for (let i = 0; i < count; i++) for (let b = 0; b < step; b++) line[i * step + b] = sorted[b * count + i];
  }
}
