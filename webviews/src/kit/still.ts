import { significant } from '@bregma/core/numbers';

/** Pixels as a picture: three bytes each (red, green, blue), row by row; or a finished file. */
export interface StillImage {
  label: string;
  /** Width on the page, px. */
  widthPx: number;
  pixels?: { rgb: Uint8Array; width: number; height: number };
  file?: { mediaType: string; bytes: Uint8Array };
}

/** One piece of a still picture. */
export type StillPart =
  | { is: 'images'; images: StillImage[]; says: string }
  /** A Vega-Lite drawing; `data` holds the rows of the sources that it names. */
  | { is: 'chart'; spec: Record<string, unknown>; data: Record<string, Record<string, unknown>[]> }
  /** A chart of the one grammar (chart/model.ts), drawn as every other place draws it. */
  | { is: 'plot'; model: unknown }
  /** Two finished SVG drawings. */
  | { is: 'drawing'; light: string; dark: string; alt: string }
  /** null is "not measured". */
  | { is: 'table'; columns: { name: string; unit?: string }[]; rows: unknown[][]; says?: string }
  | { is: 'text' | 'quote'; text: string };

/** A picture on a page that runs nothing. */
export interface Still {
  parts: StillPart[];
  /** Numbers that a drawing shows as lines: a page is also read without its pictures. */
  numbers?: [string, string][];
}

/** Width of images on a page, px. */
export const stillWidthPx = { one: 420, many: 170 };

const unmeasured = [128, 128, 150];

/** Lowest and highest of some lists, unless they are given. */
export function rangeOf(lists: ArrayLike<number>[], low?: number, high?: number): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (let i = 0; i < list.length; i++) {
      if (list[i] < least) least = list[i];
      if (list[i] > largest) largest = list[i];
    }
  return [low ?? least, high ?? largest];
}

/** A number as one channel of a grey, 0 to 255; NaN is bluish. */
export function grey(value: number, [low, high]: [number, number], channel: number): number {
  if (Number.isNaN(value)) return unmeasured[channel];
  return Math.round(255 * Math.min(1, Math.max(0, high > low ? (value - low) / (high - low) : 0.5)));
}

/** What the greys mean. */
export const scaleText = ([low, high]: [number, number], unit: string | undefined): string =>
  Number.isFinite(low)
    ? `black is ${significant(low, 4)}, white ${significant(high, 4)}${unit ? ` ${unit}` : ''}; bluish grey is not measured.`
    : 'nothing was measured.';
