import { holdsChangedRowsOf } from './changed-rows.ts';
import { holdsRoundedRowsOf } from './rounded-rows.ts';
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
  const numbers = tellingNumbers(other);
  const known = tellingNumbers(table);
  if (numbers.size >= 4 && shareOf(numbers, known) > tellingShare + 3 * chanceOnScales(other, known.size)) return true;
  const rows = rowTexts(other);
  if (rows !== undefined && rows.size > 0) {
    const held = rowTexts(table, true) ?? new Set();
    const share = shareOf(rows, held);
    if (share > tellingShare) {
      const chance = chanceOf(other, held);
      // Four standard deviations of what chance finds, where it finds anything: few rows share some by luck.
      const luck = chance === 0 ? 0 : (4 * Math.sqrt(chance * rows.size + 1)) / rows.size;
      if (share > chance + Math.max(luck, tellingShare * (1 - chance))) return true;
    }
  }
  return holdsRoundedRowsOf(table, other) || holdsChangedRowsOf(table, other);
}

function tellingNumbers(table: Columns): Set<number | string> {
  const found = new Set<number | string>();
  for (const values of Object.values(table))
    for (const value of values) if (typeof value === 'number' && isTelling(value)) found.add(value);
  return found;
}

/** Share of a table's telling numbers that so many others hold by chance: of those that are steps of a scale, as shares of trials are. */
function chanceOnScales(table: Columns, others: number): number {
  let [chance, all] = [0, 0];
  for (const values of Object.values(table)) {
    const numbers = new Set(values.filter((value): value is number => typeof value === 'number' && isTelling(value)));
    chance += numbers.size * Math.min(1, others / stepsOf([...numbers]));
    all += numbers.size;
  }
  return all === 0 ? 0 : chance / all;
}

/** A row whatever order its columns lie in. */
const textOf = (cells: unknown[]): string => cells.map(String).sort().join('\u0000');

/** Rows as the sorted texts of their cells; undefined where most have an equal, unless that does not matter. */
function rowTexts(table: Columns, repeated = false): Set<number | string> | undefined {
  const columns = Object.values(table);
  if (columns.length < fewestCells) return undefined;
  const found = new Set<string>();
  const total = columns[0].length;
  for (let row = 0; row < total; row++) found.add(textOf(columns.map((values) => values[row])));
  return repeated || found.size > total / 2 ? found : undefined;
}

/**
 * How many rows of a table chance finds among others: the same rows with another row's value in one column, the most of any column.
 * Counts of a few spikes are shared by any two sessions of one design, and show no copy.
 */
function chanceOf(table: Columns, held: Set<number | string>): number {
  const columns = Object.values(table);
  const total = columns[0]?.length ?? 0;
  const shares = columns.map((values, at) => {
    const moved = values.map((_, row) => values[(row + Math.ceil(total / 3)) % total]);
    const changed = [...moved.keys()].filter((row) => moved[row] !== values[row]);
    const texts = changed.map((row) => textOf(columns.map((own, i) => (i === at ? moved[row] : own[row]))));
    return changed.length < fewestChanged ? 0 : shareOf(new Set(texts), held);
  });
  return Math.max(0, ...shares);
}

function shareOf(wanted: Set<number | string>, found: Set<number | string>): number {
  let held = 0;
  for (const one of wanted) if (found.has(one)) held++;
  return held / wanted.size;
}
