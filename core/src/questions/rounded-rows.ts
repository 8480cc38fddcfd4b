import { type Rounding, rounded, roundingsOf } from './rounding.ts';
import { amongFew, distinct, hashesOf, numbersOf, rowKeys, shareAmong } from './row-keys.ts';
import { type Columns, isTelling } from './sample.ts';
import { stepsOf } from './scale.ts';

/** Rows of the other table that are looked for, and rows by which it is told whether a column has many digits. */
const most = { rows: 2000, looked: 5000 };
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
  const chosen = evenly(other);
  const held = distinct(numbersOf(Object.values(table)));
  return roundingsOf(table).some(
    (rounding) => sameRows(table, chosen, fine, rounding) || sameNumbers(held, chosen, fine, rounding),
  );
}

function sameRows(table: Columns, chosen: Columns, fine: string[], rounding: Rounding): boolean {
  const [own, wanted] = [Object.keys(table), Object.keys(chosen)];
  if (own.length > mostColumns || Math.abs(own.length - wanted.length) > 1) return false;
  const moved = { ...chosen, ...Object.fromEntries(fine.map((name) => [name, turned(chosen[name])])) };
  const dropped = (names: string[]) => names.map((_, i) => names.filter((_, j) => j !== i));
  const [tables, others] = [
    own.length > wanted.length ? dropped(own) : [own],
    wanted.length > own.length ? dropped(wanted) : [wanted],
  ];
  const [inTable, inChosen, inMoved] = [table, chosen, moved].map((one) => keysIn(one, rounding));
  return tables.some((names) => {
    if (names.length < 2) return false;
    const held = inTable(names);
    return others.some((columns) => {
      if (!fine.some((name) => columns.includes(name))) return false;
      const rows = distinct(inChosen(columns));
      if (rows.length < fewest.rows) return false;
      const [found, byChance] = sharesIn(held, rows, distinct(inMoved(columns)));
      return found > tellingShare + 3 * byChance;
    });
  });
}

/** Keys of the rows of some columns of a table, rounded. */
function keysIn(table: Columns, rounding: Rounding): (names: string[]) => Float64Array {
  const hashes = Object.fromEntries(Object.entries(table).map(([name, values]) => [name, hashesOf(values, rounding)]));
  return (names) => rowKeys(names.map((name) => hashes[name]));
}

/** Which shares of few keys, in each of some lists, are among many. */
function sharesIn(held: Float64Array, ...lists: Float64Array[]): number[] {
  const wanted = new Set(lists.flatMap((keys) => [...keys]));
  const found = distinct(amongFew(held, wanted));
  return lists.map((keys) => shareAmong(keys, found));
}

/** Numbers that repeat are steps of a scale, which any two measurements share: they tell nothing. */
function sameNumbers(held: Float64Array, chosen: Columns, fine: string[], rounding: Rounding): boolean {
  return fine.some((name) => {
    const numbers = numbersOf([chosen[name]]).filter(isTelling);
    const different = new Set(numbers);
    if (different.size < 0.9 * numbers.length) return false;
    const wanted = new Set([...different].map((value) => rounded(value, rounding)));
    if (wanted.size < fewest.numbers) return false;
    const found = shareIn(wanted, held, rounding);
    const beside = new Set([...different].map((value) => rounded(value + 3 * stepAt(value, rounding), rounding)));
    if (found <= tellingShare + 3 * shareIn(beside, held, rounding)) return false;
    const all = distinct(held.map((value) => rounded(value, rounding))).length;
    return found > tellingShare + 3 * Math.min(1, all / stepsOf(different));
  });
}

/** The distance of two neighbours after rounding. */
const stepAt = (value: number, { decimals, digits = 1 }: Rounding): number =>
  10 ** (decimals === undefined ? Math.floor(Math.log10(Math.abs(value))) + 1 - digits : -decimals);

/** Rows of a table, evenly spaced, so that there are not more than are looked for. */
function evenly(table: Columns): Columns {
  const length = Object.values(table)[0]?.length ?? 0;
  const step = Math.max(1, Math.ceil(length / most.rows));
  const places = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return Object.fromEntries(Object.entries(table).map(([name, values]) => [name, places.map((row) => values[row])]));
}

/** Each row gets the value of another. */
const turned = <Value>(values: readonly Value[]): Value[] => [...values.slice(1), ...values.slice(0, 1)];

/** Share of some rounded numbers that one of many rising ones gives: rounding keeps their order. */
function shareIn(wanted: Set<number>, rising: Float64Array, rounding: Rounding): number {
  let found = 0;
  for (const one of wanted) {
    let [low, high] = [0, rising.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rounded(rising[middle], rounding) < one) low = middle + 1;
      else high = middle;
    }
    if (low < rising.length && rounded(rising[low], rounding) === one) found++;
  }
  return wanted.size === 0 ? 0 : found / wanted.size;
}
