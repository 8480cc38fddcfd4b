import type { Voxel } from './atlas.ts';

/** Which axis a slice cuts, and which axes run along its columns and rows. */
export interface Plane {
  name: 'Coronal' | 'Sagittal' | 'Horizontal';
  cuts: 0 | 1 | 2;
  across: 0 | 1 | 2;
  down: 0 | 1 | 2;
  /** What lies at the left, right, top and bottom edge. */
  edges: [string, string, string, string];
}

/** As atlases are printed: coronal from behind, anterior left in sagittal and up in horizontal slices. */
export const planes: Plane[] = [
  { name: 'Coronal', cuts: 0, across: 2, down: 1, edges: ['L', 'R', 'S', 'I'] },
  { name: 'Sagittal', cuts: 2, across: 0, down: 1, edges: ['A', 'P', 'S', 'I'] },
  { name: 'Horizontal', cuts: 1, across: 2, down: 0, edges: ['L', 'R', 'A', 'P'] },
];

/** The voxel at a column and a row of a slice. */
export function voxelAt({ cuts, across, down }: Plane, at: Voxel, column: number, row: number): Voxel {
  const voxel: Voxel = [0, 0, 0];
  voxel[cuts] = at[cuts];
  voxel[across] = column;
  voxel[down] = row;
  return voxel;
}

/** Index of a voxel in the array of a volume of this shape, last axis fastest. */
export function indexOf([a, b, c]: Voxel, [, height, width]: Voxel): number {
  return (a * height + b) * width + c;
}

/** Values of a slice, row by row. [down × across] */
export function sliceOf(values: ArrayLike<number>, shape: Voxel, plane: Plane, at: Voxel): Float64Array {
  const [width, height] = [shape[plane.across], shape[plane.down]];
  const out = new Float64Array(width * height);
  const strides: Voxel = [shape[1] * shape[2], shape[2], 1];
  const start = at[plane.cuts] * strides[plane.cuts];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      out[row * width + column] = values[start + row * strides[plane.down] + column * strides[plane.across]];
  return out;
}
