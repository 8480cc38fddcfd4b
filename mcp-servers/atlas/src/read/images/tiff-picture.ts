import { type Levels, type Pixels, paperOver, seenThrough, spread } from './pixels.ts';
import { type Layout, layoutOf, samplesOf } from './tiff.ts';
import { directoriesOf, type Tags } from './tiff-tags.ts';

/** A picture of a TIFF and what was decided about it. */
export interface TiffPicture extends Pixels {
  orientation: number;
  profile: boolean;
  /** Whether the lower half of 16 bits was dropped. */
  reduced: boolean;
}

/** How many pictures a TIFF holds. Throws when its text names more than the file has, as ImageJ writes beyond 4 GB. */
export function tiffPages(bytes: Uint8Array): number {
  const { pages, description } = directoriesOf(bytes);
  const claimed = Number(/^ImageJ=[\s\S]*?^images=(\d+)/m.exec(description)?.[1] ?? pages.length);
  if (claimed > pages.length)
    throw new Error(
      `ImageJ wrote ${claimed} pictures into it and lists ${pages.length}: save it as a sequence of images`,
    );
  return pages.length;
}

/** Size of one picture of a TIFF. */
export const tiffSize = (bytes: Uint8Array, page: number) => layoutOf(pageOf(bytes, page).tags);

/**
 * Decodes one picture of a TIFF or BigTIFF: strips or tiles; plain, LZW, deflate or PackBits; grey, palette, RGB or CMYK of 1 to 32 bits.
 * Samples of 16 bits keep their upper 8; others that no byte holds need `levels`. Throws on damage, and for what is not read.
 */
export function decodeTiff(bytes: Uint8Array, page: number, levels?: Levels): TiffPicture {
  const { tags, little } = pageOf(bytes, page);
  const layout = layoutOf(tags);
  const samples = samplesOf(bytes, tags, layout, little);
  const { width, height, bits } = layout;
  const [palette] = [tags.get(320)];
  const common = { width, height, orientation: tags.get(274)?.[0] ?? 1, profile: tags.has(34675) };
  if (layout.colours === 3) return { ...common, ...fromPalette(samples, layout, palette ?? []), reduced: false };
  const inBytes = bytesOf(samples, layout, levels);
  return { ...common, ...coloursOf(inBytes, layout, tags), reduced: bits === 16 && levels === undefined };
}

function pageOf(bytes: Uint8Array, page: number): { tags: Tags; little: boolean } {
  const { pages, little } = directoriesOf(bytes);
  if (!pages[page]) throw new Error('it holds no picture');
  return { tags: pages[page], little };
}

/** Samples as bytes. Throws, with the smallest and largest, where it is not known which are black and white. */
function bytesOf(samples: Float64Array, { bits, format }: Layout, levels: Levels | undefined): Uint8Array {
  const whole = format === 1 && bits <= 16;
  if (!levels && whole)
    return Uint8Array.from(samples, bits === 16 ? (v) => v >> 8 : (v) => (v * 255) / (2 ** bits - 1));
  if (!levels) {
    const [least, most] = samples.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    throw new Error(
      `its samples are ${format === 3 ? 'floating' : format === 2 ? 'signed' : 'whole'} numbers of ${bits} bits, from ${least} to ${most}: options.levels says which are black and white, as [0, 1]`,
    );
  }
  return spread(samples, levels);
}

function fromPalette(samples: Float64Array, { bits }: Layout, palette: readonly number[]): Pick<Pixels, 'rgb'> {
  const entries = 2 ** bits;
  if (palette.length < 3 * entries) throw new Error('it has no palette, or a part of one');
  const rgb = new Uint8Array(samples.length * 3);
  // Red of all entries, then green, then blue, of 16 bits.
  samples.forEach((entry, p) => {
    for (let c = 0; c < 3; c++) rgb[3 * p + c] = palette[c * entries + entry] >> 8;
  });
  return { rgb };
}

/** Colours of a pixel, and how much of the ground is seen through it: sample kinds of tag 338, 1 multiplied with alpha, 2 not. */
function coloursOf(samples: Uint8Array, layout: Layout, tags: Tags): Pick<Pixels, 'rgb' | 'alpha'> {
  const { width, height, channels, colours } = layout;
  const own = colours === 2 ? 3 : colours === 5 ? 4 : 1;
  const extra = channels > own ? (tags.get(338)?.[0] ?? (own === 3 ? 2 : 0)) : 0;
  const rgb = new Uint8Array(width * height * 3);
  const alpha = extra === 1 || extra === 2 ? new Uint8Array(width * height) : undefined;
  for (let p = 0, at = 0; p < width * height; p++, at += channels) {
    const seen = alpha ? samples[at + own] : 255;
    if (alpha) alpha[p] = seen;
    for (let c = 0; c < 3; c++) {
      const value = samples[at + (own === 1 ? 0 : c)];
      const shown = own === 4 ? paperOver(value, 255 - samples[at + 3]) : colours === 0 ? 255 - value : value;
      rgb[3 * p + c] = extra === 1 && seen > 0 && seen < 255 ? Math.min(255, Math.floor((255 * shown) / seen)) : shown;
    }
  }
  return { rgb, alpha: seenThrough(alpha) };
}
