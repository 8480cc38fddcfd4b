import { extent } from '../kit/colour-scales.ts';
import { type NumberArray, unpack } from '../kit/numbers.ts';
import type { Region, VolumeModel } from './model.ts';

/** Indices along anterior→posterior, superior→inferior, left→right. */
export type Voxel = [number, number, number];

/** An annotated volume. */
export interface Atlas {
  /** Voxels along anterior→posterior, superior→inferior, left→right. */
  shape: Voxel;
  voxelUm: Voxel;
  /** Index into `regions` plus one; 0 is outside. */
  labels: NumberArray | undefined;
  regions: Region[];
  /** Voxels of each region itself, without what lies below it in the tree. */
  counts: Uint32Array;
  values: NumberArray | undefined;
  span: [number, number] | undefined;
}

/** The volume of a model. Throws when shapes differ or a voxel is of a region that is not there. */
export function atlasOf(model: VolumeModel): Atlas {
  const { labels: packed, values: packedValues, regions = [] } = model;
  const first = packed ?? packedValues;
  if (!first) throw new Error('A volume needs `labels` or `values`.');
  for (const array of [packed, packedValues]) {
    if (array && (array.shape.length !== 3 || array.shape.some((side, i) => side !== first.shape[i])))
      throw new Error(
        `A volume of shape ${array.shape.join(' × ')} is not [anterior × superior × left] like the other.`,
      );
  }
  if (model.voxelUm.length !== 3 || model.voxelUm.some((size) => !(size > 0)))
    throw new Error('`voxelUm` needs three sizes.');
  const labels = packed && unpack(packed);
  const values = packedValues && unpack(packedValues);
  const counts = new Uint32Array(regions.length + 1);
  if (labels) {
    for (let i = 0; i < labels.length; i++) {
      if (!(labels[i] <= regions.length))
        throw new Error(`Voxel ${i} is of region ${labels[i]}; there are ${regions.length}.`);
      counts[labels[i]]++;
    }
  }
  return {
    // SAFETY: of sides there are three, as compared above; of lengths the form counts none, and what makes volumes writes three.
    shape: first.shape as Voxel,
    // SAFETY: as above.
    voxelUm: model.voxelUm as Voxel,
    labels,
    regions,
    counts: counts.subarray(1),
    values,
    span: values && extent(values),
  };
}

/** A region and everything below it, as a mask over labels (index plus one). */
export function withParts(regions: Region[], chosen: number): Uint8Array {
  const place = new Map(regions.map(({ id }, i) => [id, i]));
  const mask = new Uint8Array(regions.length + 1);
  for (let i = 0; i < regions.length; i++) {
    let at: number | undefined = i;
    for (let depth = 0; at !== undefined && depth < 64; depth++) {
      if (at === chosen) {
        mask[i + 1] = 1;
        break;
      }
      const { parent }: Region = regions[at];
      at = parent === null || parent === undefined ? undefined : place.get(parent);
    }
  }
  return mask;
}

/** Names of a region and of what it is part of, the largest first, without the root. */
export function pathOf(regions: Region[], region: number): string[] {
  const place = new Map(regions.map(({ id }, i) => [id, i]));
  const names: string[] = [];
  let at: number | undefined = region;
  for (let depth = 0; at !== undefined && depth < 64; depth++) {
    const { name, parent }: Region = regions[at];
    const above: number | undefined = parent === null || parent === undefined ? undefined : place.get(parent);
    if (above !== undefined || names.length === 0) names.unshift(name);
    at = above;
  }
  return names;
}

/** The voxel of a mask that is nearest to the mean of all of its voxels, or undefined when there is none. */
export function middleOf({ labels, shape: [, b, c] }: Atlas, mask: Uint8Array): Voxel | undefined {
  if (!labels) return undefined;
  const split = (i: number): Voxel => [Math.floor(i / (b * c)), Math.floor(i / c) % b, i % c];
  const mean = [0, 0, 0];
  let n = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!mask[labels[i]]) continue;
    const voxel = split(i);
    for (let axis = 0; axis < 3; axis++) mean[axis] += voxel[axis];
    n++;
  }
  if (n === 0) return undefined;
  let best: Voxel | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < labels.length; i++) {
    if (!mask[labels[i]]) continue;
    const voxel = split(i);
    const distance = voxel.reduce((sum, at, axis) => sum + (at - mean[axis] / n) ** 2, 0);
    if (distance >= least) continue;
    least = distance;
    best = voxel;
  }
  return best;
}
