import { nearestBorder } from './domain/labels.ts';
import { apply, hemisphereOf, voxelAt } from './domain/places.ts';
import { isWithin } from './error-width.ts';
import { ancestorsOf, type OpenVolume, structureOf } from './volume.ts';

/** Where a point lies. */
export interface Located {
  /** In the frame's coordinates. */
  place: number[];
  /** Undefined outside the volume. */
  voxel?: number[];
  hemisphere?: 'left' | 'right' | 'midline';
  /** Undefined outside, and where the value is no label. */
  label?: number;
  value?: number;
  border?: { distance: number; label: number };
}

/** Finds the voxel of a place. withBorder: also the nearest border. */
export function locate(volume: OpenVolume, place: number[], withBorder: boolean): Located {
  const { frame, inverse, shape, strides, data, labels, sizes, isRectangular } = volume;
  const index = apply(inverse, place);
  const isPlace = place.every(Number.isFinite);
  const voxel = isPlace ? voxelAt(index, shape) : undefined;
  const hemisphere = isPlace ? hemisphereOf(frame, place) : undefined;
  if (!voxel) return { place, hemisphere };
  const at = voxel[0] * strides[0] + voxel[1] * strides[1] + voxel[2] * strides[2];
  if (!labels) return { place, voxel, hemisphere, value: Number(data[at]) };
  const border = withBorder && isRectangular ? nearestBorder(labels, voxel, index, sizes) : undefined;
  return {
    place,
    voxel,
    hemisphere,
    label: labels.labels[labels.of[at]],
    border: border && { distance: border.distance, label: labels.labels[border.other] },
  };
}

/** A number of the answer: a hundredth of a micrometre is beyond every atlas. */
export const short = (value: number): number => Math.round(value * 1e5) / 1e5;

/** A located point as the answer shows it. errorMm: how far the place is off, where a transform says it. */
export function told(
  volume: OpenVolume,
  { place, voxel, hemisphere, label, value, border }: Located,
  errorMm: number | undefined,
) {
  const { frame } = volume;
  if (!place.every(Number.isFinite)) return { at: null, region: null, why: 'outside the field of a transform' };
  const shown = { at: place.map(short), voxel: voxel ?? null, hemisphere };
  if (!voxel) return { ...shown, region: null, why: 'outside the volume' };
  if (label === undefined) return { ...shown, value: Number.isNaN(value) ? null : value };
  const nearest = border && {
    distance: short(border.distance),
    unit: frame.unit,
    to: border.label === 0 ? 'no region' : structureOf(volume, border.label).acronym,
    ...(errorMm === undefined ? {} : { withinError: isWithin(border.distance, frame.unit, errorMm) }),
  };
  if (label === 0) return { ...shown, region: null, why: 'label 0: no region', border: nearest };
  const { id, acronym, name } = structureOf(volume, label);
  return {
    ...shown,
    region: { id, acronym, name },
    ancestors: ancestorsOf(volume, structureOf(volume, label)),
    border: nearest,
  };
}
