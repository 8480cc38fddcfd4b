import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { DatasetRelease, Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { inSlices } from '@bregma/core/in-slices';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import type { ToolContext } from '@bregma/core/mcp/tool';
import type { Duck } from '@bregma/readers/duck';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { apply, readerOf } from './domain/places.ts';
import { isWithin, lengthsInUm } from './error-width.ts';
import { locate } from './located.ts';
import { runQuery } from './query/engine.ts';
import { coordinateNames } from './region.ts';
import { type OpenVolume, structureOf } from './volume.ts';

/** Units in which coordinates are given. */
export type PointUnit = 'mm' | 'um' | 'voxel';

/** Points of a table for which the nearest border is looked for; of more, only the region is. */
const mostBorders = 20_000;

/** How three numbers become a place in the frame. Throws `bad-input` for a unit that the frame cannot be compared with. */
export function placeReader(
  { frame, name }: Pick<OpenVolume, 'frame' | 'name'>,
  unit: PointUnit,
  axes: string | undefined,
): (given: ArrayLike<number>) => number[] {
  if (unit === 'voxel') {
    if (axes !== undefined)
      throw new BregmaError('bad-input', 'Voxels are given along the axes of the array: axes has no use.', {
        next: 'Leave axes out, or give coordinates in mm or um.',
      });
    return (given) => apply(frame.affine, given);
  }
  const factor = lengthsInUm[unit] / lengthsInUm[frame.unit];
  if (Number.isNaN(factor))
    throw new BregmaError('bad-input', `The unit of the lengths of ${name} is ${frame.unit}.`, {
      next: 'Add it again with options.lengths "mm" or "um", or ask for voxels: unit "voxel".',
    });
  const read = readerOf(frame, axes);
  return (given) => read(given).map((value) => value * factor);
}

/** A point as three numbers, in the order of `names`; an object has a number for each of them, or x, y and z. Throws `bad-input`. */
export function threeNumbers(point: unknown, names: readonly string[], position: number): number[] {
  const given = Array.isArray(point) ? point : namedNumbers(point, names);
  if (given?.length === 3 && given.every((value) => Number.isFinite(value))) return given;
  throw new BregmaError('bad-input', `Point ${position} is ${JSON.stringify(point)?.slice(0, 100)}.`, {
    next: `Give three numbers, [${names.join(', ')}], or an object with these names.`,
  });
}

function namedNumbers(point: unknown, names: readonly string[]): number[] | undefined {
  if (typeof point !== 'object' || point === null) return undefined;
  const of = new Map(Object.entries(point).map(([name, value]) => [name.toLowerCase(), value]));
  if (of.size !== 3) return undefined;
  return [names, ['x', 'y', 'z']].find((some) => some.every((name) => of.has(name)))?.map((name) => of.get(name));
}

/** How three numbers that were given become a place in the frame of a volume. */
export type PlaceReader = (given: ArrayLike<number>) => number[];

/** The rows of a query with a place each, kept with the region of each. */
export async function askTable(
  volume: OpenVolume,
  { sql, read, errorMm, limit }: { sql: string; read: PlaceReader; errorMm?: number; limit: number },
  names: readonly string[],
  releases: DatasetRelease[],
  { workspace, signal, progress }: ToolContext,
  duck: Duck,
): Promise<{
  value: Record<string, unknown>;
  result: ObjectRef;
  rows: number;
  used: DatasetRelease[];
  regions: number;
}> {
  const options = { signal, timeoutMs: 120_000 };
  const { found, asked } = await runQuery({ sql, limit: 0 }, releases, workspace, options, (found) => ({
    found,
    asked: workspace.objects.adopt(found.file, 'application/vnd.apache.parquet'),
  }));
  if (!found.complete)
    throw new BregmaError('too-large', `The statement has more rows than the ${found.rows} that are kept.`, {
      next: 'Ask for a part of them: WHERE, or LIMIT and OFFSET.',
    });
  const own = found.columns.map(({ name }) => name);
  const columns = [names, ['x', 'y', 'z']]
    .map((some) => some.map((name) => own.find((column) => column.toLowerCase() === name)))
    .find((some): some is string[] => some.every((name) => name !== undefined));
  if (!columns)
    throw new BregmaError(
      'bad-input',
      `The statement gives the columns ${own.slice(0, 20).join(', ')}; coordinates are not among them.`,
      {
        next: `Name them ${names.join(', ')} (or x, y, z): SELECT … AS ${names[0]}.`,
      },
    );
  const file = readFileSql('parquet', workspace.objects.pathOf(asked.object), 'file_row_number = true');
  const given = columns.map(() => new Float64Array(found.rows).fill(Number.NaN));
  const doubles = columns.map((name) => `coalesce(try_cast(${identifier(name)} AS DOUBLE), 'nan'::DOUBLE)`);
  await duck.fill(`SELECT file_row_number::INTEGER, ${doubles.join(', ')} FROM ${file}`, given);
  const made = await inSlices(located(volume, given, read), signal, (share) =>
    progress({ done: Math.round(share * found.rows), total: found.rows, message: 'points located' }),
  );
  await storeLocated(volume, made, duck);
  const added = (await duck.columns('located')).map(({ name }) => name).filter((name) => name !== 'row');
  const free = added.map(
    (name) => `${identifier(name)}${own.includes(name) ? ` AS ${identifier(`${name}_located`)}` : ''}`,
  );
  const result = await duck.store(
    `SELECT ${own.map((name) => `q.${identifier(name)}`).join(', ')}, ${free.map((name) => `l.${name}`).join(', ')} FROM ${file} q JOIN located l ON l.row = q.file_row_number ORDER BY l.row`,
  );
  const counts = [...made.counts].sort((a, b) => b[1] - a[1]);
  const near = errorMm === undefined ? undefined : withinError(made.columns.border, errorMm, volume.frame.unit);
  return {
    value: {
      points: found.rows,
      inRegions: made.inRegions,
      outside: made.outside,
      notNumbers: made.notNumbers,
      ...(near === undefined ? {} : { nearerToABorderThanTheError: near }),
      ...(found.rows > mostBorders ? { borders: `left out beyond ${mostBorders} points` } : {}),
      regions: counts.slice(0, limit).map(([label, points]) => {
        const { id, acronym, name } = structureOf(volume, label);
        return { id, acronym, name, points };
      }),
      result: { ...result, columns: [...own, ...added] },
    },
    result,
    rows: found.rows,
    used: releases.filter((release) => found.releases.includes(datasetRef(release))),
    regions: counts.length,
  };
}

/** How many places are nearer to a border than a transform is off; undefined where no border was looked for. */
function withinError(borders: unknown, errorMm: number, unit: string): number | undefined {
  if (!(borders instanceof Float64Array)) return undefined;
  return borders.reduce((count, distance) => count + Number(isWithin(distance, unit, errorMm)), 0);
}

const halves = ['', 'left', 'right', 'midline'];
const noRegion = -1;

/** Located points as the view `located`: what they have in common is text once, and not a million times. */
async function storeLocated(volume: OpenVolume, { columns, labels }: Made, duck: Duck): Promise<void> {
  await duck.make('placed', columns);
  await duck.make('halves', { half: Int32Array.from(halves, (_, half) => half), hemisphere: halves });
  const structures = [...labels.keys()].map((label) => structureOf(volume, label));
  await duck.make('regions', {
    code: Int32Array.from([noRegion, ...labels.values()]),
    region_id: ['', ...structures.map(({ id }) => id)],
    region: ['', ...structures.map(({ acronym }) => acronym)],
  });
  const known = volume.labels ? `region_id, region${columns.border ? ', border' : ''}` : 'value';
  await duck.run(
    `CREATE VIEW located AS SELECT "row", hemisphere, ${known} FROM placed JOIN halves USING (half) JOIN regions USING (code)`,
  );
}

/** Points in columns: the place of each in the query, the half and the region it lies in as codes, its border or its value. */
type Made = ReturnType<typeof located> extends Generator<unknown, infer Returned> ? Returned : never;

/** Locates points, in columns. Yields the share that is done. */
function* located(volume: OpenVolume, given: Float64Array[], read: PlaceReader) {
  const { length } = given[0];
  const withBorder = length <= mostBorders;
  const row = Int32Array.from({ length }, (_, at) => at);
  const half = new Int32Array(length);
  const code = new Int32Array(length).fill(noRegion);
  const [value, border] = [0, 1].map(() => new Float64Array(length).fill(Number.NaN));
  const counts = new Map<number, number>();
  const labels = new Map<number, number>();
  let [outside, notNumbers, inRegions] = [0, 0, 0];
  for (let at = 0; at < length; at++) {
    if (at % 256 === 0) yield at / length;
    const three = [given[0][at], given[1][at], given[2][at]];
    if (three.some(Number.isNaN)) {
      notNumbers++;
      continue;
    }
    const found = locate(volume, read(three), withBorder);
    half[at] = halves.indexOf(found.hemisphere ?? '');
    if (!found.voxel) outside++;
    if (found.value !== undefined) value[at] = found.value;
    if (found.border) border[at] = found.border.distance;
    const { label } = found;
    if (label === undefined || label === 0) continue;
    inRegions++;
    if (!labels.has(label)) labels.set(label, labels.size);
    code[at] = labels.get(label) ?? noRegion;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const columns: Record<string, Int32Array | Float64Array> = { row, half, code };
  if (!volume.labels) columns.value = value;
  else if (withBorder) columns.border = border;
  return { columns, labels, counts, outside, notNumbers, inRegions };
}

/** Names of the coordinates in which points are given. */
export function givenNames(frame: Frame, unit: PointUnit, axes: string | undefined): readonly string[] {
  if (unit === 'voxel') return ['i', 'j', 'k'];
  return coordinateNames((axes ?? frame.axes).toUpperCase());
}
