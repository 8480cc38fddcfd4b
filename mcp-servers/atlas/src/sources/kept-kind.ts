import type { DataArray, DatasetRelease } from '@bregma/core/contracts/dataset';
import { arrayRows, type Made, madeHere } from '@bregma/core/identity/made-here';
import type { Workspace } from '@bregma/core/workspace';
import { openParquet } from '@bregma/readers/parquet';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** Bytes of a table up to which its numbers are compared with what was made; a larger one is known by its digest alone. */
const mostBytes = 100e6;
/** Columns of numbers from which the rows of a table are looked at too: a neuron may lie in one. */
const fewestColumns = 8;

/**
 * The kind that data keep because a twin or a generator made them here, whole or in part: see `madeHere`. files: sha256 of files;
 * files, tables and arrays are those that hold values, and images that were shown are none of them.
 */
export async function keptKind(
  parts: {
    files: readonly string[];
    tables: readonly DatasetRelease['tables'][number][];
    arrays: readonly DataArray[];
  },
  store: Store,
): Promise<Made | undefined> {
  const objects = [...parts.tables, ...parts.arrays].map(({ object }) => object);
  const rows = parts.arrays.flatMap(({ object }) => arrayRows(object, store));
  for (const { object } of parts.tables) rows.push(...(await tableRows(object, store)));
  return madeHere({ digests: [...parts.files, ...objects], rows }, store);
}

/** Columns of numbers of a table, NaN where nothing was measured; and its rows over them, where they are many. */
async function tableRows(object: string, { objects }: Pick<Store, 'objects'>): Promise<Float64Array[]> {
  const size = objects.size(object);
  if (size === undefined || size > mostBytes) return [];
  const table = openParquet(objects.get(object));
  const names = table.columns.filter(({ type }) => type === 'DOUBLE' || type === 'FLOAT').map(({ name }) => name);
  if (names.length === 0) return [];
  const values = await table.read(0, table.available, names);
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  const columns = names.map((name) => Float64Array.from(values, (row) => number(row[name])));
  const across =
    names.length < fewestColumns ? [] : values.map((row) => Float64Array.from(names, (name) => number(row[name])));
  return [...columns, ...across];
}
