import type { Frame } from '@bregma/core/contracts/dataset';
import { apply } from './places.ts';

/** Displacements on a grid, in mm along L, P and S: data [i × j × k × 3], C order. */
export interface Field {
  /** (i, j, k) of a place in mm of RAS. */
  inverse: Frame['affine'];
  shape: [number, number, number];
  data: ArrayLike<number>;
}

/**
 * A place in mm of RAS with what the field adds to it, linear between the middles of voxels (ITK, LinearInterpolateImageFunction).
 * Undefined outside the field: nothing says what happens there.
 */
export function placeInField({ inverse, shape, data }: Field, place: number[]): number[] | undefined {
  const index = apply(inverse, place);
  // Half a voxel beyond the outer middles the outer value holds.
  if (!index.every((at, axis) => at >= -0.5 && at <= shape[axis] - 0.5)) return undefined;
  const clamped = index.map((at, axis) => Math.min(Math.max(at, 0), shape[axis] - 1));
  const low = clamped.map((at, axis) => Math.min(Math.floor(at), Math.max(0, shape[axis] - 2)));
  const added = [0, 0, 0];
  for (let corner = 0; corner < 8; corner++) {
    const bits = [0, 1, 2].map((axis) => (corner >> axis) & 1);
    const share = bits.reduce(
      (product, bit, axis) => product * (bit ? clamped[axis] - low[axis] : 1 - (clamped[axis] - low[axis])),
      1,
    );
    if (share === 0) continue;
    const [i, j, k] = bits.map((bit, axis) => low[axis] + bit);
    const from = ((i * shape[1] + j) * shape[2] + k) * 3;
    for (let axis = 0; axis < 3; axis++) added[axis] += share * data[from + axis];
  }
  return [place[0] - added[0], place[1] - added[1], place[2] + added[2]];
}
