import { makeRandom } from '../statistics/random.ts';
import { chance } from './same-rows.ts';
import { isUncommon } from './telling.ts';

/** Values that two rows must have in common at least. */
const fewest = 8;
/** Pairs of values from which a unit is guessed: where half of a row is known, one of 24 pairs misses both with 0.1 %. */
const mostGuesses = 24;
/** Values of a row of which all pairs are tried; of more those that stand about where the guessed ones do, at either end. */
const mostSearched = 150;
/** Guesses that one comparison may try. */
const mostWork = 1e8;
/** Precision of a value, of the largest of its row: single precision, with what two values carry into a unit. */
const precision = 1e-6;
/** Cells of the grid on which a value is looked up first: so many that hardly one of a hundred is near a value. */
const cells = 1 << 20;
/** Values on either side of one from which it is judged how close they stand. */
const around = 3;
/** Share of values that may stand in several places, beside one that may stand in any number. */
const mostRepeated = 0.01;
/** Parts of the smallest difference on which the values of a coarse scale all lie, and how nearly. */
const finest = 24;
const nearly = 0.05;

/** A row as it is searched: what stands in it once, rising, with the place of each, and a grid on which it and its neighbours are 1. */
interface Searched {
  values: Float64Array;
  places: Int32Array;
  lowest: number;
  spread: number;
  largest: number;
  grid: Uint8Array;
}

/**
 * For each value of `asked` the place in `held` of the same measurement, −1 where there is none: in another unit, in any order, in
 * part, and among values that are new. undefined where what they share may be chance, or where values lie on a coarse scale. Beyond
 * single precision nothing is known again. rows: how many rows are compared in all, which all have their chance.
 */
export function samePart(held: Float64Array, asked: Float64Array, rows = 1): Int32Array | undefined {
  const b = searched(asked);
  const a = b && searched(held);
  if (!a || !b) return undefined;
  const n = a.values.length;
  const reach = n <= mostSearched ? n : Math.ceil(Math.max(mostSearched / 2, 3 * Math.sqrt(n)));
  const guesses = Math.min(mostGuesses, Math.floor(mostWork / (Math.min(n, 4 * reach) ** 2 * rows)));
  if (guesses < 1) return undefined;
  const log = Math.log(2 * guesses) + 2 * Math.log(n) + Math.log(rows);
  for (const guess of guessesFrom(b.values, guesses)) {
    const found = [false, true].map((turned) => unitFrom(guess, a, b, { log, reach, turned })).find(Boolean);
    if (found) return placesOf(found, a, b, asked.length);
  }
  return undefined;
}

/** A unit: `held` = (`asked` − offset) / factor. */
interface Unit {
  factor: number;
  offset: number;
}

/** Rows as they are searched, each made once for all that it is compared with; undefined: it tells nothing. */
const known = new WeakMap<Float64Array, { as: Searched | undefined }>();

function searched(row: Float64Array): Searched | undefined {
  const made = known.get(row) ?? { as: searchedAnew(row) };
  known.set(row, made);
  return made.as;
}

function searchedAnew(row: Float64Array): Searched | undefined {
  if (!isUncommon(row)) return undefined;
  const rising = Int32Array.from(row.keys())
    .filter((i) => Number.isFinite(row[i]))
    .sort((i, j) => row[i] - row[j]);
  const stands = (k: number, beside: number) => row[rising[k]] === row[rising[k + beside]];
  const places = rising.filter((_, k) => !stands(k, -1) && !stands(k, 1));
  const values = Float64Array.from(places, (i) => row[i]);
  if (values.length < fewest || levels(row) > mostRepeated * rising.length || isCoarse(values)) return undefined;
  const [lowest, spread] = [values[0], values[values.length - 1] - values[0]];
  const grid = new Uint8Array(cells + 2);
  for (const value of values) {
    const cell = cellOf(value, lowest, spread);
    grid.fill(1, cell - 1, cell + 2);
  }
  return { values, places, lowest, spread, largest: Math.max(-lowest, values[values.length - 1]), grid };
}

/** Values that stand in several places, but for one (silence). */
function levels(row: Float64Array): number {
  const [seen, repeated] = [new Set<number>(), new Set<number>()];
  for (const value of row) (seen.has(value) ? repeated : seen).add(value);
  return repeated.size - 1;
}

const cellOf = (value: number, low: number, spread: number) => 1 + Math.floor(((value - low) / spread) * (cells - 1));

/** Whether values lie on steps of one size, or of a whole part of the smallest: what was counted, rounded or digitised. Rising. */
function isCoarse(values: Float64Array): boolean {
  const smallest = values
    .subarray(1)
    .reduce((least, value, i) => Math.min(least, value - values[i]), Number.POSITIVE_INFINITY);
  return Array.from({ length: finest }, (_, i) => smallest / (i + 1)).some((step) => onSteps(values, step));
}

/** Whether values lie on steps of about this size, which is known better with each. */
function onSteps(values: Float64Array, about: number): boolean {
  let step = about;
  return values.every((value, i) => {
    const steps = (value - values[0]) / step;
    const whole = Math.round(steps);
    if (i > 0) step = (value - values[0]) / whole;
    return Math.abs(steps - whole) < nearly;
  });
}

/** What a unit is guessed from: two values far apart, and where others lie between and beside them, 0 at the one and 1 at the other. */
interface Guess {
  low: number;
  high: number;
  /** Ranks of both, 0 to 1. */
  ranks: readonly [number, number];
  probes: Float64Array;
}

/** The same guesses for the same row. values: rising. */
function guessesFrom(values: Float64Array, count: number): Guess[] {
  const random = makeRandom('units of a part');
  const [third, last] = [Math.max(1, Math.floor(values.length / 3)), values.length - 1];
  return Array.from({ length: count }, () => {
    const ranks = [random.integer(third), last - random.integer(third)];
    const [low, high] = ranks.map((rank) => values[rank]);
    const probes = Float64Array.from({ length: 4 }, () => (values[random.integer(values.length)] - low) / (high - low));
    return { low, high, ranks: [ranks[0] / last, ranks[1] / last], probes };
  });
}

/** How a unit is looked for. log: of the number of all tries; reach: ranks on either side; turned: falling where the other rises. */
interface Search {
  log: number;
  reach: number;
  turned: boolean;
}

/** The unit in which both values of a guess are values of `a`, and more of `b` than chance would put there. */
function unitFrom(
  { low, high, ranks, probes }: Guess,
  a: Searched,
  b: Searched,
  { log, reach, turned }: Search,
): Unit | undefined {
  const { values } = a;
  const [[from, to], [start, end]] = ranks.map((rank) => about(turned ? 1 - rank : rank, reach, values.length));
  for (let i = from; i < to; i++)
    for (let j = turned ? start : Math.max(start, i + 1); j < (turned ? Math.min(end, i) : end); j++) {
      const [first, width] = [values[i], values[j] - values[i]];
      let met = 0;
      for (let k = 0; k < 4; k++) met += onGrid(first + probes[k] * width, a);
      if (met < 2) continue;
      const factor = (high - low) / width;
      const unit = { factor, offset: low - factor * first };
      if (isMore(unit, a, b, log)) return unit;
    }
  return undefined;
}

/** Ranks of a row of so many values from which and up to which one of this rank is looked for. */
function about(rank: number, reach: number, count: number): [number, number] {
  const centre = Math.round(rank * (count - 1));
  return [Math.max(0, centre - reach), Math.min(count, centre + reach + 1)];
}

function onGrid(value: number, { lowest, spread, grid }: Searched): number {
  const cell = cellOf(value, lowest, spread);
  return cell >= 1 && cell <= cells ? grid[cell] : 0;
}

/** Whether more values of `a` are met than chance would meet (Chernoff's bound), each as likely as values stand close around it. */
function isMore(unit: Unit, a: Searched, b: Searched, log: number): boolean {
  const met = new Set<number>();
  let expected = 0;
  for (const value of b.values) {
    const at = placeOf(value, unit, a, b);
    if (at >= 0) met.add(at);
    expected += chanceAt((value - unit.offset) / unit.factor, withinOf(unit, a, b), a);
  }
  const found = met.size - 2;
  if (found < fewest - 2 || found <= expected) return false;
  return log + found - expected + found * Math.log(expected / found) < Math.log(chance);
}

/** Chance with which a value that has nothing to do with a row meets one of it, at most: from the width of the values around it. */
function chanceAt(wanted: number, within: number, { values }: Searched): number {
  const at = rankOf(wanted, values);
  const [low, high] = [Math.max(0, at - around), Math.min(values.length - 1, at + around)];
  const width = Math.max(values[high], wanted) - Math.min(values[low], wanted);
  return Math.min(1, (2 * (high - low + 1) * within) / width);
}

const withinOf = ({ factor }: Unit, a: Searched, b: Searched) => precision * (a.largest + b.largest / Math.abs(factor));

/** Rank in `a` of the value nearest to one of `b`, −1 where none is near enough. */
function placeOf(value: number, unit: Unit, a: Searched, b: Searched): number {
  const wanted = (value - unit.offset) / unit.factor;
  const near = rankOf(wanted, a.values);
  return Math.abs(a.values[near] - wanted) <= withinOf(unit, a, b) ? near : -1;
}

/** Rank of the value that is nearest. values: rising. */
function rankOf(wanted: number, values: Float64Array): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - values[low - 1] < values[low] - wanted ? low - 1 : low;
}

function placesOf(unit: Unit, a: Searched, b: Searched, length: number): Int32Array {
  const found = new Int32Array(length).fill(-1);
  for (const [rank, value] of b.values.entries()) {
    const at = placeOf(value, unit, a, b);
    if (at >= 0) found[b.places[rank]] = a.places[at];
  }
  return found;
}
