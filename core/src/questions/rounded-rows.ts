import { atDecimals, decimalsIn, digitsIn, significant } from '../numbers.ts';
import { type Columns, isTelling } from './sample.ts';
import { stepsOf } from './scale.ts';

/** How numbers were rounded: to decimals after the point, or to significant digits. */
interface Rounding {
  decimals?: number;
  digits?: number;
}

/** Rows of the other table that are looked for, and rows from which a column's precision is read. */
const most = { rows: 2000, looked: 5000 };
/** A number of more digits was not rounded so that it could hide. */
const mostDigits = 7;
const mostColumns = 20;
/** Share of what is looked for that shows a copy, beyond three times what chance finds. */
const tellingShare = 0.1;
/** Different numbers, and rows, that must be there to be looked for. */
const fewest = { numbers: 20, rows: 4 };

/**
 * Whether a table holds rounded measurements of another: its rows with their numbers rounded as the table's are, one column more or
 * less, or its numbers alone where they are too many for chance. What chance finds is counted in the same tables: rows with the
 * numbers of other rows, and numbers a little beside the true ones. Numbers of few digits are in every table, and tell nothing.
 */
export function holdsRoundedRowsOf(table: Columns, other: Columns): boolean {
  const fine = Object.keys(other).filter((name) =>
    other[name].slice(0, most.looked).some((value) => typeof value === 'number' && isTelling(value)),
  );
  if (fine.length === 0) return false;
  return roundingsOf(table).some((rounding) => {
    const short = (value: unknown) => rounded(value, rounding);
    return sameRows(table, other, fine, short) || sameNumbers(table, other, fine, rounding);
  });
}

/** The roundings that the columns of a table may have been through; none for columns of many digits. */
function roundingsOf(table: Columns): Rounding[] {
  const found = new Map<string, Rounding>();
  for (const values of Object.values(table)) {
    const numbers = values.slice(0, most.looked).filter((value): value is number => Number.isFinite(value));
    if (numbers.length === 0) continue;
    const decimals = largest(numbers, decimalsIn);
    const digits = largest(numbers, digitsIn);
    if (decimals <= mostDigits) found.set(`d${decimals}`, { decimals });
    if (digits <= mostDigits && decimals > 0) found.set(`s${digits}`, { digits });
  }
  return [...found.values()];
}

const largest = (numbers: number[], of: (value: number) => number) =>
  numbers.reduce((most, value) => Math.max(most, of(value)), 0);

function rounded(value: unknown, { decimals, digits }: Rounding): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return String(value);
  const short = decimals === undefined ? significant(value, digits) : atDecimals(value, decimals);
  return String(short === 0 ? 0 : short);
}

function sameRows(table: Columns, other: Columns, fine: string[], short: (value: unknown) => string): boolean {
  const [own, wanted] = [Object.keys(table), Object.keys(other)];
  if (own.length > mostColumns || Math.abs(own.length - wanted.length) > 1) return false;
  const chosen = evenly(other);
  const moved = { ...chosen, ...Object.fromEntries(fine.map((name) => [name, turned(chosen[name])])) };
  const dropped = (names: string[]) => names.map((_, i) => names.filter((_, j) => j !== i));
  const [tables, others] = [
    own.length > wanted.length ? dropped(own) : [own],
    wanted.length > own.length ? dropped(wanted) : [wanted],
  ];
  return tables.some((names) => {
    if (names.length < 2) return false;
    const held = rowTexts(table, names, short);
    return others.some((columns) => {
      if (!fine.some((name) => columns.includes(name))) return false;
      const rows = rowTexts(chosen, columns, short);
      if (rows.size < fewest.rows) return false;
      return shareIn(rows, held) > tellingShare + 3 * shareIn(rowTexts(moved, columns, short), held);
    });
  });
}

/** Rows as the sorted texts of their cells. */
function rowTexts(table: Columns, names: string[], short: (value: unknown) => string): Set<string> {
  const columns = names.map((name) => table[name]);
  return new Set(
    Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
      columns
        .map((values) => short(values[row]))
        .sort()
        .join('\u0000'),
    ),
  );
}

/** Numbers that repeat are steps of a scale, which any two measurements share: they tell nothing. */
function sameNumbers(table: Columns, other: Columns, fine: string[], rounding: Rounding): boolean {
  const held = new Set(
    Object.values(table).flatMap((values) =>
      values.filter((value) => typeof value === 'number').map((value) => rounded(value, rounding)),
    ),
  );
  return fine.some((name) => {
    const numbers = evenly({ [name]: other[name] })[name].filter(
      (value): value is number => typeof value === 'number' && isTelling(value),
    );
    const different = new Set(numbers);
    if (different.size < 0.9 * numbers.length) return false;
    const wanted = new Set([...different].map((value) => rounded(value, rounding)));
    if (wanted.size < fewest.numbers) return false;
    const beside = new Set([...different].map((value) => rounded(value + 3 * stepAt(value, rounding), rounding)));
    const onScale = Math.min(1, held.size / stepsOf(different));
    return shareIn(wanted, held) > tellingShare + 3 * Math.max(onScale, shareIn(beside, held));
  });
}

/** The distance of two neighbours after rounding. */
const stepAt = (value: number, { decimals, digits = 1 }: Rounding): number =>
  10 ** (decimals === undefined ? Math.floor(Math.log10(Math.abs(value))) + 1 - digits : -decimals);

/** Rows of a table, evenly spaced, so that there are not more than are looked for. */
function evenly(table: Columns): Columns {
  const length = Object.values(table)[0]?.length ?? 0;
  const step = Math.max(1, Math.ceil(length / most.rows));
  return Object.fromEntries(
    Object.entries(table).map(([name, values]) => [name, values.filter((_, i) => i % step === 0)]),
  );
}

/** Each row gets the value of another. */
const turned = <Value>(values: readonly Value[]): Value[] => [...values.slice(1), ...values.slice(0, 1)];

function shareIn(wanted: Set<string>, held: Set<string>): number {
  let found = 0;
  for (const one of wanted) if (held.has(one)) found++;
  return wanted.size === 0 ? 0 : found / wanted.size;
}
