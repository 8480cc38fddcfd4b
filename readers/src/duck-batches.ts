import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { pause, sliceMs } from '@bregma/core/in-slices';
import type { DuckDBAppender } from '@duckdb/node-api';

type DuckDB = typeof import('@duckdb/node-api');

/** Columns of one length: numbers of the column's own type, or texts, null where there is none. */
export type Batch = (ExactArray | (string | null)[])[];

/** Rows of one chunk: what DuckDB's vectors hold. */
export const rowsAtOnce = 2048;

/** DuckDB's types of columns that a batch can fill. */
export const batchTypes = [
  'VARCHAR',
  'FLOAT',
  'DOUBLE',
  'TINYINT',
  'UTINYINT',
  'SMALLINT',
  'USMALLINT',
  'INTEGER',
  'UINTEGER',
  'BIGINT',
  'UBIGINT',
] as const;

/** Appends batches to a table, and closes the appender. Others work meanwhile. Returns how many rows there were. */
export async function appendBatches(
  duckdb: DuckDB,
  appender: DuckDBAppender,
  types: string[],
  batches: AsyncIterable<Batch> | Batch[],
  signal: AbortSignal,
): Promise<number> {
  // SAFETY: the names of DuckDB's types are what its module calls them.
  const kinds = types.map((type) => duckdb[type as (typeof batchTypes)[number]]);
  let rows = 0;
  let looked = performance.now();
  for await (const columns of batches) {
    const length = columns[0]?.length ?? 0;
    for (let from = 0; from < length; from += rowsAtOnce) {
      const to = Math.min(from + rowsAtOnce, length);
      const chunk = duckdb.DuckDBDataChunk.create(kinds, to - from);
      columns.forEach((values, k) => {
        if (Array.isArray(values)) chunk.setColumnValues(k, values.slice(from, to));
        else put(values.subarray(from, to), chunk.getColumnVector(k));
      });
      appender.appendDataChunk(chunk);
      if (performance.now() - looked < sliceMs) continue;
      await pause(signal);
      looked = performance.now();
    }
    rows += length;
  }
  appender.closeSync();
  return rows;
}

/** Puts numbers into a vector of a column of their own type. */
export function put(values: ExactArray, vector: { flush(): void }): void {
  // SAFETY: the vectors of numbers keep their values in `items`, an array of the type of the column, which batches have.
  const { items } = vector as unknown as { items: { set(from: ExactArray): void } };
  items.set(values);
  vector.flush();
}
