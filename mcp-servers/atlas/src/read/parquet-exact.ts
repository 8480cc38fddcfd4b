import { readFileSync, statSync } from 'node:fs';
import { openParquet } from '@bregma/readers/parquet';
import { identifier, literal, patternOf } from '@bregma/readers/sql-text';
import { tableFromIPC } from '@uwdata/flechette';
import type { FormatKit } from '../formats/format.ts';

/** Arrow's types Timestamp and Duration, and the parts of a second that their units are: s, ms, µs, ns (Schema.fbs). */
const timestampType = 10;
const durationType = 18;
const perSecond = ['1', '1e3', '1e6', '1e9'];
const unitNames = ['s', 'ms', 'µs', 'ns'];

/**
 * Corrects, in a table that DuckDB read from a Parquet file, what it reads wrong: durations, which Parquet keeps as whole numbers
 * whose unit stands in Arrow's schema alone, become seconds; decimals of more than 38 digits, and nanoseconds of INT96, are read from
 * their bytes. Returns what is known of such columns and what was decided, as sentences.
 */
export async function correctParquet(
  table: string,
  file: string,
  kit: FormatKit,
): Promise<{ columns: Record<string, { unit: string }>; said: string[] }> {
  const described = new Map((await kit.duck.columns(table)).map((column) => [column.name, column]));
  await correctDecimals(table, file, described, kit);
  const said = await correctNanoseconds(table, file, described, kit);
  const columns: Record<string, { unit: string }> = {};
  const { durations, zoned } = await inArrow(file, kit);
  for (const { name, zone } of zoned)
    if (described.get(name)?.type === 'TIMESTAMP WITH TIME ZONE') said.push(saidZone(name, zone));
  for (const { name, unit } of durations) {
    if (described.get(name)?.type !== 'BIGINT') continue;
    const inSeconds = await fitsDouble(table, name, kit);
    if (inSeconds)
      await kit.duck.run(
        `CREATE OR REPLACE TABLE ${table} AS SELECT * REPLACE (${identifier(name)} / ${perSecond[unit]} AS ${identifier(name)}) FROM ${table}`,
      );
    columns[name] = { unit: inSeconds ? 's' : unitNames[unit] };
    said.push(`Column ${name} holds durations of Arrow in ${unitNames[unit]}: its numbers are ${columns[name].unit}.`);
  }
  return { columns, said };
}

/** Said of moments whose clock stood in another zone than UTC. */
export const saidZone = (name: string, zone: string) =>
  `Column ${name}: moments of the zone ${zone} are shown in UTC; in SQL timezone('${zone}', ${identifier(name)}) is what its clocks said.`;

/** What Arrow's schema in a Parquet file says that Parquet does not: units of durations, and the zones of moments. */
async function inArrow(file: string, { duck }: FormatKit) {
  const durations: { name: string; unit: number }[] = [];
  const zoned: { name: string; zone: string }[] = [];
  const [schema] = await duck.rows(
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${pattern(file)}) WHERE decode(key) = 'ARROW:schema'`,
  );
  const { fields } = schema ? tableFromIPC(Buffer.from(String(schema.value), 'base64')).schema : { fields: [] };
  for (const { name, type } of fields) {
    // SAFETY: Arrow's durations carry their unit, 0 to 3, and its timestamps their zone, where they have one.
    const { typeId, unit, timezone } = type as { typeId: number; unit?: number; timezone?: string | null };
    if (typeId === durationType && unit !== undefined) durations.push({ name, unit });
    else if (typeId === timestampType && isElsewhere(timezone)) zoned.push({ name, zone: timezone });
  }
  return { durations, zoned };
}

/** Whether a zone is one in which clocks differ from UTC. */
export const isElsewhere = (zone: string | null | undefined): zone is string =>
  zone !== null && zone !== undefined && !/^(|UTC|Etc\/UTC|GMT|Z|[+-]00:?00)$/i.test(zone);

/** Whether a number of JSON holds every value of a column of whole numbers. */
async function fitsDouble(table: string, name: string, { duck }: FormatKit): Promise<boolean> {
  const [{ fits }] = await duck.rows(
    `SELECT coalesce(bool_and(${identifier(name)} BETWEEN -9007199254740991 AND 9007199254740991), true) AS fits FROM ${table}`,
  );
  return fits === true;
}

/** DuckDB 1.5 makes wrong doubles of decimals that need more than 16 bytes. */
async function correctDecimals(
  table: string,
  file: string,
  taken: ReadonlyMap<string, unknown>,
  kit: FormatKit,
): Promise<void> {
  const all = await kit.duck.rows(
    `SELECT name, scale::INTEGER AS scale FROM parquet_schema(${pattern(file)}) WHERE precision > 38 AND num_children IS NULL`,
  );
  const wide = all.filter(({ name }) => taken.has(String(name)));
  if (wide.length === 0) return;
  const names = wide.map(({ name }) => String(name));
  const parquet = openParquet(readFileSync(file));
  const rows = await parquet.read(0, parquet.available, names);
  await kit.duck.make(
    'wide_decimals',
    Object.fromEntries(names.map((name) => [name, rows.map((row) => String(row[name] ?? ''))])),
  );
  const replaced = await Promise.all(wide.map((column) => decimalSql(String(column.name), Number(column.scale), kit)));
  await kit.duck.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT a.* REPLACE (${replaced.join(', ')}) FROM ${table} a POSITIONAL JOIN wide_decimals w`,
  );
}

/** Bytes of a file up to which the nanoseconds of INT96 are looked at: its rows are in memory meanwhile. */
const mostLookedAt = 1 << 28;

/** DuckDB 1.5 makes moments of microseconds of INT96, which holds nanoseconds: where there are any, they are read from their bytes. */
async function correctNanoseconds(
  table: string,
  file: string,
  taken: ReadonlyMap<string, unknown>,
  kit: FormatKit,
): Promise<string[]> {
  const found = await kit.duck.rows(`SELECT name FROM parquet_schema(${pattern(file)}) WHERE type = 'INT96'`);
  const names = found.map(({ name }) => String(name)).filter((name) => taken.has(name));
  if (names.length === 0) return [];
  if (statSync(file).size > mostLookedAt)
    return [`${names.map((name) => `Column ${name}`).join(', ')}: moments of INT96 are read to the microsecond.`];
  const parquet = openParquet(readFileSync(file));
  const rows = await parquet.read(0, parquet.available, names);
  const fine = names.filter((name) => rows.some((row) => /\.\d{6}\d*[1-9]/.test(String(row[name] ?? ''))));
  if (fine.length === 0) return [];
  const text = (value: unknown) => String(value ?? '');
  await kit.duck.make(
    'nanoseconds',
    Object.fromEntries(fine.map((name) => [name, rows.map((row) => text(row[name]))])),
  );
  const replaced = fine.map((name) => `nullif(n.${identifier(name)}, '')::TIMESTAMP_NS AS ${identifier(name)}`);
  await kit.duck.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT a.* REPLACE (${replaced.join(', ')}) FROM ${table} a POSITIONAL JOIN nanoseconds n`,
  );
  return [];
}

/** As DuckDB's widest decimal where every value fits one, else as text with all digits. */
async function decimalSql(name: string, scale: number, { duck }: FormatKit): Promise<string> {
  const text = `nullif(w.${identifier(name)}, '')`;
  const type = `DECIMAL(38, ${Math.min(scale, 38)})`;
  const [{ lost }] = await duck.rows(
    `SELECT count(*) FILTER (${text} IS NOT NULL AND try_cast(${text} AS ${type}) IS NULL)::INTEGER AS lost FROM wide_decimals w`,
  );
  const value = Number(lost) === 0 && scale <= 38 ? `${text}::${type}` : text;
  return `${value} AS ${identifier(name)}`;
}

const pattern = (file: string) => literal(patternOf(file));
