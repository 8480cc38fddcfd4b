import type { Duck } from '@bregma/readers/duck';
import { identifier } from '@bregma/readers/sql-text';

/** Integers beyond this do not survive as numbers in JSON. */
const largestExact = '9007199254740991';

/**
 * A query that reads 64-bit integer columns as text when their values do not fit a double, and sentences that say so. told: columns
 * that a person gave a type, which they keep.
 */
export async function keepIdentifiers(
  table: string,
  duck: Duck,
  told: ReadonlySet<string> = new Set(),
): Promise<{ query: string; warnings: string[] }> {
  const columns = await duck.rows(`DESCRIBE ${table}`);
  const wide: string[] = [];
  for (const { column_name, column_type } of columns) {
    if (told.has(String(column_name)) || !/^(U?BIGINT|U?HUGEINT)$/.test(String(column_type))) continue;
    const column = identifier(String(column_name));
    const [{ big }] = await duck.rows(
      `SELECT count(*)::INTEGER AS big FROM ${table} WHERE ${column} > ${largestExact} OR ${column} < -${largestExact}`,
    );
    if (Number(big) > 0) wide.push(String(column_name));
  }
  if (wide.length === 0) return { query: `SELECT * FROM ${table}`, warnings: [] };
  const replaced = wide.map((name) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`).join(', ');
  return {
    query: `SELECT * REPLACE (${replaced}) FROM ${table}`,
    warnings: wide.map((name) => `Column ${name} holds 64-bit integers: it is kept as text, so that no digit is lost.`),
  };
}
