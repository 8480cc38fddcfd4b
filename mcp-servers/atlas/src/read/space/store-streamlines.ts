import { BregmaError } from '@bregma/core/errors';
import type { FormatKit, Parts } from '../../formats/format.ts';

/** Points of streamlines, one behind the other. */
export interface Streamlines {
  /** Points of each streamline. */
  counts: number[];
  /** [point × 3], mm, RAS. */
  places: Float64Array;
  /** Values of each point, by name. */
  ofPoints: Record<string, Float64Array>;
  /** Values of each streamline, by name. */
  ofLines: Record<string, Float64Array>;
}

/** Bytes of a file of streamlines that are read: its points are columns in memory. */
export const largestTracks = 1e9;

/** Stores streamlines: a row each with its length, and a row a point. Throws `bad-input` when there is none. */
export async function storeStreamlines(
  { counts, places, ofPoints, ofLines }: Streamlines,
  name: string,
  warnings: string[],
  kit: FormatKit,
): Promise<Parts> {
  if (counts.length === 0)
    throw new BregmaError('bad-input', `${name} holds no streamline.`, { next: 'Check the file; nothing was added.' });
  const points = places.length / 3;
  const [streamline, position] = [new Int32Array(points), new Int32Array(points)];
  const lengths = new Float64Array(counts.length);
  for (let line = 0, at = 0; line < counts.length; line++)
    for (let i = 0; i < counts[line]; i++, at++) {
      streamline[at] = line;
      position[at] = i;
      if (i > 0)
        lengths[line] += Math.hypot(...[0, 1, 2].map((axis) => places[3 * at + axis] - places[3 * at - 3 + axis]));
    }
  const along = (axis: number) => Float64Array.from({ length: points }, (_, at) => places[3 * at + axis]);
  await kit.duck.make('streamlines', {
    streamline: Int32Array.from(counts, (_, line) => line),
    points: Int32Array.from(counts),
    length: lengths,
    ...ofLines,
  });
  await kit.duck.make('points', { streamline, position, x: along(0), y: along(1), z: along(2), ...ofPoints });
  const mm = { unit: 'mm' };
  return {
    shape: 'tables',
    tables: [
      await kit.duck.table('SELECT * FROM streamlines', {
        name: 'streamlines',
        description: 'A streamline each, in the order of the file from 0',
        columns: { length: { unit: 'mm', description: 'along its points' } },
      }),
      await kit.duck.table('SELECT * FROM points', {
        name: 'points',
        description: 'The points of each streamline in their order',
        columns: { x: mm, y: mm, z: mm },
      }),
    ],
    arrays: [],
    warnings,
    card: { modality: 'tractography', coordinateSpace: { name: 'scanner', axes: 'RAS', unit: 'mm' } },
  };
}
