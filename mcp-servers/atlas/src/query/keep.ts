import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { significant } from '@bregma/core/numbers';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { jsonValue } from './json-value.ts';
import type { LockedDatabase } from './locked.ts';
import { type QueryColumn, type QuerySuccess, resultCaps } from './protocol.ts';

type Kept = Omit<QuerySuccess, 'id' | 'releases'>;
/** How much of a result is previewed. */
type Preview = { limit: number; digits?: number };

/** Characters of JSON after which no further row is previewed. */
const previewCharacters = 6_000;
/** Most chunks between two looks at the result's size. */
const mostChunksUnseen = 64;

// A chunk's memory is DuckDB's own and is freed when its small JavaScript object is collected, which V8 sees no reason to do.
v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = vm.runInNewContext('gc');

/** Streams a result: its first rows as a preview, all rows up to the caps into a Parquet file. */
export async function keep(result: DuckDBResult, asked: Preview, open: LockedDatabase): Promise<Kept> {
  const { limit } = asked;
  const { results } = open;
  const columns = result
    .deduplicatedColumnNames()
    .map((name, i): QueryColumn => ({ name, type: String(result.columnType(i)) }));
  await results.run('DROP TABLE IF EXISTS result');
  await results.run(
    `CREATE TABLE result (${columns.map(({ type }, i) => `${identifier(`c${i}`)} ${type}`).join(', ')})`,
  );
  const appender = await results.createAppender('result');
  const first: DuckDBValue[][] = [];
  let rows = 0;
  let complete = true;
  let look = 1;
  for (let count = 1; ; count++) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    if (rows + chunk.rowCount > resultCaps.rows) {
      complete = false;
      break;
    }
    for (let row = 0; row < chunk.rowCount && first.length < limit; row++) first.push(chunk.getRowValues(row));
    appender.appendDataChunk(chunk);
    rows += chunk.rowCount;
    if (count < look) continue;
    appender.flushSync();
    collectGarbage();
    const bytes = await bytesOf(results);
    const room = Math.floor(((resultCaps.bytes - bytes) * count) / (2 * bytes + 1));
    look = count + Math.min(Math.max(room, 1), mostChunksUnseen);
    if (bytes <= resultCaps.bytes) continue;
    const more = await result.fetchChunk();
    complete = !more || more.rowCount === 0;
    break;
  }
  appender.closeSync();
  await markWide(columns, results);
  const previewed = previewOf(first, columns, asked, open);
  const file = path.join(open.folder, 'result.parquet');
  // The names are given here and not to the table: two columns of a table may not differ in case alone.
  const named = columns.map(({ name }, i) => `${identifier(`c${i}`)} AS ${identifier(name)}`).join(', ');
  await results.run(`COPY (SELECT ${named} FROM result) TO ${literal(file)} (FORMAT parquet, COMPRESSION snappy)`);
  await results.run('DROP TABLE result');
  return { columns, ...previewed, rows, complete, file };
}

async function bytesOf(results: DuckDBConnection): Promise<number> {
  const reader = await results.runAndReadAll('SELECT sum(memory_usage_bytes)::DOUBLE FROM duckdb_memory()');
  return Number(reader.getRows()[0][0] ?? 0);
}

/** Whole-number columns of which some value does not fit a JSON number are given as text, all of the column. */
async function markWide(columns: QueryColumn[], results: DuckDBConnection): Promise<void> {
  const whole = columns.flatMap(({ type }, i) => (/^(U?BIGINT|U?HUGEINT)$/.test(type) ? [i] : []));
  for (const column of columns) if (isWideDecimal(column.type) || column.type === 'BIGNUM') column.text = true;
  if (whole.length === 0) return;
  const tests = whole.map((i) => `coalesce(bool_or(c${i} NOT BETWEEN -9007199254740991 AND 9007199254740991), false)`);
  const [found] = (await results.runAndReadAll(`SELECT ${tests.join(', ')} FROM result`)).getRows();
  for (const [at, i] of whole.entries()) if (found[at] === true) columns[i].text = true;
}

/** A decimal of at most 15 digits is the same decimal as a double. */
const isWideDecimal = (type: string) => Number(/^DECIMAL\((\d+),/.exec(type)?.[1] ?? 0) > 15;

function previewOf(
  rows: DuckDBValue[][],
  columns: QueryColumn[],
  { digits }: Preview,
  { duck }: LockedDatabase,
): Pick<Kept, 'preview' | 'shortened' | 'rounded'> {
  const preview: unknown[][] = [];
  let characters = 0;
  let rounded = false;
  // A value of SQL keeps no more digits than were asked for, whatever lies before its point: the file has them all.
  const short = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(short);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, short(own)]));
    if (digits === undefined || typeof value !== 'number' || Number.isInteger(value)) return value;
    const less = significant(value, digits);
    rounded ||= less !== value;
    return less;
  };
  for (const row of rows) {
    if (characters >= previewCharacters) break;
    const shown = row.map((value, i) => short(jsonValue(value, columns[i].text === true, duck)));
    preview.push(shown);
    characters += JSON.stringify(shown).length;
  }
  return { preview, shortened: preview.length < rows.length, rounded };
}
