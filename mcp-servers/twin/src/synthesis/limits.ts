import { median } from '@bregma/core/statistics/correlation';
import type { Random } from '@bregma/core/statistics/random';
import type { ImageStack } from '../encoding/features.ts';
import type { Synthesise } from './request.ts';

/**
 * Images of a size, mean, contrast and spectrum. They are sums of cosines (the discrete cosine transform of type II, orthonormal; Ahmed,
 * Natarajan & Rao 1974, IEEE Trans Comput 23:90), so that the length of the coefficients is the contrast, and a frequency that is left out
 * is in no image.
 */
export interface ImageLimits {
  height: number;
  width: number;
  /** Mean grey level. */
  mean: number;
  /** Largest root mean square around the mean, grey levels. */
  contrast: number;
  /** Highest spatial frequency, cycles an image. */
  cutoff: number;
  falloff: number;
}

/** Images whose statistics stand for all. */
const enough = 200;

/** What is asked, and else what the median image of the data has. */
export function limitsOf(
  { data, count, height, width }: ImageStack,
  asked: Pick<Synthesise, 'mean' | 'contrast' | 'cutoff' | 'falloff'>,
): ImageLimits {
  const size = height * width * 3;
  const step = Math.max(1, Math.floor(count / enough));
  const means: number[] = [];
  const contrasts: number[] = [];
  for (let i = 0; i < count; i += step) {
    const image = data.subarray(i * size, (i + 1) * size);
    const own = image.reduce((sum, value) => sum + value, 0) / size;
    means.push(own);
    contrasts.push(Math.sqrt(image.reduce((sum, value) => sum + (value - own) ** 2, 0) / size));
  }
  return {
    height,
    width,
    mean: asked.mean ?? Math.round(median(means)),
    contrast: asked.contrast ?? Math.max(1, Math.round(median(contrasts))),
    cutoff: asked.cutoff ?? Math.min(height, width) / 4,
    falloff: asked.falloff,
  };
}

/** Cosines along one side [frequency × pixel], orthonormal: row k has k / 2 cycles an image. */
export function cosines(pixels: number, frequencies: number): Float32Array {
  const out = new Float32Array(frequencies * pixels);
  for (let k = 0; k < frequencies; k++)
    for (let i = 0; i < pixels; i++)
      out[k * pixels + i] =
        Math.sqrt((k === 0 ? 1 : 2) / pixels) * Math.cos((Math.PI * k * (2 * i + 1)) / (2 * pixels));
  return out;
}

/** Frequencies along y and x that the limits leave. */
export const frequenciesOf = ({ height, width, cutoff }: ImageLimits): [number, number] => [
  Math.min(height, Math.floor(2 * cutoff) + 1),
  Math.min(width, Math.floor(2 * cutoff) + 1),
];

/** Weight of each coefficient [y × x]: 0 for the mean and beyond the cutoff, 1 / f^falloff between, f in half cycles. */
export function spectrumOf(limits: ImageLimits): Float32Array {
  const [rows, columns] = frequenciesOf(limits);
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const f = Math.hypot(Math.floor(at / columns), at % columns);
    return f === 0 || f > 2 * limits.cutoff ? 0 : f ** -limits.falloff;
  });
}

/** Length of the coefficients of three channels at the largest contrast. */
export const longest = ({ height, width, contrast }: ImageLimits): number => contrast * Math.sqrt(3 * height * width);

/** Euclidean length. */
export const lengthOf = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Coefficients [image × 3 × y × x] of grey noise of the limits' spectrum, at the largest contrast. */
export function noise(limits: ImageLimits, count: number, random: Random): Float32Array {
  const spectrum = spectrumOf(limits);
  const size = spectrum.length;
  const out = new Float32Array(count * 3 * size);
  for (let i = 0; i < count; i++) {
    const own = spectrum.map((weight) => weight * random.normal());
    const length = lengthOf(own) * Math.sqrt(3);
    const scaled = own.map((value) => (value * longest(limits)) / length);
    for (let channel = 0; channel < 3; channel++) out.set(scaled, (3 * i + channel) * size);
  }
  return out;
}

/** Sums of cosines [image × y × x × 3] around zero, of coefficients [image × 3 × y × x]. */
export function pixelsOf(coefficients: Float32Array, limits: ImageLimits): Float32Array {
  const { height, width } = limits;
  const [rows, columns] = frequenciesOf(limits);
  const [vertical, horizontal] = [cosines(height, rows), cosines(width, columns)];
  const planes = coefficients.length / (rows * columns);
  const out = new Float32Array(planes * height * width);
  for (let plane = 0; plane < planes; plane++) {
    const [image, channel] = [Math.floor(plane / 3), plane % 3];
    const along = new Float32Array(rows * width);
    for (let k = 0; k < rows; k++)
      for (let l = 0; l < columns; l++) {
        const value = coefficients[(plane * rows + k) * columns + l];
        for (let x = 0; x < width; x++) along[k * width + x] += value * horizontal[l * width + x];
      }
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < rows; k++) sum += vertical[k * height + y] * along[k * width + x];
        out[((image * height + y) * width + x) * 3 + channel] = sum;
      }
  }
  return out;
}
