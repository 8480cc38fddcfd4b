import { readFileSync } from 'node:fs';
import { openParquet } from '@bregma/readers/parquet';
import { identifier, literal, patternOf } from '@bregma/readers/sql-text';
import { tableFromIPC } from '@uwdata/flechette';
import type { FormatKit } from '../formats/format.ts';

/** Arrow's type Duration, and the parts of a second that its units are: s, ms, µs, ns (Schema.fbs). */
const durationType = 18;
const perSecond = ['1', '1e3', '1e6', '1e9'];
const unitNames = ['s', 'ms', 'µs', 'ns'];

/**
 * Corrects, in a table that DuckDB read from a Parquet file, what it reads wrong: durations, which Parquet keeps as whole numbers
 * whose unit stands in Arrow's schema alone, become seconds; decimals of more than 38 digits are read from their bytes. Returns what is
 * known of such columns and what was decided, as sentences.
 */
export async function correctParquet(
  table: string,
  file: string,
  kit: FormatKit,
): Promise<{ columns: Record<string, { unit: string }>; said: string[] }> {
  const described = new Map((await kit.duck.columns(table)).map((column) => [column.name, column]));
  await correctDecimals(table, file, described, kit);
  const columns: Record<string, { unit: string }> = {};
  const said: string[] = [];
  for (const { name, unit } of await durationsOf(file, kit)) {
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

async function durationsOf(file: string, { duck }: FormatKit): Promise<{ name: string; unit: number }[]> {
  const [schema] = await duck.rows(
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${pattern(file)}) WHERE decode(key) = 'ARROW:schema'`,
  );
  if (!schema) return [];
  const { fields } = tableFromIPC(Buffer.from(String(schema.value), 'base64')).schema;
  return fields.flatMap(({ name, type }) => {
    // SAFETY: Arrow's durations carry their unit, 0 to 3.
    const { typeId, unit } = type as { typeId: number; unit?: number };
    return typeId === durationType && unit !== undefined ? [{ name, unit }] : [];
  });
}

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
