import type { Column, Table } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { importNative } from '@bregma/core/native';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { DuckDBConnection } from '@duckdb/node-api';

type DuckDB = typeof import('@duckdb/node-api');

/** Rows of one chunk: what DuckDB's vectors hold. */
const rowsAtOnce = 2048;

/** What a table is called and what its columns mean; types and counts are read off the data. */
export interface TableDescription {
  name: string;
  description?: string;
  columns?: Record<string, { unit?: string; description?: string }>;
}

/** DuckDB for turning files into Parquet. Only Bregma's own statements run here; a user's SQL has a process of its own. */
export class Duck {
  private readonly connection: DuckDBConnection;
  private readonly objects: ObjectStore;

  private constructor(connection: DuckDBConnection, objects: ObjectStore) {
    this.connection = connection;
    this.objects = objects;
  }

  static async open(objects: ObjectStore): Promise<Duck> {
    const { DuckDBInstance } = await importNative<DuckDB>('@duckdb/node-api', import.meta.url);
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      threads: '2',
    });
    return new Duck(await instance.connect(), objects);
  }

  async run(sql: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw readable(error);
    }
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    try {
      return (await this.connection.runAndReadAll(sql)).getRowObjectsJson();
    } catch (error) {
      throw readable(error);
    }
  }

  /** Stores the result of a query as a Parquet object and describes it. The same rows give the same bytes. */
  async table(query: string, description: TableDescription): Promise<Table> {
    const described = await this.rows(`DESCRIBE (${query})`);
    const [{ count }] = await this.rows(`SELECT count(*)::INTEGER AS count FROM (${query})`);
    const file = this.objects.temporaryPath();
    await this.run(`COPY (${query}) TO ${literal(file)} (FORMAT parquet, COMPRESSION snappy)`);
    const { object } = this.objects.adopt(file, 'application/vnd.apache.parquet');
    const columns = described.map(
      ({ column_name, column_type }): Column => ({
        name: String(column_name),
        type: String(column_type),
        ...description.columns?.[String(column_name)],
      }),
    );
    return { name: description.name, description: description.description, object, rows: Number(count), columns };
  }

  /**
   * Fills arrays from a query whose first column is the row to fill and whose further ones are of the arrays' types, none null: no
   * object is made for a row.
   */
  async fill(query: string, arrays: (Int32Array | Float64Array | Int8Array)[]): Promise<void> {
    try {
      const stream = await this.connection.stream(query);
      for (;;) {
        const chunk = await stream.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        // SAFETY: the vectors of INTEGER, DOUBLE and TINYINT keep their values in `items`.
        const items = (column: number) => (chunk.getColumnVector(column) as unknown as { items: Int32Array }).items;
        const rows = items(0);
        arrays.forEach((array, k) => {
          const values = items(k + 1);
          for (let i = 0; i < chunk.rowCount; i++) array[rows[i]] = values[i];
        });
      }
    } catch (error) {
      throw readable(error);
    }
  }

  /** Makes a table of numbers, one array a column, all of one length. */
  async numbers(name: string, columns: Record<string, Int32Array>, signal: AbortSignal): Promise<void> {
    const { DuckDBDataChunk, INTEGER } = await importNative<DuckDB>('@duckdb/node-api', import.meta.url);
    const names = Object.keys(columns);
    await this.run(
      `CREATE OR REPLACE TABLE ${identifier(name)} (${names.map((column) => `${identifier(column)} INTEGER`).join(', ')})`,
    );
    const appender = await this.connection.createAppender(name);
    const rows = columns[names[0]].length;
    let looked = performance.now();
    for (let from = 0; from < rows; from += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - from);
      const chunk = DuckDBDataChunk.create(
        names.map(() => INTEGER),
        count,
      );
      names.forEach((column, k) => {
        // SAFETY: a vector of INTEGER keeps its values in `items`.
        const vector = chunk.getColumnVector(k) as unknown as { items: Int32Array; flush(): void };
        vector.items.set(columns[column].subarray(from, from + count));
        vector.flush();
      });
      appender.appendDataChunk(chunk);
      if (performance.now() - looked < 50) continue;
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(signal);
      looked = performance.now();
    }
    appender.closeSync();
  }

  /** Stops the statement that runs now, which then throws. */
  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
  }
}

/** A string as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * This one CSV or Parquet file as SQL. DuckDB takes `[`, `*` and `?` in a path for a pattern, which may match another file,
 * and a folder `key=value` for a column. settings: as in `header = true`.
 */
export function readFileSql(kind: 'csv' | 'parquet', file: string, ...settings: string[]): string {
  const place = literal(file.replace(/[[*?]/g, '[$&]'));
  return `read_${kind}(${[place, 'hive_partitioning = false', ...settings].join(', ')})`;
}

/** A name as SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function readable(error: unknown): BregmaError {
  const message = error instanceof Error ? error.message : String(error);
  return new BregmaError('bad-input', message.split('\n').slice(0, 3).join(' ').slice(0, 600), {
    next: 'Correct the file and add it again; nothing was added.',
  });
}
