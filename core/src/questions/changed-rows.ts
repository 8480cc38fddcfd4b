import { sameMeasurements } from '../identity/same-rows.ts';
import { isUncommon } from '../identity/telling.ts';
import { type Columns, isTelling } from './sample.ts';

/** Numbers at least that a series must have to be known again. */
const fewestNumbers = 8;
/** Rows by which it is told what a column is. */
const mostLooked = 5000;
/** Texts whose numbers are remembered while a column is read. */
const mostWords = 1000;
/** Numbers of which every pair is tried as the two ends of another series, at most; and numbers that are then looked for. */
const most = { pairs: 1000, looked: 400 };
/** Share of them that must lie there, and how near, in parts of the distance between the ends. */
const enough = 0.95;
const near = 1e-9;

/**
 * Whether a table holds measurements of another in another unit or through a rising function: row by row, or where texts name the
 * same rows; and in whatever order in another unit. Columns of counts and short decimals tell nothing.
 */
export function holdsChangedRowsOf(table: Columns, other: Columns): boolean {
  const wanted = Object.entries(other).flatMap(([name, values]) =>
    isFine(values) ? [{ name, row: numbersOf(values) }] : [],
  );
  if (wanted.length === 0) return false;
  const held = numericColumns(table);
  const texts = textColumns(table);
  return (
    wanted.some(({ row }) => held.some((own) => inPlace(own, row) || affine(own, row) || affine(row, own))) ||
    textColumns(other).some((theirs) =>
      texts.some((mine) => {
        const at = aligned(mine, theirs);
        return (
          at !== undefined &&
          wanted.some(({ row }) =>
            held.some((own) =>
              inPlace(
                at.map((place) => (place < 0 ? Number.NaN : own[place])),
                row,
              ),
            ),
          )
        );
      }),
    )
  );
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Whether most of a column are numbers of many digits. */
function isFine(values: readonly unknown[]): boolean {
  const numbers = values.slice(0, mostLooked).filter(isNumber);
  return numbers.length >= fewestNumbers && numbers.filter(isTelling).length > numbers.length / 2;
}

/** Numbers of a column, also those that stand in texts with a word before or after them; NaN for what has none. */
function numbersOf(values: readonly unknown[]): Float64Array {
  const numbers = new Float64Array(values.length);
  const words = new Map<unknown, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    numbers[row] = typeof value === 'number' ? value : (words.get(value) ?? numberIn(value));
    if (typeof value !== 'number' && words.size < mostWords) words.set(value, numbers[row]);
  }
  return numbers;
}

function numberIn(value: unknown): number {
  const found = typeof value === 'string' ? /[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/i.exec(value)?.[0] : undefined;
  return found === undefined ? Number.NaN : Number(found);
}

/** Columns of numbers whose course is their own, as their first rows tell. */
export const numericColumns = (table: Columns): Float64Array[] =>
  Object.values(table).flatMap((values) => {
    const head = numbersOf(values.slice(0, mostLooked));
    const known = head.filter(Number.isFinite).length >= fewestNumbers && isUncommon(head);
    return known ? [values.length > mostLooked ? numbersOf(values) : head] : [];
  });

const inPlace = (a: ArrayLike<number>, b: ArrayLike<number>) => a.length === b.length && sameMeasurements(a, b) > 0;

/** Columns of texts that name rows: hardly one stands twice. */
const textColumns = (table: Columns): string[][] =>
  Object.values(table).flatMap((values) => {
    const texts = textsIn(values);
    return texts ? [texts] : [];
  });

function textsIn(values: readonly unknown[]): string[] | undefined {
  const texts: string[] = [];
  const different = new Set<string>();
  for (const value of values) {
    if (typeof value !== 'string') return undefined;
    texts.push(value);
    different.add(value);
    if (texts.length - different.size >= 0.1 * values.length) return undefined;
  }
  return texts;
}

/** Place among `mine` of each of `theirs`, −1 where it is not there; undefined where hardly one is. */
function aligned(mine: string[], theirs: string[]): Float64Array | undefined {
  const place = new Map(mine.map((text, i) => [text, i]));
  const at = Float64Array.from(theirs, (text) => place.get(text) ?? -1);
  return at.filter((one) => one >= 0).length >= fewestNumbers ? at : undefined;
}

/**
 * Whether numbers lie among others, in any order, each times one number and moved by one. Numbers of a coarse scale lie among any
 * others of one: where they still do with the distances between them in another order, chance has found them.
 */
export function affine(among: Float64Array, values: Float64Array): boolean {
  if (among.length > most.pairs || values.length > most.pairs) return false;
  const all = Float64Array.from(new Set(among.filter(Number.isFinite))).sort();
  const sought = values.filter(Number.isFinite).sort();
  if (sought.length > all.length || sought.length < fewestNumbers) return false;
  if (new Set(sought).size < 0.9 * sought.length) return false;
  return liesAmong(all, sought) && !rearranged(sought).some((other) => liesAmong(all, other));
}

/** Rising numbers of the same range, with the distances from one to the next turned by a third, and every second one first. */
function rearranged(rising: Float64Array): Float64Array[] {
  const gaps = Array.from(rising.subarray(1), (value, i) => value - rising[i]);
  const third = Math.ceil(gaps.length / 3);
  const odd = gaps.filter((_, i) => i % 2 === 1);
  const orders = [
    [...gaps.slice(third), ...gaps.slice(0, third)],
    [...odd, ...gaps.filter((_, i) => i % 2 === 0)],
  ];
  return orders.map((order) => {
    let at = rising[0];
    return Float64Array.from([at, ...order.map((gap) => (at += gap))]);
  });
}

/** Whether rising numbers lie among others: smallest and largest are tried at every pair. */
function liesAmong(all: Float64Array, sought: Float64Array): boolean {
  const [low, high] = [sought[0], sought[sought.length - 1]];
  const step = Math.max(1, Math.floor(sought.length / most.looked));
  const inside = Float64Array.from(sought, (value) => (value - low) / (high - low)).filter((_, i) => i % step === 0);
  const [probe] = inside.subarray(Math.floor(inside.length / 2));
  for (let i = 0; i < all.length; i++)
    for (let j = i + sought.length - 1; j < all.length; j++)
      for (const [from, to] of [
        [all[i], all[j]],
        [all[j], all[i]],
      ]) {
        const lies = (part: number) => holds(all, from + part * (to - from), near * Math.abs(to - from));
        if (lies(probe) && inside.filter(lies).length >= enough * inside.length) return true;
      }
  return false;
}

/** Whether a value lies among sorted ones. */
function holds(sorted: Float64Array, value: number, within: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value - within) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low] <= value + within;
}
