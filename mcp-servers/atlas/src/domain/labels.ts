/** A volume of labels, dense: `of[voxel]` is a position in `labels`. */
export interface Labelled {
  /** Lengths along i, j, k. */
  shape: [number, number, number];
  /** How far apart neighbours along i, j, k lie in `of`. */
  strides: [number, number, number];
  of: Uint16Array | Uint32Array;
  /** Labels, ascending. */
  labels: number[];
  /** Voxels of each label. */
  counts: Float64Array;
}

/** Labels of a volume, dense. Undefined when one value is no whole number: it is no volume of labels. */
export function labelled(
  data: ArrayLike<number | bigint>,
  shape: [number, number, number],
  strides: [number, number, number],
): Labelled | undefined {
  const seen = new Set<number>();
  let last: number | bigint | undefined;
  for (let at = 0; at < data.length; at++) {
    // Labels lie in runs.
    if (data[at] === last) continue;
    last = data[at];
    if (!Number.isSafeInteger(Number(last))) return undefined;
    seen.add(Number(last));
  }
  const labels = [...seen].sort((a, b) => a - b);
  const position = new Map(labels.map((label, at) => [label, at]));
  const of = labels.length < 65_536 ? new Uint16Array(data.length) : new Uint32Array(data.length);
  const counts = new Float64Array(labels.length);
  let here = 0;
  for (let at = 0; at < data.length; at++) {
    if (at === 0 || data[at] !== data[at - 1]) here = position.get(Number(data[at])) ?? 0;
    of[at] = here;
    counts[here]++;
  }
  return { shape, strides, of, labels, counts };
}

/** Shells of voxels around a point that are looked through for a border. */
export const mostShells = 40;

/** The nearest voxel of another label: how far its nearest face is from a point, and its label's position. */
export interface Border {
  distance: number;
  other: number;
}

/**
 * The nearest border from a point: distance to the nearest face of a voxel of another label, with the sizes of a voxel whose sides
 * stand at right angles. index: the point as continuous (i, j, k) within `voxel`. Undefined beyond `mostShells` voxels.
 */
export function nearestBorder(
  { shape, strides, of }: Labelled,
  voxel: ArrayLike<number>,
  index: ArrayLike<number>,
  sizes: ArrayLike<number>,
): Border | undefined {
  const at = voxel[0] * strides[0] + voxel[1] * strides[1] + voxel[2] * strides[2];
  const own = of[at];
  /** Square of the distance along one axis to the slab of voxels d further. */
  const square = (axis: number, d: number) => {
    const within = index[axis] - voxel[axis];
    const gap = d === 0 ? 0 : (d > 0 ? d - 0.5 - within : -d - 0.5 + within) * sizes[axis];
    return Math.max(0, gap) ** 2;
  };
  let best = Number.POSITIVE_INFINITY;
  let other = -1;
  const look = (di: number, dj: number, dk: number) => {
    const [i, j, k] = [voxel[0] + di, voxel[1] + dj, voxel[2] + dk];
    if (i < 0 || j < 0 || k < 0 || i >= shape[0] || j >= shape[1] || k >= shape[2]) return;
    const there = of[i * strides[0] + j * strides[1] + k * strides[2]];
    if (there === own) return;
    const far = square(0, di) + square(1, dj) + square(2, dk);
    if (far < best) [best, other] = [far, there];
  };
  for (let shell = 1; shell <= mostShells; shell++) {
    // Nothing in this shell or beyond is nearer than its nearest slab.
    const nearest = Math.min(...[0, 1, 2].flatMap((axis) => [square(axis, shell), square(axis, -shell)]));
    if (best <= nearest) break;
    for (let di = -shell; di <= shell; di++)
      for (let dj = -shell; dj <= shell; dj++) {
        const isSide = Math.abs(di) === shell || Math.abs(dj) === shell;
        if (isSide) for (let dk = -shell; dk <= shell; dk++) look(di, dj, dk);
        else {
          look(di, dj, -shell);
          look(di, dj, shell);
        }
      }
  }
  return other < 0 ? undefined : { distance: Math.sqrt(best), other };
}

/** Faces that the voxels of a set share with voxels outside of it, by the label out there and the axis across. */
export interface Region {
  voxels: number;
  /** Sums of i, j, k over voxels for which `half` gives 0, 1, … */
  halves: { voxels: number; sums: [number, number, number] }[];
  low: [number, number, number];
  high: [number, number, number];
  /** Position of a label → faces across i, j, k. */
  faces: Map<number, [number, number, number]>;
}

/**
 * Counts the voxels of a set of labels, in `parts` parts, and its faces to others. isIn: by position of a label. visit: told of each
 * voxel, and says the part that it lies in. Yields the share that is done.
 */
export function* surveyed(
  { shape, strides, of }: Labelled,
  isIn: Uint8Array,
  parts: number,
  visit: (i: number, j: number, k: number, position: number) => number,
): Generator<number, Region> {
  const halves: Region['halves'] = Array.from({ length: parts }, () => ({ voxels: 0, sums: [0, 0, 0] }));
  const region: Region = { voxels: 0, halves, low: [...shape], high: [-1, -1, -1], faces: new Map() };
  const { low, high, faces } = region;
  const here: [number, number, number] = [0, 0, 0];
  const touch = (position: number, axis: number) => {
    if (isIn[position] === 1) return;
    const found = faces.get(position) ?? [0, 0, 0];
    found[axis]++;
    faces.set(position, found);
  };
  for (let i = 0; i < shape[0]; i++) {
    yield i / shape[0];
    for (let j = 0; j < shape[1]; j++)
      for (let k = 0; k < shape[2]; k++) {
        const at = i * strides[0] + j * strides[1] + k * strides[2];
        if (isIn[of[at]] === 0) continue;
        here[0] = i;
        here[1] = j;
        here[2] = k;
        const part = halves[visit(i, j, k, of[at])];
        part.voxels++;
        region.voxels++;
        for (let axis = 0; axis < 3; axis++) {
          const step = strides[axis];
          part.sums[axis] += here[axis];
          if (here[axis] < low[axis]) low[axis] = here[axis];
          if (here[axis] > high[axis]) high[axis] = here[axis];
          if (here[axis] > 0 && of[at - step] !== of[at]) touch(of[at - step], axis);
          if (here[axis] + 1 < shape[axis] && of[at + step] !== of[at]) touch(of[at + step], axis);
        }
      }
  }
  return region;
}
