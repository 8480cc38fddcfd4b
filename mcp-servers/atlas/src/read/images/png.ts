import { crc32, inflateSync } from 'node:zlib';
import { codeOf } from '@bregma/core/storage';
import { orientationOf, orientationOfXmp } from './exif.ts';
import { type Levels, type Pixels, type Size, seenThrough, spread } from './pixels.ts';
import { type PngLayout, samplesOf, sizeOfRows } from './png-rows.ts';

/** A decoded PNG and what else its chunks say. */
export interface Png extends Pixels {
  orientation: number;
  /** Whether it brings a colour profile. */
  profile: boolean;
  animated: boolean;
  /** Whether the lower half of 16 bits was dropped. */
  reduced: boolean;
}

/** What the chunks hold, after every checksum was compared. */
interface Chunks {
  colour: number;
  layout: PngLayout;
  /** All IDAT chunks, joined. */
  data: Buffer;
  /** Red, green, blue of each entry. */
  palette?: Uint8Array;
  /** tRNS: alpha of palette entries, or the one colour that is clear. */
  transparency?: Uint8Array;
  exif?: Uint8Array;
  xmp?: Uint8Array;
  profile: boolean;
  animated: boolean;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf: Record<number, number[]> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };

/** Whether a file begins as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => signature.equals(bytes.subarray(0, 8));

/** Width and height as the first chunk gives them. Throws when the file does not begin with IHDR. */
export function pngSize(bytes: Uint8Array): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(8) !== 13 || chunkName(bytes, 12) !== 'IHDR')
    throw new Error('it does not begin with an IHDR chunk');
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Decodes a PNG (ISO/IEC 15948): every colour type and depth, interlaced or not. Of 16 bits the upper 8 are kept, or those between
 * `levels` spread over them. Throws on any damage: a checksum that does not fit, data that end early or go on, a file without its end.
 */
export function decodePng(bytes: Uint8Array, levels?: Levels): Png {
  const chunks = chunksOf(bytes);
  const { layout, exif, xmp, profile, animated } = chunks;
  const samples = samplesOf(inflated(chunks), layout);
  return {
    width: layout.width,
    height: layout.height,
    ...(chunks.colour === 3 ? fromPalette(samples, chunks) : fromSamples(samples, chunks, levels)),
    orientation: exif ? orientationOf(exif) : xmp ? orientationOfXmp(Buffer.from(xmp).toString('utf8')) : 1,
    profile,
    animated,
    reduced: layout.depth === 16 && levels === undefined,
  };
}

function inflated({ layout, data }: Chunks): Uint8Array {
  const expected = sizeOfRows(layout);
  const pixels = `${layout.width} × ${layout.height} pixels`;
  let rows: Buffer;
  try {
    rows = inflateSync(data, { maxOutputLength: expected + 1 });
  } catch (error) {
    const more = codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    throw new Error(more ? `its data hold more than ${pixels}` : 'its data are damaged or end early', { cause: error });
  }
  if (rows.length !== expected)
    throw new Error(`its data hold ${rows.length < expected ? 'less' : 'more'} than ${pixels}`);
  return rows;
}

function chunksOf(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunks = { ...headOf(bytes), data: Buffer.alloc(0), profile: false, animated: false };
  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + length > bytes.length) throw new Error('it ends early');
    const name = chunkName(bytes, at + 4);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw new Error(`the checksum of its chunk ${JSON.stringify(name)} does not fit`);
    if (name === 'IEND') return { ...chunks, data: Buffer.concat(parts) };
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') parts.push(content);
    else keep(chunks, name, content);
    at += 12 + length;
  }
}

function keep(chunks: Chunks, name: string, content: Uint8Array): void {
  if (name === 'PLTE') chunks.palette = content;
  else if (name === 'tRNS') chunks.transparency = content;
  else if (name === 'eXIf') chunks.exif = content;
  else if (name === 'iTXt' && Buffer.from(content.subarray(0, 17)).toString('latin1') === 'XML:com.adobe.xmp')
    chunks.xmp = content;
  else if (name === 'iCCP') chunks.profile = true;
  else if (name === 'acTL') chunks.animated = true;
  // Upper case: a chunk without which nothing can be drawn.
  else if (/^[A-Z]/.test(name) && name !== 'IHDR') throw new Error(`it has an unknown chunk ${JSON.stringify(name)}`);
}

function headOf(bytes: Uint8Array): Pick<Chunks, 'colour' | 'layout'> {
  const { width, height } = pngSize(bytes);
  const [depth, colour, , , interlace] = bytes.subarray(24);
  if (width === 0 || height === 0) throw new Error('it has no pixels');
  if (!depthsOf[colour]?.includes(depth)) throw new Error(`no PNG has colour type ${colour} with ${depth} bits`);
  if (interlace > 1) throw new Error(`it is interlaced by method ${interlace}, which there is not`);
  return { colour, layout: { width, height, depth, channels: channelsOf[colour], interlaced: interlace === 1 } };
}

const chunkName = (bytes: Uint8Array, at: number) => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');

function fromPalette(samples: Uint16Array, { palette, transparency }: Chunks): Pick<Pixels, 'rgb' | 'alpha'> {
  if (!palette || palette.length % 3 !== 0) throw new Error('it has no palette, or a part of one');
  const rgb = new Uint8Array(samples.length * 3);
  const alpha = transparency && new Uint8Array(samples.length);
  samples.forEach((entry, p) => {
    if (3 * entry >= palette.length) throw new Error('a pixel names a colour that its palette does not have');
    rgb.set(palette.subarray(3 * entry, 3 * entry + 3), 3 * p);
    if (alpha) alpha[p] = transparency[entry] ?? 255;
  });
  return { rgb, alpha: seenThrough(alpha) };
}

function fromSamples(
  samples: Uint16Array,
  { colour, layout, transparency }: Chunks,
  levels: Levels | undefined,
): Pick<Pixels, 'rgb' | 'alpha'> {
  const { width, height, channels, depth } = layout;
  const colours = colour === 0 || colour === 4 ? 1 : 3;
  const to8 = depth === 16 ? (v: number) => v >> 8 : (v: number) => (v * 255) / (2 ** depth - 1);
  const spreadOut = levels && depth === 16 ? spread(samples, levels) : undefined;
  const clear = transparency && colourOf(transparency, colours);
  const rgb = new Uint8Array(width * height * 3);
  const alpha = channels > colours || clear ? new Uint8Array(width * height) : undefined;
  for (let p = 0; p < width * height; p++) {
    const from = p * channels;
    for (let c = 0; c < 3; c++) {
      const at = from + (colours === 1 ? 0 : c);
      rgb[3 * p + c] = spreadOut?.[at] ?? to8(samples[at]);
    }
    if (!alpha) continue;
    if (clear) alpha[p] = clear.every((value, c) => samples[from + c] === value) ? 0 : 255;
    else alpha[p] = to8(samples[from + colours]);
  }
  return { rgb, alpha: seenThrough(alpha) };
}

/** The colour that tRNS names, in the image's own depth. */
function colourOf(transparency: Uint8Array, colours: number): number[] {
  if (transparency.length < 2 * colours) throw new Error('its tRNS chunk is too short');
  return Array.from({ length: colours }, (_, c) => (transparency[2 * c] << 8) | transparency[2 * c + 1]);
}
