import { normalQuantile } from './distributions.ts';
import { choose } from './permutation.ts';

/** Mean and variance (n − 1) of values[from … to). */
export function moments(values: ArrayLike<number>, from = 0, to = values.length): { mean: number; variance: number } {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  const mean = sum / (to - from);
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i] - mean) ** 2;
  return { mean, variance: squares / (to - from - 1) };
}

/** Difference divided by its standard error; with none, ±∞ unless there is no difference. */
export const studentise = (difference: number, error: number): number =>
  difference === 0 ? 0 : difference / Math.max(error, 0);

/** Welch's t of values[0 … n) against the rest, with Satterthwaite's degrees of freedom (Welch 1947, Biometrika 34:28). */
export function welch(
  values: ArrayLike<number>,
  n: number,
): { difference: number; error: number; degrees: number; t: number } {
  const [first, second] = [moments(values, 0, n), moments(values, n)];
  const [a, b] = [first.variance / n, second.variance / (values.length - n)];
  const difference = first.mean - second.mean;
  const error = Math.sqrt(a + b);
  const degrees = (a + b) ** 2 / (a ** 2 / (n - 1) + b ** 2 / (values.length - n - 1));
  return { difference, error, degrees, t: studentise(difference, error) };
}

/**
 * Standard error of a median without a form for the distribution (Price & Bonett 2002, J Stat Comput Simul 72:119): half the
 * distance of two order statistics, by the normal quantile of the probability that they hold the median. NaN below 5 values.
 */
export function medianError(values: Float64Array): number {
  const n = values.length;
  if (n < 5) return Number.NaN;
  const sorted = values.slice().sort();
  const rank = Math.max(1, Math.round((n + 1) / 2 - Math.sqrt(n)));
  let tail = 0;
  for (let i = 0; i < rank; i++) tail += n > 60 ? Math.exp(logChoose(n, i) - n * Math.LN2) : choose(n, i) / 2 ** n;
  return (sorted[n - rank] - sorted[rank - 1]) / (2 * normalQuantile(1 - tail));
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

/** Ratio of two sums over values[from … to), and its standard error (Cochran 1977, Sampling Techniques, § 6.4). */
export function ratio(
  counts: ArrayLike<number>,
  exposure: ArrayLike<number>,
  at: ArrayLike<number>,
  from: number,
  to: number,
): { rate: number; error: number } {
  let [sum, time] = [0, 0];
  for (let i = from; i < to; i++) {
    sum += counts[at[i]];
    time += exposure[at[i]];
  }
  const [rate, n] = [sum / time, to - from];
  let squares = 0;
  for (let i = from; i < to; i++) squares += (counts[at[i]] - rate * exposure[at[i]]) ** 2;
  return { rate, error: Math.sqrt((squares * n) / (n - 1)) / time };
}
