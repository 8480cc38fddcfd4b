import { digitsIn } from '../numbers.ts';
import { stepsOf } from './scale.ts';

/** Share of the rows that a column which nothing asks about must tell apart to name them. */
const naming = 1 / 3;
/** Digits from which on a number is one measurement's own. */
const fewestDigits = 5;
/** Different numbers at least from which a scale can be seen: by themselves, and where every row lies equally often in a table. */
const fewest = { alone: 12, doubled: 4 };

/**
 * Rows without those that are a copy of another: equal to it in every column of the table. Equal rows are copies where a column that
 * is not read names the rows, or where numbers are so fine that two rows hardly share one. Elsewhere they are ties: two animals of
 * a group may have the same count, or the same share of their trials right.
 */
export function withoutCopies(
  table: Readonly<Record<string, readonly unknown[]>>,
  rows: number[],
  read: readonly string[],
): number[] {
  const all = Object.keys(table);
  const whole = rows.map((row) => JSON.stringify(all.map((column) => table[column][row])));
  if (new Set(whole).size === rows.length) return rows;
  const different = all.map((column) => new Set(rows.map((row) => table[column][row])));
  const named = all.some((column, i) => !read.includes(column) && different[i].size > naming * rows.length);
  const enough = areDoubled(whole) ? fewest.doubled : fewest.alone;
  const fine = all.filter((_, i) => isFine(different[i], enough));
  const seen = new Set<string>();
  return rows.filter((row, i) => {
    // A time at which all were cut off is shared, however fine the others are.
    if (!named && !fine.some((column) => isLong(table[column][row]))) return true;
    return !seen.has(whole[i]) && seen.add(whole[i]) !== undefined;
  });
}

const isLong = (value: unknown) => typeof value === 'number' && digitsIn(value) >= fewestDigits;

/** Whether each row lies in a table as often as every other. */
function areDoubled(rows: string[]): boolean {
  const times = new Map<string, number>();
  for (const row of rows) times.set(row, (times.get(row) ?? 0) + 1);
  return new Set(times.values()).size === 1;
}

/** Whether numbers are steps of no scale, or of one on which so few would hardly meet: counts and shares of trials are not. */
function isFine(different: ReadonlySet<unknown>, enough: number): boolean {
  const numbers = [...different].filter((value): value is number => typeof value === 'number');
  return numbers.length >= enough && stepsOf(numbers) >= numbers.length ** 2;
}
