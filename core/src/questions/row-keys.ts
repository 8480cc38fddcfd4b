import { type Rounding, rounded } from './rounding.ts';
import type { Cell } from './sample.ts';

/** Two hashes of the text of each cell of a column, [row] each: equal texts have equal ones, and a number that of its text. */
export interface CellHashes {
  low: Uint32Array;
  high: Uint32Array;
}

const known = new WeakMap<readonly Cell[], CellHashes>();

/** Hashes of the cells of a column, its numbers rounded. What was hashed as it stands is not hashed again while it is held. */
export function hashesOf(column: readonly Cell[], rounding?: Rounding): CellHashes {
  if (rounding && isChanged(column, rounding)) return hashed(column, rounding);
  const found = known.get(column) ?? hashed(column);
  known.set(column, found);
  return found;
}

function isChanged(column: readonly Cell[], rounding: Rounding): boolean {
  for (const cell of column) if (typeof cell === 'number' && rounded(cell, rounding) !== cell) return true;
  return false;
}

/**
 * One number of 53 bits a row, [row]: the same for rows of the same cells, whatever order their columns lie in. Chance gives two
 * different rows one key with a probability of 1e-16.
 */
export function rowKeys(columns: readonly CellHashes[]): Float64Array {
  const keys = new Float64Array(columns[0]?.low.length ?? 0);
  const [lows, highs] = [columns.map(({ low }) => low), columns.map(({ high }) => high)];
  for (let row = 0; row < keys.length; row++) {
    let [first, second] = [0, 0];
    for (let column = 0; column < lows.length; column++) {
      first = (first + lows[column][row]) | 0;
      second = (second + highs[column][row]) | 0;
    }
    keys[row] = keyOf(first, second);
  }
  return keys;
}

/** Keys of rows that have another row's cell in one column, [row], made of the hashes of all columns and of that one, moved. */
export function keysWithMoved(columns: readonly CellHashes[], at: number, from: (row: number) => number): Float64Array {
  const { low, high } = columns[at];
  const moved = { low: low.map((_, row) => low[from(row)]), high: high.map((_, row) => high[from(row)]) };
  return rowKeys(columns.map((own, i) => (i === at ? moved : own)));
}

/** Different ones of some numbers, rising; what is no number is left out. */
export function distinct(numbers: Float64Array): Float64Array {
  const rising = numbers.slice().sort();
  let kept = 0;
  for (let i = 0; i < rising.length; i++) {
    const value = rising[i];
    if (!Number.isNaN(value) && (kept === 0 || value !== rising[kept - 1])) rising[kept++] = value;
  }
  return rising.subarray(0, kept);
}

/** Numbers of all columns of a table, in their order: what is no number, or has no end, is left out. */
export function numbersOf(columns: readonly (readonly unknown[])[]): Float64Array {
  const numbers = new Float64Array(columns.reduce((sum, values) => sum + values.length, 0));
  let count = 0;
  for (const values of columns)
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (typeof value === 'number' && Number.isFinite(value)) numbers[count++] = value;
    }
  return numbers.subarray(0, count);
}

/** Numbers that are among few: what is among many is found without a list of the many. */
export function amongFew(numbers: Float64Array, few: ReadonlySet<number>): Float64Array {
  const bits = 0xffff;
  const may = new Uint8Array(bits + 1);
  for (const one of few) may[one & bits] = 1;
  return numbers.filter((one) => may[one & bits] === 1 && few.has(one));
}

/** Share of some different, rising numbers that are among others; 0 where there are none. */
export function shareAmong(wanted: Float64Array, held: Float64Array): number {
  let [found, at] = [0, 0];
  for (const value of wanted) {
    while (at < held.length && held[at] < value) at++;
    if (held[at] === value) found++;
  }
  return wanted.length === 0 ? 0 : found / wanted.length;
}

const bits = new DataView(new ArrayBuffer(8));
/** The hash that was made last: pairs of numbers made for each cell would take longer than the hashing. */
const last = { low: 0, high: 0 };

function hashed(column: readonly Cell[], rounding?: Rounding): CellHashes {
  const [low, high] = [new Uint32Array(column.length), new Uint32Array(column.length)];
  for (let row = 0; row < column.length; row++) {
    const cell = column[row];
    if (typeof cell === 'number') hashNumber(rounding ? rounded(cell, rounding) : cell);
    else hashText(String(cell));
    low[row] = last.low;
    high[row] = last.high;
  }
  return { low, high };
}

function hashText(text: string): void {
  const number = startsNumber(text.charCodeAt(0)) ? Number(text) : Number.NaN;
  if (String(number) === text) hashNumber(number);
  else hashWord(text);
}

/** FNV-1a, twice, with primes of their own. */
function hashWord(text: string): void {
  let [low, high] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b);
  }
  setLast(low, high);
}

/** Whether the text of a number may begin so: a digit, a sign, Infinity, NaN. */
const startsNumber = (code: number) => (code >= 45 && code <= 57) || code === 73 || code === 78;

function hashNumber(value: number): void {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const [first, second] = [bits.getInt32(0), bits.getInt32(4)];
  setLast(scattered(first) ^ Math.imul(second, 0x9e3779b1), scattered(second) ^ Math.imul(first, 0x27d4eb2f));
}

function setLast(low: number, high: number): void {
  last.low = scattered(low);
  last.high = scattered(high ^ 0x5bd1e995);
}

/** Each bit changes about half of the others (the last step of MurmurHash3, Appleby 2011). */
function scattered(hash: number): number {
  let one = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  one = Math.imul(one ^ (one >>> 13), 0xc2b2ae35);
  return one ^ (one >>> 16);
}

const keyOf = (low: number, high: number) => (high >>> 11) * 2 ** 32 + (low >>> 0);
