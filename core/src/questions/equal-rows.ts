import { stepsOf } from './scale.ts';

/** Share of the rows that a column which nothing asks about must tell apart to name them. */
const naming = 1 / 3;
/** Different numbers at least from which a scale can be seen. */
const fewest = 12;

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
  const tells = all.some((column) => {
    const different = new Set(rows.map((row) => table[column][row]));
    return (!read.includes(column) && different.size > naming * rows.length) || isFine(different);
  });
  if (!tells) return rows;
  const seen = new Set<string>();
  return rows.filter((_, i) => !seen.has(whole[i]) && seen.add(whole[i]) !== undefined);
}

/** Whether numbers are steps of no scale, or of one on which so few would hardly meet: counts and shares of trials are not. */
function isFine(different: ReadonlySet<unknown>): boolean {
  const numbers = [...different].filter((value): value is number => typeof value === 'number');
  return numbers.length >= fewest && stepsOf(numbers) >= numbers.length ** 2;
}
