import type { FormatKit } from '../formats/format.ts';
import { askStacked } from './count-checks.ts';
import type { Settled } from './settled.ts';
import type { RawTable } from './text/raw-table.ts';
import { isMissing, isNumber } from './text/words.ts';

/** A text column of which it is known that every value is a number: ids, or codes that begin with zeros. */
export const areDigits = ({ watched }: Settled) => watched.ids > 0 || watched.codes > 0;

/** Whether most of a text's first values are numbers. */
export function isMostlyNumbers({ chosen, told, sample }: Settled, { decimal }: RawTable): boolean {
  if (told || chosen.name !== 'text') return false;
  const there = sample.filter((value) => !isMissing(value));
  return there.filter((value) => isNumber(value, decimal)).length > there.length / 2;
}

/** Whether most of a text's first values are numbers or rows of digits, blanks aside: ids and codes are too. */
export function isMostlyDigits({ chosen, told, sample }: Settled, { decimal }: RawTable): boolean {
  if (told || chosen.name !== 'text') return false;
  const there = sample.filter((value) => !isMissing(value)).map((value) => value.trim());
  const numbers = there.filter(
    (value) => /^[+-]?\d/.test(value) && (isNumber(value, decimal) || /^[+-]?\d+$/.test(value)),
  );
  return numbers.length > there.length / 2;
}

/** A value of the stacked column that DuckDB reads as no number. */
const odd = 'TRY_CAST(trim(value) AS DOUBLE) IS NULL';

/**
 * Looks into texts that seem to be numbers, all in one question where the table has few rows: sets `mixture`, and where all are numbers
 * how many of them are ids of 64 bits or begin with zeros.
 */
export async function lookForMixtures(columns: Settled[], table: RawTable, kit: FormatKit): Promise<void> {
  const unknown = columns.filter(
    (column) =>
      !column.mixture && !areDigits(column) && (isMostlyNumbers(column, table) || isMostlyDigits(column, table)),
  );
  const found = await askStacked(
    unknown.map(({ raw, chosen, missing }) => ({ raw, sql: chosen.missing('value', missing) })),
    (lost, stack) =>
      `SELECT place, count(*)::DOUBLE AS all, count(*) FILTER (regexp_full_match(trim(value), '[+-]?\\d{16,}'))::DOUBLE AS ids, count(*) FILTER (regexp_full_match(trim(value), '[+-]?0\\d.*'))::DOUBLE AS codes, count(*) FILTER (${odd})::DOUBLE AS odd, min(row, 3) FILTER (${odd}) AS rows, arg_min(value, row, 3) FILTER (${odd}) AS values FROM (${stack}) WHERE NOT (${lost}) GROUP BY place`,
    { ...table, raw: `(SELECT row_number() OVER () AS row, * FROM ${table.raw})`, beside: 'row, ' },
    kit,
  );
  for (const column of unknown) column.mixture = { all: 0, odd: 0, first: [] };
  for (const { place, all, ids, codes, odd: times, rows, values } of found) {
    const column = unknown[Number(place)];
    column.mixture = { all: Number(all), odd: Number(times), first: firstOf(rows, values) };
    if (Number(times) === 0) Object.assign(column.watched, { ids: Number(ids), codes: Number(codes) });
  }
}

function firstOf(rows: unknown, values: unknown): { row: number; value: string }[] {
  if (!Array.isArray(rows) || !Array.isArray(values)) return [];
  return rows.map((row, i) => ({ row: Number(row), value: String(values[i]) }));
}
