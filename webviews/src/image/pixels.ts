import { extent, ramp, type ScaleName } from '../kit/colour-scales.ts';
import { type NumberArray, unpack } from '../kit/numbers.ts';
import type { ImageModel } from './model.ts';

/** An image: values [height × width × channels]. */
export interface Picture {
  label: string;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  values: NumberArray;
}

/** The images of a model that are numbers, by their place in it; a file has none. Throws when a shape is no picture's. */
export function pictures({ images }: ImageModel): (Picture | undefined)[] {
  return images.map(({ label, values }) => {
    if (!values) return undefined;
    const [height, width, channels = 1] = values.shape;
    const right = values.shape.length === 2 || (values.shape.length === 3 && [1, 3, 4].includes(channels));
    if (!right || (channels > 1 && values.dtype !== 'u1'))
      throw new Error(
        `“${label.slice(0, 60)}” has shape ${values.shape.join(' × ')} (${values.dtype}); a picture is [y × x], or u1 [y × x × 1, 3 or 4].`,
      );
    // SAFETY: `right` holds: 1, 3 or 4, and 1 where there is no axis of channels.
    return { label, width, height, channels: channels as 1 | 3 | 4, values: unpack(values) };
  });
}

/** Values shown as black and as white. */
export interface Range {
  low: number;
  high: number;
}

/** One scale for all single-channel pictures: as the model says, else what their values span; diverging ones about zero. */
export function commonRange(all: (Picture | undefined)[], { low, high, scale }: ImageModel): Range | undefined {
  const spans = all
    .flatMap((picture) => (picture?.channels === 1 ? [extent(picture.values)] : []))
    .filter((span) => span !== undefined);
  if (spans.length === 0) return undefined;
  const found = {
    low: low ?? Math.min(...spans.map(([least]) => least)),
    high: high ?? Math.max(...spans.map(([, most]) => most)),
  };
  if (scale !== 'diverging') return found;
  const most = Math.max(Math.abs(found.low), Math.abs(found.high));
  return { low: -most, high: most };
}

/** RGBA of a picture, [y × x × 4]. What was not measured is transparent: the page behind shows it as hatched. */
export function rgba(
  { width, height, channels, values }: Picture,
  scale: ScaleName,
  range: Range | undefined,
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(width * height * 4);
  if (channels > 1) {
    for (let i = 0; i < width * height; i++) {
      for (let channel = 0; channel < 3; channel++) out[i * 4 + channel] = values[i * channels + channel];
      out[i * 4 + 3] = channels === 4 ? values[i * 4 + 3] : 255;
    }
    return out;
  }
  const colours = ramp(scale);
  const { low, high } = range ?? { low: 0, high: 1 };
  for (let i = 0; i < width * height; i++) {
    if (Number.isNaN(values[i])) continue;
    const part = high > low ? (values[i] - low) / (high - low) : 0.5;
    const at = Math.max(0, Math.min(255, Math.round(part * 255))) * 3;
    out[i * 4] = colours[at];
    out[i * 4 + 1] = colours[at + 1];
    out[i * 4 + 2] = colours[at + 2];
    out[i * 4 + 3] = 255;
  }
  return out;
}
