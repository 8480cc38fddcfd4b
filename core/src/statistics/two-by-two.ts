import { normalQuantile } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { logIntegral } from './simpson.ts';

/** Counts: a of the first group with, b without; c of the second with, d without. */
export interface TwoByTwo {
  a: number;
  b: number;
  c: number;
  d: number;
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** Values that `a` can have under the margins, from `low`, and log of the weight of each when the odds ratio is `odds`. */
function weights({ a, b, c, d }: TwoByTwo, odds: number): { low: number; logs: number[]; top: number } {
  const [first, second, happened] = [a + b, c + d, a + c];
  const [low, high] = [Math.max(0, happened - second), Math.min(first, happened)];
  const logs = Array.from({ length: high - low + 1 }, (_, i) => {
    const x = low + i;
    return logChoose(first, x) + logChoose(second, happened - x) + x * Math.log(odds);
  });
  return { low, logs, top: Math.max(...logs) };
}

/**
 * Probability of at least (above) or at most (below) `a` when the odds ratio is `odds`, all margins given: Fisher's noncentral
 * hypergeometric distribution (Fisher 1935, J R Stat Soc 98:39). The p-value against "the odds ratio is at most (at least) odds".
 */
export function hypergeometricTail(table: TwoByTwo, odds: number, side: 'above' | 'below'): number {
  const { low, logs, top } = weights(table, odds);
  let [within, all] = [0, 0];
  logs.forEach((log, i) => {
    const weight = Math.exp(log - top);
    all += weight;
    if (side === 'above' ? low + i >= table.a : low + i <= table.a) within += weight;
  });
  return within / all;
}

/** Tables that are alike likely but for rounding, as R takes them. */
const alike = 1 + 1e-7;

/** Fisher's exact p of both sides: of all tables with these margins those that are no likelier than this one (Agresti 1992, Stat Sci 7:131). */
export function fisherTwoSided(table: TwoByTwo): number {
  const { low, logs, top } = weights(table, 1);
  const chances = logs.map((log) => Math.exp(log - top));
  const least = chances[table.a - low] * alike;
  const sum = (own: number[]) => own.reduce((total, one) => total + one, 0);
  return Math.min(1, sum(chances.filter((one) => one <= least)) / sum(chances));
}

/**
 * Bayes factor of an odds ratio above `bound` against one of `bound`, all margins given: the log odds ratio beyond it is half-normal
 * with sd `scale` (Kass & Vaidyanathan 1992, J R Stat Soc B 54:129). Given the margins nothing is left of how often it happens at
 * all, and the likelihood ratio of `a` is monotone: its expectation is at most 1 wherever the odds ratio is at most the bound.
 */
export function oddsFactorAbove(table: TwoByTwo, bound: number, scale: number): number {
  const { low, logs } = weights(table, bound);
  const logSum = (log: number) => {
    const moved = logs.map((one, i) => one + (low + i) * log);
    const top = Math.max(...moved);
    return top + Math.log(moved.reduce((sum, one) => sum + Math.exp(one - top), 0));
  };
  const without = logSum(0);
  const integral = logIntegral((log) => table.a * log - logSum(log) + without - (log / scale) ** 2 / 2, 0, 9 * scale, {
    steps: 800,
  });
  return Math.min(Number.MAX_VALUE, Math.exp(integral + Math.log(2 / Math.PI) / 2 - Math.log(scale)));
}

/** End of the exact interval of the odds ratio: where a tail has `share` (Cornfield 1956). 0 and Infinity at the ends of what can be counted. */
export function conditionalOdds(table: TwoByTwo, share: number, end: 'low' | 'high'): number {
  const { a, b, c, d } = table;
  if (end === 'low' && (a === 0 || d === 0)) return 0;
  if (end === 'high' && (b === 0 || c === 0)) return Number.POSITIVE_INFINITY;
  const tail = (log: number) => hypergeometricTail(table, Math.exp(log), end === 'low' ? 'above' : 'below');
  let [low, high] = [-40, 40];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    // The upper tail grows with the odds, the lower one falls.
    if (end === 'low' ? tail(middle) < share : tail(middle) > share) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Wilson's interval of a share (Wilson 1927, J Am Stat Assoc 22:209). */
export function wilson(successes: number, n: number, level: number): { low: number; high: number } {
  const z = normalQuantile((1 + level) / 2);
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: centre - half, high: centre + half };
}
