import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { type ColumnType, checkColumnNames, ofColumn, type TableOptions } from './table-options.ts';

const duckTypes: Record<ColumnType, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  time: 'TIME',
  duration: 'INTERVAL',
};

/** What a person's words made of a table that has types of its own. */
export interface Applied {
  /** Columns whose type was asked for. */
  told: Set<string>;
  missing: Record<string, { count: number; tokens: Record<string, number> }>;
}

/**
 * Gives columns of a Parquet table the types, and takes the words for missing, that a person says. Throws `bad-input` when a value
 * does not survive the type, naming it.
 */
export async function applyOptions(
  table: string,
  file: string,
  { types, missing }: Pick<TableOptions, 'types' | 'missing'>,
  kit: FormatKit,
): Promise<Applied> {
  const columns = await kit.duck.columns(table);
  const base = path.basename(file);
  checkColumnNames(
    { types, missing },
    columns.map(({ name }) => name),
    base,
  );
  const applied: Applied = { told: new Set(), missing: {} };
  const replaced: string[] = [];
  for (const { name, type } of columns) {
    const column = identifier(name);
    const words = ofColumn(missing, name) ?? [];
    const wanted = ofColumn(types, name);
    const lost = words.length > 0 ? `trim(${column}::VARCHAR) IN (${words.map(literal).join(', ')})` : 'false';
    if (words.length > 0) applied.missing[name] = await countMissing(table, column, lost, kit);
    const kept = `CASE WHEN ${lost} THEN NULL ELSE ${column} END`;
    if (wanted === undefined && words.length === 0) continue;
    if (wanted === undefined || duckTypes[wanted] === type) replaced.push(`${kept} AS ${column}`);
    else {
      await refuseMisfits({ table, name, lost, wanted, base }, kit);
      replaced.push(`TRY_CAST(${kept} AS ${duckTypes[wanted]}) AS ${column}`);
    }
    if (wanted !== undefined) applied.told.add(name);
  }
  if (replaced.length > 0)
    await kit.duck.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * REPLACE (${replaced.join(', ')}) FROM ${table}`);
  return applied;
}

async function countMissing(table: string, column: string, lost: string, kit: FormatKit) {
  const rows = await kit.duck.rows(
    `SELECT trim(${column}::VARCHAR) AS token, count(*)::DOUBLE AS times FROM ${table} WHERE ${lost} GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  const [{ nulls }] = await kit.duck.rows(`SELECT count(*) FILTER (${column} IS NULL)::DOUBLE AS nulls FROM ${table}`);
  const tokens = Object.fromEntries(rows.map(({ token, times }) => [String(token), Number(times)]));
  return { count: Number(nulls) + rows.reduce((sum, { times }) => sum + Number(times), 0), tokens };
}

async function refuseMisfits(
  { table, name, lost, wanted, base }: { table: string; name: string; lost: string; wanted: ColumnType; base: string },
  kit: FormatKit,
): Promise<void> {
  const column = identifier(name);
  const cast = `TRY_CAST(${column} AS ${duckTypes[wanted]})`;
  // A cast rounds 1.5 to 2: as numbers both must be the same.
  const changed =
    wanted === 'integer' ? `${cast}::DOUBLE IS DISTINCT FROM TRY_CAST(${column} AS DOUBLE)` : `${cast} IS NULL`;
  const [odd] = await kit.duck.rows(
    `SELECT ${column}::VARCHAR AS value, count(*) OVER ()::DOUBLE AS times FROM ${table} WHERE ${column} IS NOT NULL AND NOT (${lost}) AND (${changed}) LIMIT 1`,
  );
  if (!odd) return;
  throw new BregmaError(
    'bad-input',
    `${base}: column ${name} cannot be of type ${wanted}: ${odd.times} values do not fit, first ${JSON.stringify(odd.value)}.`,
    { next: `Leave its type out, or name the words that mean missing with options.missing.` },
  );
}
