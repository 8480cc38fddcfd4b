import { BregmaError } from '@bregma/core/errors';
import { parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { QueryTable } from './protocol.ts';

type DuckDB = typeof import('@duckdb/node-api');

/** Values of an array that become rows at most. */
const mostValues = 30_000_000;
/** Rows of a chunk: what DuckDB takes at once. */
const chunkRows = 2048;
/** Bytes of one value in a JSON object at most. */
const largestJson = 256 * 2 ** 20;

/**
 * Makes a table of an object, by what its bytes are: Parquet as it is; NPY as one row a value, with its place along each axis
 * counted from 0 (NaN, "not measured", is NULL, unless a person said otherwise); JSON as its records. Throws `missing` or `corrupt` where the object is, `too-large`
 * for an array beyond 30 million values, and `bad-input` for anything else.
 */
export async function buildTable(
  duck: DuckDB,
  connection: DuckDBConnection,
  table: QueryTable,
  objects: ObjectStore,
): Promise<void> {
  const bytes = objects.get(table.object); // checks the bytes before they are read as data
  const create = `CREATE TABLE ${identifier(table.name)} AS`;
  const file = objects.pathOf(table.object);
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1')
    await connection.run(`${create} ${await rowsOfParquet(connection, file)}`);
  else if (bytes.subarray(0, 6).toString('latin1') === '\x93NUMPY') await arrayRows(duck, connection, table, bytes);
  else if (/^\s*[[{]/.test(bytes.subarray(0, 100).toString('latin1')))
    await connection.run(
      `${create} SELECT * FROM read_json_auto(${literal(file)}, maximum_object_size = ${largestJson}, sample_size = -1)`,
    );
  else
    throw new BregmaError('bad-input', `Object ${table.object} is no table, array or JSON.`, {
      next: 'Parquet, NPY and JSON objects are read.',
    });
}

/** Columns that are read from Parquet at a time. */
const readTogether = 2000;
/** Values of a wide table up to which columns that were read at different times are held in memory until they are joined. */
const mostHeld = 40_000_000;

/**
 * SQL: the rows of a Parquet file. DuckDB 1.5 begins to read every column once for each column that it reads: of 20,000 columns this
 * alone takes 10 s a row group. Groups of columns, whose rows come in the same order on one thread, are put side by side.
 */
async function rowsOfParquet(connection: DuckDBConnection, file: string): Promise<string> {
  const source = readFileSql('parquet', file);
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const names = described.getRows().map(([name]) => identifier(String(name)));
  if (names.length <= readTogether) return `SELECT * FROM ${source}`;
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${source}`);
  if (Number(counted.getRows()[0][0]) * names.length > mostHeld) return `SELECT * FROM ${source}`;
  const groups: string[] = [];
  for (let from = 0; from < names.length; from += readTogether)
    groups.push(`(SELECT ${names.slice(from, from + readTogether).join(', ')} FROM ${source})`);
  return `SELECT * FROM ${groups.join(' POSITIONAL JOIN ')}`;
}

async function arrayRows(
  duck: DuckDB,
  connection: DuckDBConnection,
  { name, axes, unit, nan }: QueryTable,
  bytes: Uint8Array,
): Promise<void> {
  const { data, dtype, shape } = parseNpy(bytes, name);
  if (data.length > mostValues)
    throw new BregmaError('too-large', `${name} has ${data.length} values; ${mostValues} become rows.`, {
      next: 'Read the object itself: describe_data gives its digest.',
    });
  await connection.run(`CREATE TEMP TABLE stored (value ${typeOf(duck, dtype)})`);
  const appender = await connection.createAppender('stored', 'main', 'temp');
  const type = typeOf(duck, dtype);
  for (let at = 0; at < data.length; at += chunkRows) {
    const part = data.subarray(at, at + chunkRows);
    const chunk = duck.DuckDBDataChunk.create([type], part.length);
    const column = chunk.getColumnVector(0);
    for (let i = 0; i < part.length; i++) column.setItem(i, cellOf(part[i], dtype, nan));
    column.flush();
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  const places = shape.map((length, i) => {
    const stride = shape.slice(i + 1).reduce((product, other) => product * other, 1);
    return `((rowid // ${stride}) % ${length})::INTEGER AS ${identifier(axisNames(shape.length, axes)[i])}`;
  });
  const said = unit === undefined ? [] : [`${literal(unit)} AS unit`];
  await connection.run(
    `CREATE TABLE ${identifier(name)} AS SELECT ${[...places, 'value', ...said].join(', ')} FROM stored`,
  );
  await connection.run('DROP TABLE stored');
}

/** NaN is "not measured", unless a person said that it is a value. */
const cellOf = (value: number | bigint, dtype: string, nan: QueryTable['nan']): DuckDBValue => {
  if (dtype === 'b1') return value !== 0;
  return nan === undefined && Number.isNaN(value) ? null : value;
};

/** A name for each axis that no other column has. */
function axisNames(count: number, axes: string[] = []): string[] {
  const taken = new Set(['value', 'unit']);
  return Array.from({ length: count }, (_, i) => {
    const wanted = axes[i] || `axis_${i}`;
    const name = taken.has(wanted) ? `${wanted}_${i}` : wanted;
    taken.add(name);
    return name;
  });
}

function typeOf(duck: DuckDB, dtype: string): DuckDBType {
  const types: Record<string, DuckDBType> = {
    b1: duck.BOOLEAN,
    i1: duck.TINYINT,
    i2: duck.SMALLINT,
    i4: duck.INTEGER,
    i8: duck.BIGINT,
    u1: duck.UTINYINT,
    u2: duck.USMALLINT,
    u4: duck.UINTEGER,
    u8: duck.UBIGINT,
    f4: duck.FLOAT,
    f8: duck.DOUBLE,
  };
  return types[dtype];
}
