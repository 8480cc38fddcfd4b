import { BregmaError } from '@bregma/core/errors';
import { importNative } from '@bregma/core/native';
import type { Cell } from '@bregma/core/questions/sample';
import type { Arrangement, SqlStatisticAsked } from '@bregma/core/table-tests/table-test';
import type { DuckDBConnection } from '@duckdb/node-api';
import { put, rowsAtOnce } from './duck-batches.ts';
import { admit, splitExplain, withoutComments } from './sql-gate.ts';
import { sampleSem } from './sql-sem.ts';
import { identifier } from './sql-text.ts';

type DuckDB = typeof import('@duckdb/node-api');

/** Arrangements that are also asked one by one, to see that asking them together gives the same. */
const compared = 3;

/** A statistic over rows that lie in a database of its own. */
export interface OpenedStatistic {
  /** [arrangement]; NaN where it has no finite value. Throws DuckDB's error. */
  values(arrangements: Arrangement[]): Promise<Float64Array>;
  close(): void;
}

/** Opens a database that holds these rows alone, locks it, and admits the statement. Throws `bad-input`, `not-allowed`, or DuckDB's error. */
export async function openStatistic({ sql, columns, exchanged, unit }: SqlStatisticAsked): Promise<OpenedStatistic> {
  const duck = await importNative<DuckDB>('@duckdb/node-api', import.meta.url);
  const instance = await duck.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '1GiB',
    threads: '1',
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  const names = Object.keys(columns);
  const total = columns[names[0]].length;
  const types = names.map((name) => typeOf(columns[name]));
  const described = names.map((name, i) => `${identifier(name)} ${types[i]}`).join(', ');
  await connection.run(
    `CREATE TABLE cells (${['"_row" INTEGER', ...names.map((_, i) => `c${i} ${types[i]}`)].join(', ')})`,
  );
  await fill(duck, connection, 'cells', [
    Int32Array.from({ length: total }, (_, i) => i),
    ...names.map((name) => columns[name]),
  ]);
  await connection.run(`CREATE TABLE rows (${described})`);
  await connection.run(sampleSem);
  await connection.run("SET temp_directory = ''");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  const query = await one(connection, sql);
  const chosen = names.map((name, i) => {
    const column = `${exchanged.includes(name) ? 'e' : 'r'}.c${i}`;
    return `${name === unit ? apart(column, types[i]) : column} AS ${identifier(name)}`;
  });
  const arrange = async (arrangements: Arrangement[]) => {
    await connection.run('DROP VIEW IF EXISTS rows');
    await connection.run(
      'CREATE OR REPLACE TABLE place (draw INTEGER, spot INTEGER, i INTEGER, j INTEGER, copy INTEGER)',
    );
    await fill(duck, connection, 'place', placesOf(arrangements));
    await connection.run(
      `CREATE OR REPLACE TABLE arranged AS SELECT p.draw AS "_bregma draw", ${chosen.join(', ')} FROM place p JOIN cells r ON r._row = p.i JOIN cells e ON e._row = p.j ORDER BY p.draw, p.spot`,
    );
  };
  const shown = names.map(identifier).join(', ');
  let asked = 0;
  const alone = async (draw: number): Promise<number> => {
    await connection.run(`CREATE OR REPLACE VIEW rows AS SELECT ${shown} FROM arranged WHERE "_bregma draw" = ${draw}`);
    return numberOf((await connection.runAndReadAll(query)).getRows(), asked++ === 0);
  };
  const together = async (count: number): Promise<Float64Array> => {
    const rows = `SELECT ${shown} FROM arranged WHERE "_bregma draw" = d.range`;
    const reader = await connection.runAndReadAll(
      `SELECT (WITH rows AS (${rows}) SELECT * FROM (${query}\n))::DOUBLE FROM range(${count}) d ORDER BY d.range`,
    );
    return Float64Array.from(reader.getRows(), ([value]) => finite(value));
  };
  await connection.run('DROP TABLE rows');
  return {
    close,
    async values(arrangements) {
      await arrange(arrangements);
      const first: number[] = [];
      for (let draw = 0; draw < Math.min(compared, arrangements.length); draw++) first.push(await alone(draw));
      // Thousands of statements cost a thousand times one over all; where DuckDB cannot, or gives another number, each is asked.
      const all = await together(arrangements.length).catch(() => undefined);
      if (all && first.every((value, i) => close1(value, all[i]))) return all;
      const values = Float64Array.from({ length: arrangements.length }, (_, i) => first[i] ?? 0);
      for (let draw = first.length; draw < arrangements.length; draw++) values[draw] = await alone(draw);
      return values;
    },
  };
}

const close1 = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a));

/** The statement, when it is one SELECT of one number. Throws `bad-input`, `not-allowed`, or DuckDB's error. */
async function one(connection: DuckDBConnection, sql: string): Promise<string> {
  const { statement } = await admit(connection, sql);
  const strange = connection.getTableNames(sql, false).find((name) => name.toLowerCase() !== 'rows');
  if (strange !== undefined)
    throw new BregmaError('bad-input', `The statistic reads ${strange}: there is table rows alone.`, {
      next: 'SELECT one aggregate FROM rows.',
    });
  const { explain, query } = splitExplain(withoutComments(sql));
  const types = Array.from({ length: statement.columnCount }, (_, i) => String(statement.columnType(i)));
  statement.destroySync();
  if (explain || types.length !== 1 || !/^(DOUBLE|FLOAT|DECIMAL.*|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$/.test(types[0]))
    throw new BregmaError(
      'bad-input',
      `The statistic must give one number; it gives ${explain ? 'a plan' : types.length === 1 ? `a ${types[0]}` : `${types.length} columns`}.`,
      { next: 'SELECT one aggregate FROM rows.' },
    );
  return query.replace(/;\s*$/, '');
}

/** The number of a result, NaN where it has none. must: throw `bad-input` then. */
function numberOf(rows: unknown[][], must: boolean): number {
  const wrong = rows.length !== 1 ? `${rows.length} rows` : rows[0][0] === null ? 'NULL' : undefined;
  const value = wrong ? Number.NaN : finite(rows[0][0]);
  if (must && Number.isNaN(value))
    throw new BregmaError('bad-input', `The statistic must give one number; it gives ${wrong ?? String(rows[0][0])}.`, {
      next: 'SELECT one aggregate FROM rows.',
    });
  return value;
}

function finite(value: unknown): number {
  if (value === null) return Number.NaN;
  const number = typeof value === 'object' ? Number(String(value)) : Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function typeOf(cells: readonly Cell[]): 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' {
  if (cells.every((cell) => typeof cell === 'number')) return 'DOUBLE';
  return cells.every((cell) => typeof cell === 'boolean') ? 'BOOLEAN' : 'VARCHAR';
}

/** Copies of a unit under names of their own. */
function apart(column: string, type: string): string {
  if (type === 'BOOLEAN') return column;
  const other = type === 'DOUBLE' ? `${column} + p.copy * 1e-6` : `${column} || '~' || p.copy`;
  return `CASE WHEN p.copy = 0 THEN ${column} ELSE ${other} END`;
}

function placesOf(arrangements: Arrangement[]): Int32Array[] {
  const total = arrangements.reduce((sum, { rows }) => sum + rows.length, 0);
  const [draw, at, i, j, copy] = Array.from({ length: 5 }, () => new Int32Array(total));
  let from = 0;
  arrangements.forEach((arrangement, k) => {
    const count = arrangement.rows.length;
    draw.fill(k, from, from + count);
    for (let row = 0; row < count; row++) at[from + row] = row;
    i.set(arrangement.rows, from);
    j.set(arrangement.exchanged, from);
    if (arrangement.copy) copy.set(arrangement.copy, from);
    from += count;
  });
  return [draw, at, i, j, copy];
}

async function fill(
  { DuckDBDataChunk, BOOLEAN, DOUBLE, INTEGER, VARCHAR }: DuckDB,
  connection: DuckDBConnection,
  table: string,
  lists: (Int32Array | readonly Cell[])[],
): Promise<void> {
  const own = { DOUBLE, BOOLEAN, VARCHAR };
  const types = lists.map((values) => (values instanceof Int32Array ? INTEGER : own[typeOf(values)]));
  const appender = await connection.createAppender(table);
  for (let from = 0; from < lists[0].length; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, lists[0].length);
    const chunk = DuckDBDataChunk.create(types, to - from);
    lists.forEach((values, k) => {
      if (values instanceof Int32Array) put(values.subarray(from, to), chunk.getColumnVector(k));
      else
        chunk.setColumnValues(
          k,
          values.slice(from, to).map((cell) => (types[k] === VARCHAR ? String(cell) : cell)),
        );
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
