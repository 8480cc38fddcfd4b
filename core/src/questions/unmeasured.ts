import type { Question, Role } from '../contracts/question.ts';
import type { Check } from '../table-tests/table-test.ts';
import type { Columns } from './sample.ts';

/** Numbers that people write for "not measured" (SPSS, NetCDF, and by hand). */
export const codes: readonly number[] = [
  ...[-1, -8, -9, 0],
  ...['88', '888', '8888', '99', '999', '9999', '99999', '999999'].flatMap((nines) => [-Number(nines), Number(nines)]),
];

/** The measured values of a column beside one: range, how many different ones, whether all of them are whole numbers. */
export interface Others {
  low: number;
  high: number;
  distinct: number;
  whole: boolean;
}

/** Different values from which on the range of a column is known. */
const fewest = 5;

/**
 * Whether a number of `codes` may stand for "not measured": a negative one where nothing else is negative (a single digit needs others
 * that are all above 0, or fractions), any other where it lies as far from all others as those do from each other, twice as far
 * above them.
 */
export function mayBeMissing(value: number, { low, high, distinct, whole }: Others): boolean {
  if (value >= low && value <= high) return false;
  if (value <= -88 && low >= 0) return true;
  if (distinct < fewest) return false;
  if (value < 0 && low >= 0 && value > -10) return low > 0 || !whole;
  return value < low ? low - value > high - low : value - high > 2 * (high - low);
}

/** Numbers of a column that may stand for "not measured", and in how many rows. */
export function unmeasuredIn(numbers: Float64Array): { value: number; rows: number }[] {
  const rising = Float64Array.from(numbers.filter(Number.isFinite)).sort();
  const found: { value: number; rows: number }[] = [];
  for (const from of ['lowest', 'highest'] as const) {
    const value = from === 'lowest' ? rising[0] : rising[rising.length - 1];
    const others = rising.filter((one) => one !== value);
    if (!codes.includes(value) || others.length === 0) continue;
    if (mayBeMissing(value, othersOf(others))) found.push({ value, rows: rising.length - others.length });
  }
  return found;
}

const othersOf = (rising: Float64Array): Others => ({
  low: rising[0],
  high: rising[rising.length - 1],
  distinct: new Set(rising.subarray(0, 10_000)).size,
  whole: rising.every(Number.isInteger),
});

/** A doubt for each column that a question reads as numbers and in which a number may stand for "not measured". value: rows. */
export const unmeasuredChecks = (table: Columns, { columns }: Question, roles: readonly Role[]): Check[] =>
  roles
    .filter(({ holds }) => holds === 'numbers')
    .flatMap(({ name }) => [columns[name] ?? []].flat())
    .flatMap((column) =>
      unmeasuredIn(Float64Array.from(table[column], (cell) => (typeof cell === 'number' ? cell : Number.NaN))).map(
        ({ value, rows }) => ({
          what: `rows in which ${column} is ${value}, far from all others: if that means not measured, make it NULL`,
          value: rows,
          fine: false,
        }),
      ),
    );
