import type { DataArray, DatasetRelease } from '@bregma/core/contracts/dataset';
import { arrayRows, type Made, madeHere } from '@bregma/core/identity/made-here';
import type { Workspace } from '@bregma/core/workspace';
import { openParquet, type ParquetTable } from '@bregma/readers/parquet';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** Bytes of a table up to which its numbers are compared with what was made; a larger one is known by its digest alone. */
const mostBytes = 100e6;
/** Values up to which they are: a table of few bytes may hold one number for every neuron there is. */
const mostValues = 1.25e7;
/** Rows that are read together: of a row group, as DuckDB makes them. */
const rowsAtOnce = 122_880;
/** Rows over the columns that are looked at: of more, those at even steps stand for all. */
const mostAcross = 100_000;
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
  if (names.length === 0 || names.length * table.available > mostValues) return [];
  const columns = await columnsOf(table, names);
  const step = Math.max(1, Math.ceil(table.available / mostAcross));
  const places = Array.from({ length: Math.ceil(table.available / step) }, (_, i) => i * step);
  const across = names.length < fewestColumns ? [] : places.map((at) => Float64Array.from(columns, (one) => one[at]));
  return [...columns, ...across];
}

/** Columns of numbers, some rows at a time: a row is an object, which takes far more than its numbers. */
async function columnsOf({ available, read }: ParquetTable, names: string[]): Promise<Float64Array[]> {
  const columns = names.map(() => new Float64Array(available).fill(Number.NaN));
  for (let from = 0; from < available; from += rowsAtOnce) {
    const rows = await read(from, Math.min(available, from + rowsAtOnce), names);
    for (const [j, name] of names.entries())
      for (const [i, { [name]: value }] of rows.entries()) if (typeof value === 'number') columns[j][from + i] = value;
  }
  return columns;
}
