import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { findMetric } from '@bregma/core/contracts/metric';
import { withDecimals, withDigits } from '@bregma/core/numbers';
import { meanAbove } from '@bregma/core/statistics/mean-e-value';
import { pseudoValues, toScale } from '@bregma/core/statistics/pseudo-values';
import type { Random } from '@bregma/core/statistics/random';
import { contrast, meanWithout } from './contrast.ts';

/** What a test of a plan can find. */
export interface Detectable {
  /**
   * The nearest true value of the metric to the prediction's size that is found with probability `power`, in the metric's unit,
   * where all neurons tell the same: the worst that can be.
   */
  effect: number;
  /** The same where the noise of each neuron is its own. */
  ifIndependent: number;
  power: number;
  /** Monte-Carlo standard error of the power. */
  error: number;
  /** Whether any value that the metric can have is found with probability 0.8, however independent the neurons are. */
  possible: boolean;
  assuming: string;
}

/** A test as it will be run. level: (0, 1). neurons: default 1. */
export interface PlannedTest {
  units: number;
  neurons?: number;
  level: number;
  prediction: Pick<Prediction, 'metric' | 'direction' | 'size'>;
}

const wanted = 0.8;
/** Correlation that the predictions of two twins are taken to have. */
const between = 0.5;
const steps = 8;
/** Normal numbers that are drawn for one answer. */
const draws = 6e5;
/** Responses of one simulated test at most, and neurons: fewer are simulated of a larger test, and said. */
const mostResponses = 1200;
const mostNeurons = 12;

/**
 * What the test as it will be run finds, by simulation: n units, all neurons, normal responses and predictions, e-value at 1 /
 * level. Of a prediction of equivalence: the smallest ± size that is found where the truth is 0. Where not even the largest effect
 * is found with probability 0.8, that one, with the power that it has.
 */
export function detectableEffect(planned: PlannedTest, random: Random): Detectable {
  const worst = search({ ...planned, neurons: 1 }, random.fork('one'));
  const neurons = simulated(planned);
  const best = neurons === 1 ? worst : search({ ...planned, neurons }, random.fork('independent'));
  const mirrored = planned.prediction.direction === 'less' ? -1 : 1;
  const { power, runs } = worst;
  return {
    effect: mirrored * worst.effect,
    ifIndependent: mirrored * best.effect,
    power,
    error: Math.sqrt((power * (1 - power)) / runs),
    possible: best.power >= wanted,
    assuming: `simulated, ${runs} runs of ${planned.units} different stimuli: neurons that all tell the same${worst.twins === 2 ? `, twins correlated ${between}` : ''}; ${neurons === 1 ? 'there is one neuron' : `where the noise of ${neurons} of ${planned.neurons} neurons is independent, ${withDigits(mirrored * best.effect, 2)} is found`}`,
  };
}

/** How many neurons with noise of their own are simulated. */
const simulated = ({ units, neurons = 1 }: PlannedTest) =>
  Math.min(neurons, mostNeurons, Math.max(2, Math.floor(mostResponses / units)));

/** Why nothing that the metric can be would be found by this test with probability 0.8, or undefined. */
export function undetectable(planned: PlannedTest, random: Random): string | undefined {
  const { powerAt, reaches, high } = simulation({ ...planned, neurons: simulated(planned) }, random);
  if (reaches(high)) return undefined;
  const power = powerAt(high);
  const { units, prediction, level } = planned;
  return `${units} different stimuli cannot show that ${prediction.metric} is ${inWords(prediction)}: even the largest value that it can have is found with probability ${withDecimals(power, 2)} alone, at level ${withDigits(level, 2)}`;
}

const inWords = ({ direction, size }: PlannedTest['prediction']) =>
  direction === 'equivalent' ? `within ± ${size}` : `${direction} than ${size}`;

/** The effect that is found with the power that is wanted, the power that it has, and runs behind it. "less" is mirrored. */
function search(planned: PlannedTest, random: Random) {
  const { powerAt, reaches, low, high, runs, twins } = simulation(planned, random);
  const effect = smallest(reaches, low, high);
  return { effect, power: powerAt(effect), runs, twins };
}

/** Power at any effect (of equivalence: at any size, where the truth is 0), from one set of simulated numbers. */
function simulation({ units, level, prediction, neurons = 1 }: PlannedTest, random: Random) {
  const metric = findMetric(prediction.metric);
  const twins = metric?.twins ?? 1;
  const range = metric?.range[1] ?? 1;
  const runs = Math.round(Math.min(200, Math.max(80, draws / (steps + 1) / 3 / units / neurons)));
  const normals = Array.from({ length: runs }, () => Float64Array.from({ length: 3 * units * neurons }, random.normal));
  const critical = criticalShare(units, 1 / level);
  const foundAt = (effect: number, size: number) => (own: Float64Array) =>
    found(own, { units, neurons, twins, range, effect, size, critical });
  const equivalence = prediction.direction === 'equivalent';
  const size = prediction.direction === 'less' ? -prediction.size : prediction.size;
  const asked = (value: number) => (equivalence ? foundAt(0, -value) : foundAt(value, size));
  return {
    powerAt: (value: number) => normals.filter(asked(value)).length / runs,
    reaches: (value: number) => isFoundOften(normals, asked(value)),
    low: equivalence ? 0 : size,
    high: equivalence ? 0.99 * range : twins === 2 ? 0.99 : 0.995,
    runs,
    twins,
  };
}

/** Whether the share of runs that is wanted finds it, told as soon as the rest cannot change that (curtailed sampling). */
function isFoundOften(runs: Float64Array[], isFound: (run: Float64Array) => boolean): boolean {
  let hits = 0;
  for (const [at, run] of runs.entries()) {
    if (isFound(run)) hits++;
    if (hits / runs.length >= wanted) return true;
    if ((hits + runs.length - at - 1) / runs.length < wanted) return false;
  }
  return false;
}

/** Smallest value in [low, high] that reaches the power that is wanted, which rises with it; high where none does. */
function smallest(reaches: (value: number) => boolean, low: number, high: number): number {
  if (!reaches(high)) return high;
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether one simulated test finds "the metric is greater than size". normals: [neuron, (y, first, second), unit]. */
function found(
  normals: Float64Array,
  at: {
    units: number;
    neurons: number;
    twins: 1 | 2;
    range: number;
    effect: number;
    size: number;
    critical: number;
  },
): boolean {
  const { units, neurons, twins, range, effect, size, critical } = at;
  const part = (i: number) => normals.subarray(i * units, (i + 1) * units);
  const predicted = Array.from({ length: twins }, () => new Float64Array(neurons * units));
  const mean = new Float64Array(neurons * units);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const [noise, a, b] = [part(3 * neuron), part(3 * neuron + 1), part(3 * neuron + 2)];
    mean.set(twins === 2 ? twoSided(effect, noise, a, b) : mix(effect, a, noise), neuron * units);
    predicted[0].set(a, neuron * units);
    if (twins === 2) predicted[1].set(mix(between, a, b), neuron * units);
  }
  const parts = contrast({ neurons, units, mean, count: new Int32Array(units) }, predicted, [1, -1]);
  const effects = parts.effect.filter(Number.isFinite);
  if (effects.length === 0) return false;
  const estimate = effects.reduce((sum, value) => sum + value, 0) / effects.length;
  const values = pseudoValues(estimate, meanWithout(parts), range);
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
