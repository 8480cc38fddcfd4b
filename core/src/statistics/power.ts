import { spearman } from './correlation.ts';
import { normalCdf, normalQuantile, normalSurvival } from './distributions.ts';
import { fisherQuantile, noncentralFisherCdf } from './fisher.ts';
import { chiSquaredQuantile, noncentralChiSquaredSurvival } from './gamma.ts';
import { restricted } from './mixed-model.ts';
import type { Random } from './random.ts';
import { noncentralCdf, studentQuantile } from './student.ts';

/** Level and sides of a test; default 0.05, two-sided. One-sided: of an effect above 0. */
interface Test {
  alpha?: number;
  sides?: 1 | 2;
}

/** Power of a two-sample t test, n in the first group and `second` (default as many) in the other (Cohen 1988). effect: Cohen's d. */
export function powerOfTwoSamples({
  effect,
  n,
  second = n,
  ...test
}: Test & { effect: number; n: number; second?: number }): number {
  return powerOfT(n + second - 2, effect * Math.sqrt((n * second) / (n + second)), test);
}

/** Power of a paired (or one-sample) t test of n pairs. effect: mean difference by its standard deviation. */
export function powerOfPairs({ effect, n, ...test }: Test & { effect: number; n: number }): number {
  return powerOfT(n - 1, effect * Math.sqrt(n), test);
}

function powerOfT(degrees: number, delta: number, { alpha = 0.05, sides = 2 }: Test): number {
  const critical = studentQuantile(1 - alpha / sides, degrees);
  const above = 1 - noncentralCdf(critical, degrees, delta);
  return sides === 1 ? above : above + noncentralCdf(-critical, degrees, delta);
}

/** Power of the F test of a one-way analysis of variance, n units in all. effect: Cohen's f, sd of the group means by that within. */
export function powerOfGroups({
  effect,
  n,
  groups,
  alpha = 0.05,
}: {
  effect: number;
  n: number;
  groups: number;
  alpha?: number;
}): number {
  const [between, within] = [groups - 1, n - groups];
  const critical = fisherQuantile(alpha, between, within);
  return 1 - noncentralFisherCdf(critical, between, within, effect * effect * n);
}

/** Power of a comparison of two shares, by the arcsine of their roots (Cohen 1988, § 6.2), n in the first group. */
export function powerOfProportions({
  first,
  second,
  n,
  others = n,
  alpha = 0.05,
  sides = 2,
}: Test & { first: number; second: number; n: number; others?: number }): number {
  const h = 2 * (Math.asin(Math.sqrt(first)) - Math.asin(Math.sqrt(second)));
  const shift = h * Math.sqrt((n * others) / (n + others));
  const critical = normalQuantile(1 - alpha / sides);
  return normalSurvival(critical - shift) + (sides === 2 ? normalCdf(-critical - shift) : 0);
}

/** Power of a χ² test of a table of counts, n units in all (Cohen 1988, § 7.2). v: Cramér's V, of which Cohen's w is V √(smaller side − 1). */
export function powerOfTable({
  v,
  n,
  rows,
  columns,
  alpha = 0.05,
}: {
  v: number;
  n: number;
  rows: number;
  columns: number;
  alpha?: number;
}): number {
  const degrees = (rows - 1) * (columns - 1);
  const noncentrality = n * v * v * (Math.min(rows, columns) - 1);
  return noncentralChiSquaredSurvival(chiSquaredQuantile(alpha, degrees), degrees, noncentrality);
}

/**
 * Power of a test that a Pearson correlation is 0, by Fisher's z with its bias r / (2(n − 1)) (Cohen 1988, § 3.5), the critical r
 * taken from Student's t.
 */
export function powerOfCorrelation({ r, n, alpha = 0.05, sides = 2 }: Test & { r: number; n: number }): number {
  const critical = criticalCorrelation(n, alpha, sides);
  const mean = Math.atanh(r) + r / (2 * (n - 1));
  const scale = Math.sqrt(n - 3);
  const above = normalCdf((mean - Math.atanh(critical)) * scale);
  return sides === 1 ? above : above + normalCdf((-mean - Math.atanh(critical)) * scale);
}

function criticalCorrelation(n: number, alpha: number, sides: 1 | 2): number {
  const t = studentQuantile(1 - alpha / sides, n - 2);
  return Math.sqrt((t * t) / (t * t + n - 2));
}

/** A simulated power and its Monte-Carlo standard error. */
export interface SimulatedPower {
  power: number;
  standardError: number;
}

/** Power of a test that Spearman's ρ is 0 when x and y are bivariate normal with correlation r: simulated. */
export function powerOfSpearman(
  { r, n, alpha = 0.05, sides = 2, simulations = 4000 }: Test & { r: number; n: number; simulations?: number },
  random: Random,
): SimulatedPower {
  const critical = criticalCorrelation(n, alpha, sides);
  return simulated(simulations, () => {
    const x = Float64Array.from({ length: n }, random.normal);
    const y = x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal());
    const rho = spearman(x, y);
    return sides === 1 ? rho > critical : Math.abs(rho) > critical;
  });
}

/**
 * Power of a test that the slope of a mixed model is 0, simulated: `rows` of each subject, whose levels have the standard
 * deviation `spread`; x and the rest are standard normal. The ratio of variances is taken as known.
 */
export function powerOfMixed(
  {
    slope,
    subjects,
    rows,
    spread = 1,
    alpha = 0.05,
    sides = 2,
    simulations = 300,
  }: Test & { slope: number; subjects: number; rows: number; spread?: number; simulations?: number },
  random: Random,
): SimulatedPower {
  const subject = Int32Array.from({ length: subjects * rows }, (_, i) => Math.floor(i / rows));
  const critical = normalQuantile(1 - alpha / sides);
  return simulated(simulations, () => {
    const level = Float64Array.from({ length: subjects }, () => spread * random.normal());
    const x = Float64Array.from(subject, random.normal);
    const y = x.map((value, i) => slope * value + level[subject[i]] + random.normal());
    const fit = restricted(y, x, subject, spread * spread);
    const z = fit.slope / fit.error;
    return sides === 1 ? z > critical : Math.abs(z) > critical;
  });
}

function simulated(simulations: number, finds: () => boolean): SimulatedPower {
  let found = 0;
  for (let k = 0; k < simulations; k++) if (finds()) found++;
  const power = found / simulations;
  return { power, standardError: Math.sqrt((power * (1 - power)) / simulations) };
}

/** Smallest value in [low, high] at which `power`, which rises with it, reaches what is wanted; null where it never does. */
export function smallestFound(
  power: (value: number) => number,
  wanted: number,
  { low, high, steps = 40 }: { low: number; high: number; steps?: number },
): number | null {
  if (power(high) < wanted) return null;
  let [below, above] = [low, high];
  for (let step = 0; step < steps; step++) {
    const middle = (below + above) / 2;
    if (power(middle) < wanted) below = middle;
    else above = middle;
  }
  return above;
}
