import type { ImageStack } from '../encoding/features.ts';

/** Names of the probes, as in run_twin. */
export const probeNames = ['gratings', 'size', 'contrast', 'curvature', 'position'] as const;
/** One of `probeNames`. */
export type ProbeName = (typeof probeNames)[number];

/** One way in which the images of a probe differ. */
export interface ProbeAxis {
  name: string;
  unit: string;
  values: number[];
}

/** A grid of drawn images: two axes, and at each place some images whose responses are averaged. */
export interface Probe {
  axes: [ProbeAxis, ProbeAxis];
  /** What is averaged at each place. */
  averaged: string;
  /** Images at each place. */
  repeats: number;
  /** [first axis × second axis × repeat] */
  images: ImageStack;
  /** What a tuning [first axis × second axis] says; null where it says nothing. */
  describe(tuning: ArrayLike<number>): Record<string, number | null>;
}

/** Size and light of drawn images. amplitude: largest difference from the mean, grey levels. */
export interface Canvas {
  height: number;
  width: number;
  mean: number;
  amplitude: number;
}

/** Draws a stack of grey images. light: −1 to 1 around the mean, of image and place; x and y go from −0.5 to 0.5 of the shorter side. */
export function drawStack(
  canvas: Canvas,
  count: number,
  light: (image: number, x: number, y: number) => number,
): ImageStack {
  const { height, width, mean, amplitude } = canvas;
  const side = Math.min(height, width);
  const data = new Uint8Array(count * height * width * 3);
  let at = 0;
  for (let image = 0; image < count; image++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const value = light(image, (column + 0.5 - width / 2) / side, (row + 0.5 - height / 2) / side);
        const grey = Math.min(255, Math.max(0, Math.round(mean + amplitude * value)));
        data.fill(grey, at, at + 3);
        at += 3;
      }
  return { data, count, height, width };
}

/** Place of the largest value; −1 where all are equal or one is no number. */
export function peakOf(values: ArrayLike<number>): number {
  let best = 0;
  let lowest = values[0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return -1;
    if (values[i] > values[best]) best = i;
    lowest = Math.min(lowest, values[i]);
  }
  return values[best] > lowest ? best : -1;
}

/** A tuning averaged along its second axis, or its first. */
export function marginal(
  tuning: ArrayLike<number>,
  [rows, columns]: [number, number],
  over: 'first' | 'second',
): number[] {
  const length = over === 'second' ? rows : columns;
  return Array.from({ length }, (_, i) => {
    let sum = 0;
    const count = over === 'second' ? columns : rows;
    for (let j = 0; j < count; j++) sum += over === 'second' ? tuning[i * columns + j] : tuning[j * columns + i];
    return sum / count;
  });
}
