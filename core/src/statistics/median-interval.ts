import { logGamma } from './gamma.ts';

/**
 * Interval of the median of a population from n values, whatever their distribution: from the k-th smallest to the k-th largest,
 * with the largest k that covers at least `level` (Thompson 1936, Ann Math Stat 7:122). It covers 0.95 to 0.99; a percentile
 * bootstrap covers less than it says, and so does interpolating between values where there is a gap at the median. Values that are
 * not measured (NaN) take no part; null where even the extremes cover less: of five, 94 % at most.
 */
export function medianInterval(
  values: ArrayLike<number>,
  level = 0.95,
): { low: number | null; high: number | null; level: number } {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  const n = sorted.length;
  let k = 0;
  while (2 * (k + 1) <= n && coverage(k + 1, n) >= level) k++;
  return k === 0 ? { low: null, high: null, level } : { low: sorted[k - 1], high: sorted[n - k], level };
}

/** Probability that the median lies between the k-th smallest and the k-th largest of n values: 1 − 2 · P(fewer than k of n below it). */
function coverage(k: number, n: number): number {
  let tail = 0;
  for (let i = 0; i < k; i++) tail += Math.exp(logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1) - n * Math.LN2);
  return 1 - 2 * tail;
}
