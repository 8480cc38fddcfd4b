import { rmSync } from 'node:fs';
import path from 'node:path';
import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { Column, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { importNativeAside } from '@bregma/core/native';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { within } from '@bregma/core/within';
import type { DuckDBConnection } from '@duckdb/node-api';
import { appendBatches, type Batch } from './duck-batches.ts';
import { nanSql } from './nan.ts';
import { tableOf } from './release.ts';
import { identifier, literal, patternOf, readFileSql } from './sql-text.ts';

type DuckDB = typeof import('@duckdb/node-api');
const loadDuck = () => importNativeAside<DuckDB>('@duckdb/node-api', import.meta.url);
type NumberArray = Int32Array | Float64Array | Int8Array;

const parquetMedia = 'application/vnd.apache.parquet';

/** What a table is called and what its columns mean; types and counts are read off the data. */
export interface TableDescription {
  name: string;
  description?: string;
  columns?: Record<string, { unit?: string; description?: string }>;
  /** Whether a number may be NaN, which is looked for; default true. */
  hasNaN?: boolean;
}

/** What a DuckDB may use and who hears of its errors. */
export interface DuckOptions {
  /** Where tables are read from and stored. */
  objects: ObjectStore;
  /** Files and folders that may be read besides the objects. */
  also?: readonly string[];
  /** Stops the statement that runs, and all further work. */
  signal: AbortSignal;
  /** Says what an error of DuckDB means to who called; default: `failed`, in DuckDB's words. */
  explain?(message: string): BregmaError;
  /** DuckDB's own limit; default 2 GB. */
  memory?: string;
  /** Columns whose NaN is a value and not "not measured"; default none. */
  keepNaN?: KeptNaN;
}

/** All columns, or those of these names. */
export type KeptNaN = 'all' | string[];

/**
 * DuckDB over the tables of releases and over files that become tables: in columns, so that no object is made for a row; others work
 * meanwhile, and a fired signal stops it. Only Bregma's own statements run here; a user's SQL has a process of its own.
 */
export class Duck {
  private readonly connection: DuckDBConnection;
  private readonly options: DuckOptions;
  private readonly interrupt: () => void;
  /** What was decided in storing tables, as sentences. */
  readonly notes: string[] = [];

  private constructor(connection: DuckDBConnection, options: DuckOptions) {
    this.connection = connection;
    this.options = options;
    this.interrupt = () => connection.interrupt();
    options.signal.addEventListener('abort', this.interrupt);
  }

  static async open(options: DuckOptions): Promise<Duck> {
    const { objects, also = [], signal, memory = '2GB' } = options;
    throwIfCancelled(signal);
    const { DuckDBInstance } = await within(loadDuck(), { signal });
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      threads: '2',
      memory_limit: memory,
      // It turns a long IN (…) into a join, which on two threads gives the rows of a large table in another order.
      disabled_optimizers: 'in_clause',
    });
    try {
      throwIfCancelled(signal);
      const connection = await instance.connect();
      await confine(connection, [objects.folder, ...also]);
      return new Duck(connection, options);
    } finally {
      instance.closeSync(); // the tables live for as long as the connection, and no longer
    }
  }

  async run(sql: string): Promise<void> {
    await this.explained(() => this.connection.run(sql));
  }

  /** The rows of a query as objects of what JSON has: for few rows. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.explained(async () => (await this.connection.runAndReadAll(sql)).getRowObjectsJson());
  }

  /** Columns of a table or query, in order: name and DuckDB's type. */
  async columns(table: string): Promise<Column[]> {
    const described = await this.rows(`DESCRIBE ${table}`);
    return described.map(({ column_name, column_type }) => ({ name: String(column_name), type: String(column_type) }));
  }

  /** Makes a table of a release a view of its name, with the column file_row_number. Its bytes are checked. */
  async view(name: string, release: DatasetRelease): Promise<void> {
    const { objects, signal } = this.options;
    const file = await this.explained(() => objects.checkedPath(tableOf(release, name).object, signal));
    await this.run(
      `CREATE VIEW ${identifier(name)} AS SELECT * FROM ${readFileSql('parquet', file, 'file_row_number = true')}`,
    );
  }

  /** Makes a table from columns of one length: Int32Array becomes INTEGER, Float64Array DOUBLE, strings VARCHAR. */
  async make(name: string, columns: Record<string, Int32Array | Float64Array | string[]>): Promise<void> {
    const types = Object.entries(columns).map(([column, values]): [string, string] => [
      column,
      values instanceof Int32Array ? 'INTEGER' : values instanceof Float64Array ? 'DOUBLE' : 'VARCHAR',
    ]);
    await this.load(name, Object.fromEntries(types), [Object.values(columns)]);
  }

  /** Makes a table from batches of columns: see `appendBatches`. Returns its rows. */
  async load(name: string, columns: Record<string, string>, batches: AsyncIterable<Batch> | Batch[]): Promise<number> {
    const described = Object.entries(columns).map(([column, type]) => `${identifier(column)} ${type}`);
    await this.run(`CREATE OR REPLACE TABLE ${identifier(name)} (${described.join(', ')})`);
    const duckdb = await loadDuck();
    const appender = await this.connection.createAppender(name);
    return appendBatches(duckdb, appender, Object.values(columns), batches, this.options.signal);
  }

  /** Stores the rows of a query as a Parquet object. The same rows give the same bytes. */
  async store(query: string): Promise<ObjectRef> {
    return (await this.write(query)).stored;
  }

  /** Stores the rows of a query as a Parquet object and describes it. NaN, which says "not measured", becomes NULL and is counted in `notes`. */
  async table(
    query: string,
    { name, description, columns: known = {}, hasNaN = true }: TableDescription,
  ): Promise<Table> {
    const columns = await this.columns(`(${query})`);
    const { stored, rows } = await this.write(hasNaN ? await this.withoutNaN(name, query, columns) : query);
    return {
      name,
      description,
      object: stored.object,
      rows,
      columns: columns.map((column) => ({ ...column, ...known[column.name] })),
    };
  }

  /** The query with NULL where a value is NaN: DuckDB would count NaN as measured, and as larger than any number. */
  private async withoutNaN(table: string, query: string, columns: Column[]): Promise<string> {
    const { keepNaN = [] } = this.options;
    const floating = columns.flatMap((column) => {
      const sql =
        keepNaN === 'all' || keepNaN.includes(column.name) ? undefined : nanSql(column.type, identifier(column.name));
      return sql ? [{ ...column, ...sql }] : [];
    });
    if (floating.length === 0) return query;
    // A count of the plain ones takes the least time.
    const counts = floating.map(({ name, type, count }) =>
      /^(DOUBLE|FLOAT)$/.test(type) ? `count(*) FILTER (isnan(${identifier(name)}))` : `sum(${count})`,
    );
    const [found] = await this.rows(
      `SELECT ${counts.map((sql, i) => `${sql}::DOUBLE AS c${i}`).join(', ')} FROM (${query})`,
    );
    const replaced = floating.filter((_, i) => Number(found[`c${i}`]) > 0);
    if (replaced.length === 0) return query;
    for (const column of replaced)
      this.notes.push(
        `${table}.${column.name}: ${found[`c${floating.indexOf(column)}`]} values are NaN, which says "not measured": they are NULL. Option: nan.`,
      );
    return `SELECT * REPLACE (${replaced.map(({ name, value }) => `${value} AS ${identifier(name)}`).join(', ')}) FROM (${query})`;
  }

  /** Stores the rows of a query as a Parquet file that is no object yet. With the name of its table NaN becomes NULL as in `table`. */
  async piece(query: string, table?: string): Promise<string> {
    const exact = table === undefined ? query : await this.withoutNaN(table, query, await this.columns(`(${query})`));
    return (await this.copy(exact)).file;
  }

  /** A finished Parquet file as a table. */
  async adopt(file: string, name: string, rows: number): Promise<Table> {
    const columns = await this.columns(`(FROM ${readFileSql('parquet', file)})`);
    return { name, object: this.options.objects.adopt(file, parquetMedia).object, rows, columns };
  }

  private async write(query: string): Promise<{ stored: ObjectRef; rows: number }> {
    const { file, rows } = await this.copy(query);
    return { stored: this.options.objects.adopt(file, parquetMedia), rows };
  }

  private async copy(query: string): Promise<{ file: string; rows: number }> {
    const file = this.options.objects.temporaryPath();
    try {
      const [{ Count }] = await this.rows(`COPY (${query}) TO ${literal(file)} (FORMAT parquet, COMPRESSION snappy)`);
      return { file, rows: Number(Count) };
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    }
  }

  /** The rows of a query of texts, chunk by chunk, so that others work meanwhile: one array a column, null where there is none. */
  async *chunks(sql: string): AsyncGenerator<(string | null)[][]> {
    // SAFETY: the queries cast every column to VARCHAR.
    for await (const chunk of this.stream(sql)) yield chunk.getColumns() as (string | null)[][];
  }

  /**
   * Fills arrays from a query whose first column is the row to fill and whose further ones are of the arrays' types, none null.
   * Returns how many rows there were.
   */
  async fill(sql: string, arrays: NumberArray[], onRows: (done: number) => void = () => {}): Promise<number> {
    let done = 0;
    for await (const chunk of this.stream(sql)) {
      const count = chunk.rowCount;
      // SAFETY: the first column is the row, which callers cast to INTEGER.
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
    return done;
  }

  close(): void {
    this.options.signal.removeEventListener('abort', this.interrupt);
    this.connection.closeSync();
  }

  private async *stream(sql: string) {
    const result = await this.explained(() => this.connection.stream(sql));
    for (;;) {
      const chunk = await this.explained(() => result.fetchChunk());
      if (!chunk || chunk.rowCount === 0) return;
      throwIfCancelled(this.options.signal);
      yield chunk;
    }
  }

  private async explained<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throwIfCancelled(this.options.signal);
      if (error instanceof BregmaError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw this.options.explain?.(message) ?? new BregmaError('failed', `DuckDB: ${message.split('\n')[0]}`);
    }
  }
}

/** From here on no statement reaches a file elsewhere, an address or an extension, or lets another one do so. places: files and folders. */
async function confine(connection: DuckDBConnection, places: readonly string[]): Promise<void> {
  // DuckDB looks at a pattern before it looks for what fits it.
  const all = places.map((place) => path.resolve(place)).flatMap((place) => [place, patternOf(place)]);
  const list = `[${[...new Set(all)].map(literal).join(', ')}]`;
  for (const setting of [
    'allow_persistent_secrets = false',
    'allow_community_extensions = false',
    `allowed_directories = ${list}`,
    `allowed_paths = ${list}`,
    'enable_external_access = false',
    'lock_configuration = true',
  ])
    await connection.run(`SET ${setting}`);
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
