import type { Frame } from '@bregma/core/contracts/dataset';

/** [3 × 4]: place = affine · (i, j, k, 1). */
export type Affine = Frame['affine'];

/** The word of an array's axis for the direction in which it grows: CCFv3's axes are ap, dv, lr. */
const words: Record<string, string> = { R: 'lr', L: 'rl', A: 'pa', P: 'ap', S: 'vd', I: 'dv' };
const opposite: Record<string, string> = { R: 'L', L: 'R', A: 'P', P: 'A', S: 'I', I: 'S' };

/** Lengths of one step along i, j and k, in the affine's unit. */
export function voxelSizes(affine: Affine): number[] {
  return [0, 1, 2].map((axis) => Math.hypot(...affine.map((row) => row[axis])));
}

/**
 * What the array's axes are called: for each of i, j, k the anatomical direction that it is nearest to. An oblique volume gets every
 * direction once: the nearest pair first, as nibabel's io_orientation. Undefined where the axes of the space are not known.
 */
export function axisWords({ affine, axes }: Pick<Frame, 'affine' | 'axes'>): string[] | undefined {
  if (axes === '') return undefined;
  const sizes = voxelSizes(affine);
  const pairs = [0, 1, 2]
    .flatMap((row) => [0, 1, 2].map((axis) => ({ row, axis, cosine: affine[row][axis] / (sizes[axis] || 1) })))
    .sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine) || a.axis - b.axis || a.row - b.row);
  const found: string[] = [];
  const used = new Set<number>();
  for (const { row, axis, cosine } of pairs) {
    if (found[axis] !== undefined || used.has(row)) continue;
    found[axis] = words[cosine < 0 ? opposite[axes[row]] : axes[row]];
    used.add(row);
  }
  return found;
}

/** Whether the three columns of an affine span space: one that does not puts all voxels into a plane. */
export function spansSpace(affine: Affine): boolean {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine;
  const volume = Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
  const [x, y, z] = voxelSizes(affine);
  return Number.isFinite(volume) && volume > 1e-6 * x * y * z;
}
