import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { findMetric } from '@bregma/core/contracts/metric';
import { meanAbove } from '@bregma/core/statistics/mean-e-value';
import { pseudoValues, toScale } from '@bregma/core/statistics/pseudo-values';
import type { Random } from '@bregma/core/statistics/random';
import { contrast, meanWithout } from './contrast.ts';

/** What a test of a plan can find. */
export interface Detectable {
  /** The nearest true value of the metric to the prediction's size that is found with probability `power`, in the metric's unit. */
  effect: number;
  power: number;
  /** Monte-Carlo standard error of the power. */
  error: number;
  assuming: string;
}

const wanted = 0.8;
/** Correlation that the predictions of two twins are taken to have. */
const between = 0.5;
const steps = 8;
/** Normal numbers that are drawn for one answer. */
const draws = 6e5;

/**
 * What the test as it will be run finds, by simulation: n units, one neuron (or many that all tell the same: at worst), normal
 * responses and predictions, e-value at 1 / level. Of a prediction of equivalence: the smallest ± size that is found where the
 * truth is 0. Where not even the largest effect is found with probability 0.8, that one, with the power that it has.
 * level: (0, 1).
 */
export function detectableEffect(
  {
    units,
    level,
    prediction,
  }: { units: number; level: number; prediction: Pick<Prediction, 'metric' | 'direction' | 'size'> },
  random: Random,
): Detectable {
  const metric = findMetric(prediction.metric);
  const twins = metric?.twins ?? 1;
  const range = metric?.range[1] ?? 1;
  const runs = Math.round(Math.min(200, Math.max(80, draws / (steps + 1) / 3 / units)));
  const normals = Array.from({ length: runs }, () => Float64Array.from({ length: 3 * units }, random.normal));
  const critical = criticalShare(units, 1 / level);
  const largest = twins === 2 ? 0.99 : 0.995;
  const powerOf = (effect: number, size: number) =>
    normals.filter((own) => found(own, { units, twins, range, effect, size, critical })).length / runs;
  const equivalence = prediction.direction === 'equivalent';
  const size = prediction.direction === 'less' ? -prediction.size : prediction.size;
  const at = equivalence ? (value: number) => powerOf(0, -value) : (value: number) => powerOf(value, size);
  const effect = smallest(at, equivalence ? 0 : size, equivalence ? 0.99 * range : largest);
  const power = at(effect);
  return {
    effect: prediction.direction === 'less' ? -effect : effect,
    power,
    error: Math.sqrt((power * (1 - power)) / runs),
    assuming: `simulated, ${runs} runs of ${units} different stimuli: one neuron, or neurons that all tell the same${twins === 2 ? `, twins correlated ${between}` : ''}; a mean over neurons with noise of their own needs less`,
  };
}

/** Smallest value in [low, high] at which power, which rises with it, reaches what is wanted; high where it never does. */
function smallest(powerAt: (value: number) => number, low: number, high: number): number {
  if (powerAt(high) < wanted) return high;
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (powerAt(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether one simulated test finds "the metric is greater than size". normals: [y, first, second × unit]. */
function found(
  normals: Float64Array,
  at: { units: number; twins: 1 | 2; range: number; effect: number; size: number; critical: number },
): boolean {
  const { units, twins, range, effect, size, critical } = at;
  const part = (i: number) => normals.subarray(i * units, (i + 1) * units);
  const predicted = twins === 2 ? [part(1), mix(between, part(1), part(2))] : [part(1)];
  const responses = twins === 2 ? twoSided(effect, part(0), part(1), part(2)) : mix(effect, part(1), part(0));
  const parts = contrast({ neurons: 1, units, mean: responses, count: new Int32Array(units) }, predicted, [1, -1]);
  if (Number.isNaN(parts.effect[0])) return false;
  const values = pseudoValues(parts.effect[0], meanWithout(parts), range);
  return shareOf(values.units, toScale(size, range)) >= critical;
}

/** share · a + the rest of b: correlated `share` with a. */
function mix(share: number, a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => share * value + Math.sqrt(1 - share ** 2) * b[i]);
}

/** y whose correlation with the first twin is effect / 2, with the second −effect / 2; the second is 0.5 · a + √0.75 · b. */
function twoSided(effect: number, noise: Float64Array, a: Float64Array, b: Float64Array): Float64Array {
  const first = effect / 2;
  const rest = (-first - between * first) / Math.sqrt(1 - between ** 2);
  const left = Math.sqrt(Math.max(0, 1 - first ** 2 - rest ** 2));
  return a.map((value, i) => first * value + rest * b[i] + left * noise[i]);
}

/** Σ(x − m) / √Σ(x − m)²: the e-value of n units rises with it and depends on nothing else. */
function shareOf(units: Float64Array, m: number): number {
  let sum = 0;
  let squares = 0;
  for (const unit of units) {
    sum += unit - m;
    squares += (unit - m) ** 2;
  }
  return squares > 0 ? sum / Math.sqrt(squares) : 0;
}

/** The share (see `shareOf`) at which n units give an e-value of `needed`; ∞ where none does. */
function criticalShare(n: number, needed: number): number {
  const spread = (d: number) =>
    Float64Array.from({ length: n }, (_, i) => (i === n - 1 && n % 2 === 1 ? 1 : i % 2 ? 1 - d : 1 + d));
  if (meanAbove(spread(0), 0) < needed) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 100];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (meanAbove(spread(middle), 0) >= needed) low = middle;
    else high = middle;
  }
  return shareOf(spread(low), 0);
}
