import { throwIfCancelled } from '@bregma/core/errors';
import { type ImageLimits, lengthOf, longest, spectrumOf } from './limits.ts';
import type { Search } from './search.ts';

/** First and last step, as shares of the largest contrast. */
const [firstStep, lastStep] = [0.5, 0.02];
/** Channels whose slopes differ by less, relative to the largest, are the same: the twin sees no colour. */
const sameSlope = 1e-3;

/** Where the best image of each start was found. */
export interface Ascent {
  /** [start × y × x × 3], 0–255, rounded. */
  images: Uint8Array;
  /** Worth of each before rounding. */
  worth: Float32Array;
  /** All channels are equal. */
  grey: boolean;
}

/**
 * Gradient ascent of every image at once within the limits: the slope, weighed by the spectrum, moves the coefficients by a share of the
 * largest contrast that falls along a half cosine; what is then too long is shortened. The best image on the way is kept.
 */
export async function ascend(
  search: Search,
  limits: ImageLimits,
  start: { coefficients: Float32Array; weights: Float32Array },
  steps: number,
  { signal, progress }: { signal: AbortSignal; progress(done: number): void },
): Promise<Ascent> {
  const spectrum = spectrumOf(limits);
  const size = 3 * spectrum.length;
  const { coefficients, weights } = start;
  const count = coefficients.length / size;
  const most = longest(limits);
  const now = coefficients.slice();
  const best = coefficients.slice();
  const worth = new Float32Array(count).fill(Number.NEGATIVE_INFINITY);
  let grey: boolean | undefined;
  for (let step = 0; step <= steps; step++) {
    throwIfCancelled(signal);
    const found = await search.at(now, weights);
    grey ??= isGrey(found.gradient, spectrum.length);
    const share = lastStep + ((firstStep - lastStep) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    for (let i = 0; i < count; i++) {
      const own = now.subarray(i * size, (i + 1) * size);
      if (found.worth[i] > worth[i]) {
        worth[i] = found.worth[i];
        best.set(own, i * size);
      }
      const slope = found.gradient.slice(i * size, (i + 1) * size);
      if (grey) averageChannels(slope);
      move(own, slope, spectrum, share * most, most);
    }
    progress(step);
  }
  const { images } = await search.at(best, weights);
  const rounded = Uint8Array.from(images, (value) => Math.min(255, Math.max(0, Math.round(value))));
  return { images: rounded, worth, grey: grey === true };
}

function move(own: Float32Array, slope: Float32Array, spectrum: Float32Array, by: number, most: number): void {
  for (let at = 0; at < slope.length; at++) slope[at] *= spectrum[at % spectrum.length] ** 2;
  const length = lengthOf(slope);
  if (!(length > 0)) return;
  for (let at = 0; at < own.length; at++) own[at] += (slope[at] * by) / length;
  const long = lengthOf(own);
  if (long > most) for (let at = 0; at < own.length; at++) own[at] *= most / long;
}

function isGrey(gradient: Float32Array, size: number): boolean {
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return gradient.every(
    (value, at) => Math.abs(value - gradient[at - (Math.floor(at / size) % 3) * size]) <= sameSlope * largest,
  );
}

function averageChannels(slope: Float32Array): void {
  const size = slope.length / 3;
  for (let at = 0; at < size; at++) {
    const mean = (slope[at] + slope[at + size] + slope[at + 2 * size]) / 3;
    slope[at] = mean;
    slope[at + size] = mean;
    slope[at + 2 * size] = mean;
  }
}
