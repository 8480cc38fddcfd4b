import { normalCdf } from './distributions.ts';
import { logGamma } from './gamma.ts';

/** Beyond so many standard deviations the range of a few normal values is never found. */
const widest = 17;
/** Terms of the series in which the chance of a range is kept: enough for every digit of a double. */
const terms = 128;
/** What no double tells from nothing beside 1. */
const nothing = 1e-17;

/** Chances of a range by how many normal values it is of, as Chebyshev series over [0, widest]. */
const known = new Map<number, Float64Array>();

/**
 * Probability that the range of `count` normal values, divided by an independent estimate of their standard deviation with `degrees` degrees
 * of freedom, is more than q (Student 1927, Biometrika 19:151; Tukey 1949, Biometrics 5:99). Absolute error below 1e-11.
 */
export function rangeSurvival(q: number, count: number, degrees: number): number {
  if (!(q > 0)) return 1;
  const series = seriesOf(count);
  // Over the logarithm of the estimate both ends fall off, so that equal steps sum up to every digit.
  const constant = Math.LN2 + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  const density = (log: number) => Math.exp(constant + degrees * log - (degrees / 2) * Math.exp(2 * log));
  const step = 0.2 / Math.sqrt(2 * degrees);
  let sum = 0;
  for (let log = 0; density(log) > nothing; log -= step) sum += density(log) * beyond(q * Math.exp(log), series);
  for (let log = step; density(log) > nothing; log += step) sum += density(log) * beyond(q * Math.exp(log), series);
  return Math.min(1, Math.max(0, sum * step));
}

/** The q that is exceeded with this probability. */
export function rangeQuantile(tail: number, count: number, degrees: number): number {
  let [low, high] = [0, 2];
  while (rangeSurvival(high, count, degrees) > tail) [low, high] = [high, 2 * high];
  for (let step = 0; step < 60 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (rangeSurvival(middle, count, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Chance that the range of normal values is more than this many standard deviations. */
function beyond(width: number, series: Float64Array): number {
  if (width >= widest) return 0;
  const x = (2 * width) / widest - 1;
  // Clenshaw 1955, Math Tables Aids Comput 9:118.
  let [one, two] = [0, 0];
  for (let j = terms - 1; j > 0; j--) [one, two] = [2 * x * one - two + series[j], one];
  return x * one - two + series[0] / 2;
}

function seriesOf(count: number): Float64Array {
  const found = known.get(count);
  if (found) return found;
  const values = Float64Array.from(
    { length: terms },
    (_, i) => 1 - rangeCdf((widest / 2) * (1 + Math.cos((Math.PI * (i + 0.5)) / terms)), count),
  );
  const series = Float64Array.from({ length: terms }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < terms; i++) sum += values[i] * Math.cos((Math.PI * j * (i + 0.5)) / terms);
    return (2 * sum) / terms;
  });
  known.set(count, series);
  return series;
}

/** Chance that a range is at most w: of the largest value at z all others lie in [z − w, z] (Hartley 1942, Biometrika 32:309). */
function rangeCdf(width: number, count: number): number {
  const step = 0.125;
  let sum = 0;
  for (let z = -9; z <= 9; z += step)
    sum += Math.exp((-z * z) / 2) * (normalCdf(z) - normalCdf(z - width)) ** (count - 1);
  return (count * sum * step) / Math.sqrt(2 * Math.PI);
}
