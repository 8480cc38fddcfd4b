import { rmSync } from 'node:fs';
import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { importNativeAside } from '@bregma/core/native';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { DuckDBConnection } from '@duckdb/node-api';
import { orCancelled, sliceMs } from './in-slices.ts';

type DuckDB = typeof import('@duckdb/node-api');
const loadDuck = () => importNativeAside<DuckDB>('@duckdb/node-api', import.meta.url);
type NumberArray = Int32Array | Float64Array | Int8Array;

/** Rows of one chunk: what DuckDB's vectors hold. */
const rowsAtOnce = 2048;

/** Tables in columns, through DuckDB: no object is made for a row, others work meanwhile, and a fired signal stops it. */
export class DuckColumns {
  private readonly connection: DuckDBConnection;
  private readonly signal: AbortSignal;
  private readonly interrupt: () => void;

  private constructor(connection: DuckDBConnection, signal: AbortSignal) {
    this.connection = connection;
    this.signal = signal;
    this.interrupt = () => connection.interrupt();
    signal.addEventListener('abort', this.interrupt);
  }

  static async open(signal: AbortSignal): Promise<DuckColumns> {
    throwIfCancelled(signal);
    const { DuckDBInstance } = await orCancelled(loadDuck(), signal);
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      threads: '2',
      memory_limit: '2GB',
    });
    try {
      throwIfCancelled(signal);
      return new DuckColumns(await instance.connect(), signal);
    } finally {
      instance.closeSync(); // the tables live for as long as the connection, and no longer
    }
  }

  /** Makes a table of a release a view of its name. Its bytes are checked; throws `bad-input` when it is not there. */
  async view(name: string, release: DatasetRelease, objects: ObjectStore): Promise<void> {
    const table = release.tables.find((candidate) => candidate.name === name);
    if (!table)
      throw new BregmaError(
        'bad-input',
        `${datasetRef(release)} has no table '${name}': a connectome has neurons(id) and edges(pre, post, weight).`,
        { next: 'Call describe_data to see its parts.' },
      );
    const file = await objects.checkedPath(table.object, this.signal).catch((error) => {
      throw this.readable(error);
    });
    const place = file.replaceAll("'", "''").replace(/[[*?]/g, '[$&]');
    await this.run(
      `CREATE VIEW ${name} AS SELECT * FROM read_parquet('${place}', hive_partitioning = false, file_row_number = true)`,
    );
  }

  /** Makes a table from columns of one length: Int32Array becomes INTEGER, Float64Array DOUBLE, strings VARCHAR. */
  async table(name: string, columns: Record<string, Int32Array | Float64Array | string[]>): Promise<void> {
    const { DuckDBDataChunk, DOUBLE, INTEGER, VARCHAR } = await loadDuck();
    const names = Object.keys(columns);
    const types = names.map((column) => {
      const values = columns[column];
      return values instanceof Int32Array ? INTEGER : values instanceof Float64Array ? DOUBLE : VARCHAR;
    });
    await this.run(`CREATE TABLE ${name} (${names.map((column, k) => `${column} ${types[k]}`).join(', ')})`);
    const appender = await this.connection.createAppender(name);
    const rows = columns[names[0]].length;
    for (let from = 0, looked = performance.now(); from < rows; from += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - from);
      const chunk = DuckDBDataChunk.create(types, count);
      names.forEach((column, k) => {
        const values = columns[column];
        if (Array.isArray(values)) {
          chunk.setColumnValues(k, values.slice(from, from + count));
          return;
        }
        const vector = chunk.getColumnVector(k);
        itemsOf(vector).set(values.subarray(from, from + count));
        vector.flush();
      });
      appender.appendDataChunk(chunk);
      if (performance.now() - looked < sliceMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(this.signal);
      looked = performance.now();
    }
    appender.closeSync();
  }

  /** Stores the rows of a query as a Parquet object. The same rows give the same bytes. */
  async store(query: string, objects: ObjectStore): Promise<ObjectRef> {
    const file = objects.temporaryPath();
    try {
      await this.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION snappy)`);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
    return objects.adopt(file, 'application/vnd.apache.parquet');
  }

  async run(sql: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw this.readable(error);
    }
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    try {
      return (await this.connection.runAndReadAll(sql)).getRowObjectsJson();
    } catch (error) {
      throw this.readable(error);
    }
  }

  /** Names of the columns of a table. */
  async columns(table: string): Promise<Set<string>> {
    return new Set((await this.rows(`DESCRIBE ${table}`)).map(({ column_name }) => String(column_name)));
  }

  /** The rows of a query, chunk by chunk, so that others work meanwhile: one array of values a column, null where there is none. */
  async *chunks(sql: string): AsyncGenerator<(string | null)[][]> {
    try {
      const stream = await this.connection.stream(sql);
      for (;;) {
        const chunk = await stream.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        throwIfCancelled(this.signal);
        yield chunk.getColumns() as (string | null)[][];
      }
    } catch (error) {
      throw this.readable(error);
    }
  }

  /**
   * Fills arrays from a query whose first column is the row to fill and whose further ones are of the arrays' types, none null.
   * Returns how many rows there were.
   */
  async fill(sql: string, arrays: NumberArray[], onRows: (done: number) => void): Promise<number> {
    let done = 0;
    try {
      const stream = await this.connection.stream(sql);
      for (;;) {
        const chunk = await stream.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return done;
        throwIfCancelled(this.signal);
        const count = chunk.rowCount;
        const rows = itemsOf(chunk.getColumnVector(0)) as Int32Array;
        const together = areConsecutive(rows, count);
        arrays.forEach((array, k) => {
          const values = itemsOf(chunk.getColumnVector(k + 1));
          if (together) array.set(values.subarray(0, count), rows[0]);
          else for (let i = 0; i < count; i++) array[rows[i]] = values[i];
        });
        done += count;
        onRows(done);
      }
    } catch (error) {
      throw this.readable(error);
    }
  }

  close(): void {
    this.signal.removeEventListener('abort', this.interrupt);
    this.connection.closeSync();
  }

  private readable(error: unknown): Error {
    throwIfCancelled(this.signal);
    if (error instanceof BregmaError) return error;
    return new BregmaError('failed', `DuckDB: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

/** The values of a vector of numbers, where DuckDB lent them. */
function itemsOf(vector: unknown): NumberArray {
  // SAFETY: the vectors of INTEGER, DOUBLE and TINYINT keep their values in `items`; the queries cast to these.
  return (vector as { items: NumberArray }).items;
}

function areConsecutive(rows: Int32Array, count: number): boolean {
  for (let i = 1; i < count; i++) if (rows[i] !== rows[0] + i) return false;
  return true;
}
