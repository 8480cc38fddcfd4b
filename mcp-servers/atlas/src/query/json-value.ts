import type { DuckDBValue } from '@duckdb/node-api';

type DuckDB = typeof import('@duckdb/node-api');

/** Characters of a value in a preview; the Parquet object has all of it. */
const longestValue = 300;

/**
 * A value of DuckDB as JSON: NULL and NaN as null; whole numbers as text when `text` (and inside lists whenever they exceed
 * 2⁵³); infinities as "Infinity"; dates and times ISO 8601; bytes as 0x…; lists, structs and maps as arrays and objects.
 * What is longer than 300 characters is cut and ends in "…".
 */
export function jsonValue(value: DuckDBValue, text: boolean, duck: DuckDB): unknown {
  const plain = plainValue(value, text, duck);
  if (typeof plain === 'string') return cut(plain);
  if (plain === null || typeof plain !== 'object') return plain;
  const whole = JSON.stringify(plain);
  return whole.length > longestValue ? cut(whole) : plain;
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

function plainValue(value: DuckDBValue, text: boolean, duck: DuckDB): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return text || !Number.isSafeInteger(Number(value)) ? String(value) : Number(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value);
  const inner = (item: DuckDBValue) => plainValue(item, false, duck);
  if (value instanceof duck.DuckDBDecimalValue) return text || value.width > 15 ? String(value) : Number(String(value));
  if (value instanceof duck.DuckDBBlobValue) return `0x${Buffer.from(value.bytes).toString('hex')}`;
  if (value instanceof duck.DuckDBListValue || value instanceof duck.DuckDBArrayValue) return value.items.map(inner);
  if (value instanceof duck.DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, inner(item)]));
  if (value instanceof duck.DuckDBMapValue)
    return Object.fromEntries(value.entries.map(({ key, value: item }) => [String(key), inner(item)]));
  if (value instanceof duck.DuckDBUnionValue) return { [value.tag]: inner(value.value) };
  return isoTime(String(value));
}

/** "2024-02-29 10:00:00+00" → "2024-02-29T10:00:00Z"; anything else unchanged. */
function isoTime(text: string): string {
  return text.replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d)/, '$1T$2').replace(/^(.*T.*)\+00$/, '$1Z');
}
