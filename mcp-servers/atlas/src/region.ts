import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { inSlices } from '@bregma/core/in-slices';
import type { Duck } from '@bregma/readers/duck';
import { surveyed } from './domain/labels.ts';
import { apply, coordinateOf, midlineWidth } from './domain/places.ts';
import { short } from './located.ts';
import { ancestorsOf, findStructure, type OpenVolume, structureOf, withDescendants } from './volume.ts';

/** Halves that voxels are counted in; the last one is of all whose half the space does not define. */
const halves = ['left', 'right', 'midline', 'all'] as const;

/**
 * A region with all below it: voxels and volume on each side, middle, extent, the regions that it touches, and its voxels as a table.
 * Throws `unknown-name` with the nearest, `bad-input` when the volume holds no labels or none of the region.
 */
export async function askRegion(
  volume: OpenVolume,
  wanted: string,
  limit: number,
  duck: Duck,
  signal: AbortSignal,
): Promise<{ value: Record<string, unknown>; voxels: ObjectRef; touching: number }> {
  const { labels, frame, sizes } = volume;
  if (!labels)
    throw new BregmaError('bad-input', `The values of ${volume.name} are measured and no labels: it has no regions.`, {
      next: 'Ask for points, or add an atlas of labels.',
    });
  const structure = findStructure(volume, wanted);
  const ids = withDescendants(volume, structure.id);
  const isIn = Uint8Array.from(labels.labels, (label) => Number(label !== 0 && ids.has(String(label))));
  const count = labels.counts.reduce((sum, voxels, at) => sum + isIn[at] * voxels, 0);
  if (count === 0)
    throw new BregmaError(
      'bad-input',
      `${structure.acronym} (${structure.name}) has no voxel in ${volume.name}, nor has anything below it.`,
      {
        next: `Ask for a structure above it: ${ancestorsOf(volume, structure).slice(-3).reverse().join(', ') || 'none is'}.`,
      },
    );
  const columns = {
    i: new Int32Array(count),
    j: new Int32Array(count),
    k: new Int32Array(count),
    position: new Int32Array(count),
  };
  let row = 0;
  const half = halfOf(frame);
  const survey = surveyed(labels, isIn, halves.length, (i, j, k, position) => {
    columns.i[row] = i;
    columns.j[row] = j;
    columns.k[row] = k;
    columns.position[row++] = position;
    return half(i, j, k);
  });
  const found = await inSlices(survey, signal);
  const voxelVolume = sizes[0] * sizes[1] * sizes[2];
  const own = labels.labels.indexOf(Number(structure.id));
  const areas = [sizes[1] * sizes[2], sizes[0] * sizes[2], sizes[0] * sizes[1]];
  const neighbours = [...found.faces]
    .map(([position, faces]) => {
      const label = labels.labels[position];
      const { id, acronym } = structureOf(volume, label);
      const area = faces.reduce((sum, number, axis) => sum + number * areas[axis], 0);
      return { ...(label === 0 ? { region: 'no region' } : { region: acronym, id }), area: short(area) };
    })
    .sort((a, b) => b.area - a.area);
  const value = {
    region: { id: structure.id, acronym: structure.acronym, name: structure.name },
    ancestors: ancestorsOf(volume, structure),
    children: (volume.children.get(structure.id) ?? []).map((id) => volume.structures.get(id)?.acronym),
    voxels: found.voxels,
    ofItsOwn: own >= 0 ? labels.counts[own] : 0,
    volume: short(found.voxels * voxelVolume),
    volumeUnit: `${frame.unit}³`,
    hemispheres: Object.fromEntries(
      halves.flatMap((name, at) => {
        const { voxels, sums } = found.halves[at];
        if (voxels === 0) return [];
        const middle = apply(
          frame.affine,
          sums.map((sum) => sum / voxels),
        ).map(short);
        return [[name, { voxels, volume: short(voxels * voxelVolume), middle }]];
      }),
    ),
    extent: extentOf(frame.affine, found.low, found.high),
    neighbours: neighbours.slice(0, limit),
    areaUnit: `${frame.unit}²`,
  };
  await duck.make('voxels', columns);
  await duck.make('named', {
    position: Int32Array.from(labels.labels, (_, at) => at),
    region_id: labels.labels.map(String),
    acronym: labels.labels.map((label) => structureOf(volume, label).acronym),
  });
  const places = frame.affine.map(
    (line, at) => `${line[0]} * i + ${line[1]} * j + ${line[2]} * k + ${line[3]} AS c${at}`,
  );
  const voxels = await duck.store(
    `SELECT i, j, k, region_id, acronym, ${places.map((place, at) => place.replace(`c${at}`, coordinateNames(frame.axes)[at])).join(', ')} FROM voxels JOIN named USING (position) ORDER BY i, j, k`,
  );
  return { value, voxels, touching: neighbours.length };
}

/** The half that a voxel's middle lies in, as a position in `halves`. */
function halfOf(frame: Frame): (i: number, j: number, k: number) => number {
  const axis = coordinateOf(frame, 'ml');
  const { midline } = frame;
  if (midline === undefined || axis < 0) return () => halves.indexOf('all');
  const [a, b, c, d] = frame.affine[axis];
  const [below, above] = frame.axes[axis] === 'R' ? [0, 1] : [1, 0];
  const near = midlineWidth(midline);
  return (i, j, k) => {
    const beyond = a * i + b * j + c * k + d - midline;
    return Math.abs(beyond) < near ? halves.indexOf('midline') : beyond < 0 ? below : above;
  };
}

/** What the three coordinates of a space are called: ap, dv and ml where they are anatomical, else x, y, z. */
export function coordinateNames(axes: string): [string, string, string] {
  const names: Record<string, string> = { R: 'ml', L: 'ml', A: 'ap', P: 'ap', S: 'dv', I: 'dv' };
  const [a, b, c] = axes === '' ? ['x', 'y', 'z'] : [...axes].map((letter) => names[letter]);
  return [a, b, c];
}

/** The box around voxels, from outer face to outer face along each coordinate. */
function extentOf(affine: OpenVolume['frame']['affine'], low: number[], high: number[]): number[][] {
  const corners = Array.from({ length: 8 }, (_, bits) =>
    apply(
      affine,
      [0, 1, 2].map((axis) => ((bits >> axis) & 1 ? high[axis] + 0.5 : low[axis] - 0.5)),
    ),
  );
  return [0, 1, 2].map((at) => {
    const along = corners.map((corner) => corner[at]);
    return [short(Math.min(...along)), short(Math.max(...along))];
  });
}
