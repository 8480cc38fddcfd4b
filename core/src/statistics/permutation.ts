import type { Random } from './random.ts';

/** Share of the ways to exchange data that give a statistic at least, and at most, as large as the observed one. */
export interface Tails {
  above: number;
  below: number;
  /** Ways that were looked at. */
  ways: number;
  /** All of them, or drawn at random. */
  exact: boolean;
}

const mostDraws = 400_000;

/** How many random draws tell a p-value of `finest` apart: ten of them lie below it. */
export const drawsFor = (finest: number): number => Math.min(mostDraws, Math.ceil(10 / finest) - 1);

/** Ways that are all gone through, where they are not many more than would be drawn; 20,000 at `finest` 0.001 and below. */
const mostExact = (finest: number): number => Math.min(20_000, 2 * drawsFor(finest) + 2);

/**
 * p-values of a statistic by exchanging data (Fisher 1935; Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39): the share of all
 * ways where `all` goes through them, else (b + 1) / (draws + 1) of random ones, which is never 0 and valid at any number of
 * draws. A way that differs from the observed by rounding alone counts as equal to it. all gives the ways one by one.
 */
export function tailsOf(observed: number, ways: Iterable<number>, exact: boolean): Tails {
  const slack = Number.isFinite(observed) ? 1e-12 * Math.max(1, Math.abs(observed)) : 0;
  let [above, below, count] = exact ? [0, 0, 0] : [1, 1, 1];
  for (const statistic of ways) {
    count++;
    // A way whose statistic is not defined counts against a discovery on both sides.
    if (!(statistic < observed - slack)) above++;
    if (!(statistic > observed + slack)) below++;
  }
  return { above: above / count, below: below / count, ways: count, exact };
}

/** Number of ways to choose k of n, Infinity beyond what is counted. */
export function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k) && ways < 1e15; i++) ways = (ways * (n - Math.min(k, n - k) + i)) / i;
  return Math.round(ways);
}

/** statistic of [first n values, rest] when the n values of the first group are chosen in every way, or at random. values: both groups, first group first. */
export function permuteGroups(
  values: Float64Array,
  n: number,
  statistic: (values: Float64Array, n: number) => number,
  random: Random,
  finest: number,
): Tails {
  const observed = statistic(values, n);
  if (choose(values.length, n) <= mostExact(finest))
    return tailsOf(
      observed,
      mapped(combinations(values, n), (way) => statistic(way, n)),
      true,
    );
  return tailsOf(
    observed,
    mapped(shuffles(values, n, random, drawsFor(finest)), (way) => statistic(way, n)),
    false,
  );
}

/** statistic of values whose signs are turned in every way, or at random. */
export function flipSigns(
  values: Float64Array,
  statistic: (values: Float64Array) => number,
  random: Random,
  finest: number,
): Tails {
  const observed = statistic(values);
  const exact = 2 ** values.length <= mostExact(finest);
  return tailsOf(
    observed,
    mapped(exact ? allSigns(values) : someSigns(values, random, drawsFor(finest)), statistic),
    exact,
  );
}

/** statistic of `values` put into every order, or into random ones. blocks: orders change within equal labels alone. */
export function permuteOrder(
  values: Float64Array,
  statistic: (values: Float64Array) => number,
  random: Random,
  finest: number,
  blocks?: readonly string[],
): Tails {
  const { ways, exact } = ordersOf(values, random, finest, blocks);
  return tailsOf(statistic(values), mapped(ways, statistic), exact);
}

/** `values` in every order where these are few, else in random ones. The same array is given each time. blocks: see `permuteOrder`. */
export function ordersOf(
  values: Float64Array,
  random: Random,
  finest: number,
  blocks?: readonly string[],
): { ways: Iterable<Float64Array>; exact: boolean } {
  if (blocks) return { ways: blockShuffles(values, blocks, random, drawsFor(finest)), exact: false };
  if (factorial(values.length) <= mostExact(finest)) return { ways: orders(values), exact: true };
  return { ways: shuffles(values, values.length, random, drawsFor(finest)), exact: false };
}

function* mapped(ways: Iterable<Float64Array>, statistic: (values: Float64Array) => number): Iterable<number> {
  for (const way of ways) yield statistic(way);
}

/** n!, Infinity beyond 18. */
export const factorial = (n: number): number => (n > 18 ? Number.POSITIVE_INFINITY : n < 2 ? 1 : n * factorial(n - 1));

/** Every choice of n of the values, the chosen first. The same array is given each time. */
function* combinations(values: Float64Array, n: number): Iterable<Float64Array> {
  const chosen = Array.from({ length: n }, (_, i) => i);
  const way = new Float64Array(values.length);
  for (;;) {
    let [front, back] = [0, n];
    for (let i = 0; i < values.length; i++) way[chosen[front] === i ? front++ : back++] = values[i];
    yield way;
    let at = n - 1;
    while (at >= 0 && chosen[at] === values.length - n + at) at--;
    if (at < 0) return;
    chosen[at]++;
    for (let i = at + 1; i < n; i++) chosen[i] = chosen[i - 1] + 1;
  }
}

/** Random orders, of which the first n places are drawn (Fisher & Yates): a choice of n needs no more. */
function* shuffles(values: Float64Array, n: number, random: Random, draws: number): Iterable<Float64Array> {
  const way = Float64Array.from(values);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < n; i++) swap(way, i, i + random.integer(way.length - i));
    yield way;
  }
}

/** By a variable: a pair would be made anew each time, and most of a permutation test is this. */
function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
}

function* blockShuffles(
  values: Float64Array,
  blocks: readonly string[],
  random: Random,
  draws: number,
): Iterable<Float64Array> {
  const places = new Map<string, number[]>();
  blocks.forEach((block, i) => places.set(block, [...(places.get(block) ?? []), i]));
  const way = Float64Array.from(values);
  for (let draw = 0; draw < draws; draw++) {
    for (const own of places.values())
      for (let i = own.length - 1; i > 0; i--) {
        swap(way, own[i], own[random.integer(i + 1)]);
      }
    yield way;
  }
}

/** Every order, by Heap's algorithm (Heap 1963, Comput J 6:293). */
function* orders(values: Float64Array): Iterable<Float64Array> {
  const way = Float64Array.from(values);
  const count = new Int32Array(way.length);
  yield way;
  for (let i = 0; i < way.length; ) {
    if (count[i] >= i) {
      count[i++] = 0;
      continue;
    }
    const j = i % 2 === 0 ? 0 : count[i];
    swap(way, i, j);
    yield way;
    count[i]++;
    i = 0;
  }
}

function* allSigns(values: Float64Array): Iterable<Float64Array> {
  for (let signs = 0; signs < 2 ** values.length; signs++)
    yield values.map((value, i) => ((signs >> i) & 1 ? -value : value));
}

function* someSigns(values: Float64Array, random: Random, draws: number): Iterable<Float64Array> {
  for (let draw = 0; draw < draws; draw++) yield values.map((value) => (random.uniform() < 0.5 ? -value : value));
}

/** "exact permutation, 252 ways" */
export function inWords({ exact, ways }: Tails): string {
  return exact ? `exact permutation, ${ways} ways` : `permutation, ${ways} random ways`;
}
