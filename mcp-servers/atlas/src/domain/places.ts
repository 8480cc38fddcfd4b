import type { Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';

/** Voxels in which a place that lies on a face, up to rounding, belongs to the one behind it. */
const onFace = 1e-6;

/** The affine back: (i, j, k) of a place. Throws `bad-input` for one that does not span space. */
export function inverseOf(affine: Frame['affine']): Frame['affine'] {
  const [[a, b, c, x], [d, e, f, y], [g, h, i, z]] = affine;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!Number.isFinite(1 / determinant))
    throw new BregmaError('bad-input', 'The affine of this volume puts all of its voxels into one plane.', {
      next: 'Ask for voxels: unit "voxel".',
    });
  const rows = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / determinant));
  return rows.map((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]);
}

/** affine · (x, y, z, 1). */
export function apply(affine: Frame['affine'], at: ArrayLike<number>): number[] {
  return affine.map(([a, b, c, d]) => a * at[0] + b * at[1] + c * at[2] + d);
}

/** The voxel that a continuous index lies in, or undefined outside. Voxel i reaches from i − ½ to i + ½; a face belongs to the voxel behind it. */
export function voxelAt(index: ArrayLike<number>, shape: ArrayLike<number>): number[] | undefined {
  const voxel = [0, 1, 2].map((axis) => Math.floor(index[axis] + 0.5 + onFace));
  return voxel.every((at, axis) => at >= 0 && at < shape[axis]) ? voxel : undefined;
}

/** Which coordinate of a frame runs left–right, front–back, up–down. */
export function coordinateOf(frame: Frame, pair: 'ml' | 'ap' | 'dv'): number {
  const letters = { ml: /[RL]/, ap: /[AP]/, dv: /[SI]/ }[pair];
  return [...frame.axes].findIndex((letter) => letters.test(letter));
}

/** How near to the midline is on it: rounding, and nothing else. */
export const midlineWidth = (midline: number): number => 1e-6 * Math.max(1, Math.abs(midline));

/** The half of the brain that a place lies in; undefined where the space does not define it. */
export function hemisphereOf(frame: Frame, place: ArrayLike<number>): 'left' | 'right' | 'midline' | undefined {
  const axis = coordinateOf(frame, 'ml');
  if (frame.midline === undefined || axis < 0) return undefined;
  const beyond = place[axis] - frame.midline;
  if (Math.abs(beyond) < midlineWidth(frame.midline)) return 'midline';
  return beyond > 0 === (frame.axes[axis] === 'R') ? 'right' : 'left';
}

/**
 * How three numbers that were given become coordinates of the frame. axes: where they grow to ("RAS"); default the frame's own. Numbers
 * that grow the other way are turned about zero: only where zero is a landmark and no corner. Throws `bad-input`.
 */
export function readerOf(frame: Frame, axes: string | undefined): (given: ArrayLike<number>) => number[] {
  if (axes === undefined || axes.toUpperCase() === frame.axes) return (given) => [given[0], given[1], given[2]];
  const letters = [...axes.toUpperCase()];
  const pairs = ['RL', 'AP', 'SI'];
  const isOrder = letters.length === 3 && pairs.every((pair) => letters.some((letter) => pair.includes(letter)));
  if (!isOrder || frame.axes === '')
    throw new BregmaError(
      'bad-input',
      isOrder ? 'Where the axes of this volume point is not stated.' : `axes '${axes.slice(0, 40)}' are none.`,
      { next: `Give a letter for each coordinate, where it grows to, as in "${frame.axes || 'RAS'}".` },
    );
  const from = [...frame.axes].map((letter) => {
    const pair = pairs.find((one) => one.includes(letter)) ?? '';
    const at = letters.findIndex((given) => pair.includes(given));
    return { at, sign: letters[at] === letter ? 1 : -1 };
  });
  if (from.some(({ sign }) => sign < 0) && frame.midline !== 0)
    throw new BregmaError(
      'bad-input',
      `The origin of ${frame.space} is ${frame.origin}: coordinates that grow the other way have another one.`,
      {
        next: `Give coordinates that grow to ${frame.axes}, in any order.`,
      },
    );
  return (given) => from.map(({ at, sign }) => sign * given[at]);
}
