import { holdsChangedRowsOf } from './changed-rows.ts';
import { holdsRoundedRowsOf } from './rounded-rows.ts';
import { distinct, hashesOf, keysWithMoved, numbersOf, rowKeys, shareAmong } from './row-keys.ts';
import { type Columns, isTelling } from './sample.ts';
import { stepsOf } from './scale.ts';

/** Share of the measurements of one table that, found in another, show that it holds them. */
const tellingShare = 0.1;
/** Cells at least that make a row known again. */
const fewestCells = 3;
/** Rows that must change for chance to be counted by them. */
const fewestChanged = 10;

/**
 * Whether a table holds measurements of another, whatever its columns are called and in which order they lie: a tenth of its
 * numbers of many digits, or of its rows where most of them differ, beyond what chance gives; rounded, in another unit, or through a
 * rising function too.
 */
export function holdsRowsOf(table: Columns, other: Columns): boolean {
  const numbers = tellingNumbers(...Object.values(other));
  const known = tellingNumbers(...Object.values(table));
  const shared = numbers.length < 4 ? 0 : shareAmong(numbers, known);
  if (shared > tellingShare && shared > tellingShare + 3 * chanceOnScales(other, known.length)) return true;
  const rows = differentRows(other);
  if (rows !== undefined && rows.length > 0) {
    const held = differentRows(table, true) ?? new Float64Array();
    const share = shareAmong(rows, held);
    if (share > tellingShare) {
      const chance = chanceOf(other, held);
      // Four standard deviations of what chance finds, where it finds anything: few rows share some by luck.
      const luck = chance === 0 ? 0 : (4 * Math.sqrt(chance * rows.length + 1)) / rows.length;
      if (share > chance + Math.max(luck, tellingShare * (1 - chance))) return true;
    }
  }
  return holdsRoundedRowsOf(table, other) || holdsChangedRowsOf(table, other);
}

/** Different numbers of many digits, rising. */
const tellingNumbers = (...columns: (readonly unknown[])[]): Float64Array =>
  distinct(numbersOf(columns).filter(isTelling));

/** Share of a table's telling numbers that so many others hold by chance: of those that are steps of a scale, as shares of trials are. */
function chanceOnScales(table: Columns, others: number): number {
  let [chance, all] = [0, 0];
  for (const values of Object.values(table)) {
    const numbers = tellingNumbers(values);
    chance += numbers.length * Math.min(1, others / stepsOf(numbers));
    all += numbers.length;
  }
  return all === 0 ? 0 : chance / all;
}

/** Keys of different rows, rising; undefined where most rows have an equal, unless that does not matter. */
function differentRows(table: Columns, repeated = false): Float64Array | undefined {
  const columns = Object.values(table);
  if (columns.length < fewestCells) return undefined;
  const found = distinct(rowKeys(columns.map((values) => hashesOf(values))));
  return repeated || found.length > columns[0].length / 2 ? found : undefined;
}

/**
 * How many rows of a table chance finds among others: the same rows with another row's value in one column, the most of any column.
 * Counts of a few spikes are shared by any two sessions of one design, and show no copy.
 */
function chanceOf(table: Columns, held: Float64Array): number {
  const columns = Object.values(table);
  const hashes = columns.map((values) => hashesOf(values));
  const total = columns[0]?.length ?? 0;
  const from = (row: number) => (row + Math.ceil(total / 3)) % total;
  const shares = columns.map((values, at) => {
    const keys = keysWithMoved(hashes, at, from).filter((_, row) => values[from(row)] !== values[row]);
    return keys.length < fewestChanged ? 0 : shareAmong(distinct(keys), held);
  });
  return Math.max(0, ...shares);
}
