import type { NpyArray } from '../npy.ts';

/** Part of a picture, in its pixels. */
export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Small grey pictures with mean 0 and squares that add up to 1, [picture]; undefined for one that does not vary. */
export type Small = (Float64Array | undefined)[];

/** Pixels along each side of the small grey pictures that are compared, and fewest that tell pictures apart. */
export const grid = { most: 8, fewest: 6 };

/** All of a picture. stack: [picture × y × x (× channel)]. */
export const wholeOf = ({ shape: [, height, width] }: Pick<NpyArray, 'shape'>): Frame => ({
  x: 0,
  y: 0,
  width,
  height,
});

/** The small pictures of a stack, of one part of each. side: pixels along each side. */
export const smallOf = (stack: NpyArray, side: number, frame = wholeOf(stack)): Small =>
  Array.from({ length: stack.shape[0] }, (_, i) => small(stack, i, side, frame));

/** A stack in grey levels: the mean of all channels. */
export function greyOf({ data, shape: [count, height, width, channels = 1] }: NpyArray): NpyArray {
  const grey = Float32Array.from({ length: count * height * width }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Number(data[i * channels + c]);
    return sum / channels;
  });
  return { dtype: 'f4', shape: [count, height, width], data: grey, fortranOrder: false };
}

/** One picture: the mean of all channels over each field of the grid. */
function small({ data, shape }: NpyArray, picture: number, side: number, frame: Frame): Float64Array | undefined {
  const [, rows, columns, channels = 1] = shape;
  const sums = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      const field = Math.floor((y * side) / frame.height) * side + Math.floor((x * side) / frame.width);
      const start = ((picture * rows + frame.y + y) * columns + frame.x + x) * channels;
      for (let c = 0; c < channels; c++) sums[field] += Number(data[start + c]);
      counts[field] += channels;
    }
  const values = sums.map((sum, field) => sum / counts[field]);
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0));
  // A grey level, root mean square: what varies less is one flat field.
  return length > side ? values.map((value) => (value - centre) / length) : undefined;
}

/** Correlation of two small pictures; −1 as soon as it is known to be below `least`, for most pairs after a few fields. */
export function alikeness(a: Float64Array, b: Float64Array, least: number): number {
  // |a − b|² = 2 (1 − r) for what has mean 0 and squares that add up to 1.
  const most = 2 * (1 - least);
  let squares = 0;
  for (let i = 0; i < a.length; i++) {
    squares += (a[i] - b[i]) ** 2;
    if (squares > most) return -1;
  }
  return 1 - squares / 2;
}
