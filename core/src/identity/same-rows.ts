/** Fewest values in common by which two rows of numbers can be shown to be one. */
export const fewestShared = 4;
/** Chance, at most, with which rows that have nothing to do with each other are taken for one. */
export const chance = 1e-12;
/** Largest 1 − r² of two rows that are the same measurements, up to precision; and up to rounding, where there are enough of them. */
const exact = 1e-9;
const rounded = 1e-3;
/** Smallest r² of rows whose order is looked at: rising functions that bend more than this are not known again. */
const least = 0.1;

/** How surely two rows are the same measurements: 2 up to precision, 1 up to rounding or a rising or falling function, 0 not. */
export type Sameness = 0 | 1 | 2;

/**
 * Whether two rows hold the same measurements, one a value of the other: in another unit, rounded, or through any function that
 * rises or falls (logarithms, roots, ranks). Only values that both have count, and as many as make it no work of chance. Repeats of
 * one stimulus never agree like this: noise of a thousandth of the variance is enough to part them.
 */
export function sameMeasurements(a: ArrayLike<number>, b: ArrayLike<number>): Sameness {
  const { n, r2 } = correlationOf(a, b);
  if (n < fewestShared || !(r2 >= least)) return 0;
  if (1 - r2 < exact) return 2;
  // 1 − r² of n unrelated normal values is below c with a probability of about c^((n − 2) / 2).
  if (n > fewestShared && 1 - r2 < Math.min(rounded, chance ** (2 / (n - 2))) && agreeInBulk(a, b)) return 1;
  const at = Array.from({ length: a.length }, (_, i) => i).filter((i) => isPair(a[i], b[i]));
  return sameOrder(
    Float64Array.from(at, (i) => a[i]),
    Float64Array.from(at, (i) => b[i]),
  )
    ? 1
    : 0;
}

/**
 * Whether rows agree without their largest and smallest tenth too: a few strong responses agree in every repeat, and make most of r².
 * Spread over its middle a normal row misses twice as much.
 */
function agreeInBulk(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const order = Array.from({ length: a.length }, (_, i) => i)
    .filter((i) => isPair(a[i], b[i]))
    .sort((i, j) => a[i] - a[j]);
  const tenth = Math.floor(order.length / 10);
  const bulk = order.slice(tenth, order.length - tenth);
  const { r2 } = correlationOf(
    bulk.map((i) => a[i]),
    bulk.map((i) => b[i]),
  );
  return 1 - r2 < 5 * rounded;
}

const isPair = (x: number, y: number) => Number.isFinite(x) && Number.isFinite(y);

/** r² of two rows, over the values that both have; NaN where one does not vary. */
export const sharedVariance = (a: ArrayLike<number>, b: ArrayLike<number>): number => correlationOf(a, b).r2;

/** Pairs of values, and r² over them; NaN where one side does not vary. Without a list of its own: it is asked of all pairs of neurons. */
function correlationOf(a: ArrayLike<number>, b: ArrayLike<number>): { n: number; r2: number } {
  let [n, ma, mb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!isPair(a[i], b[i])) continue;
    n++;
    ma += a[i];
    mb += b[i];
  }
  ma /= n;
  mb /= n;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!isPair(a[i], b[i])) continue;
    xx += (a[i] - ma) ** 2;
    yy += (b[i] - mb) ** 2;
    xy += (a[i] - ma) * (b[i] - mb);
  }
  const varies = (squares: number, centre: number) => Math.sqrt(squares) > 1e-12 * Math.max(1, Math.abs(centre));
  return { n, r2: varies(xx, ma) && varies(yy, mb) ? (xy * xy) / (xx * yy) : Number.NaN };
}

/** Whether one row never falls where the other rises, or never rises there, and chance would hardly make it so. */
function sameOrder(x: Float64Array, y: Float64Array): boolean {
  if (logChance(x, y) > Math.log(chance)) return false;
  return (
    rises(x, y) ||
    rises(
      x,
      y.map((value) => -value),
    )
  );
}

/** Whether all of `y` at a value of `x` are at most those at the next larger one. */
function rises(x: Float64Array, y: Float64Array): boolean {
  const order = Array.from(x.keys()).sort((i, j) => x[i] - x[j]);
  let [before, now] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [k, i] of order.entries()) {
    if (k > 0 && x[i] > x[order[k - 1]]) before = now;
    if (y[i] < before) return false;
    now = Math.max(now, y[i]);
  }
  return true;
}

/**
 * Log of the probability that exchanging `y` gives this very table of equal values: Πa! Πb! / (n! Πn_ab!), of the numbers of values
 * that are equal in one row, in the other, and in both.
 */
function logChance(x: Float64Array, y: Float64Array): number {
  const both = Array.from(x, (value, i) => `${value} ${y[i]}`);
  return logArrangements(both) - logArrangements(x) - logArrangements(y);
}

/** Log of the number of different orders in which values can stand: n! / Πc! of the counts of equal ones. */
export function logArrangements(values: ArrayLike<number | string>): number {
  const same = [...countsOf(values)].reduce((sum, [, count]) => sum + logFactorial(count), 0);
  return logFactorial(values.length) - same;
}

function countsOf(values: ArrayLike<number | string>): Map<number | string, number> {
  const counts = new Map<number | string, number>();
  for (const value of Array.from(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}
