import { mean, pearson } from './correlation.ts';
import type { Random } from './random.ts';

/** How repeatable one neuron's responses are. */
export interface Reliability {
  /** Correlation of the averages over two random halves of the repeats, averaged over splits; NaN when not measurable. */
  splitHalf: number;
  /** Reliability of the average over all repeats (Spearman 1910, Brown 1910: 2r / (1 + r)). */
  reliability: number;
  /** Largest correlation that a perfect model can expect with the average over all repeats: √reliability. */
  ceiling: number;
}

/**
 * Reliability of one neuron from its repeats. responses: [stimulus × repeat], NaN: that repeat was not measured. The repeats of
 * each stimulus are split at random into two halves, anew in every split, because repeats of different stimuli have nothing in
 * common but their number. The ceiling is that of Schoppe et al. 2016 (Front Comput Neurosci 10:10), √ of the reliability.
 */
export function reliabilityOf(
  responses: ArrayLike<number>,
  stimuli: number,
  repeats: number,
  random: Random,
  splits = 50,
): Reliability {
  const correlations: number[] = [];
  const first = new Float64Array(stimuli);
  const second = new Float64Array(stimuli);
  for (let split = 0; split < splits; split++) {
    for (let stimulus = 0; stimulus < stimuli; stimulus++) {
      const measured: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const value = responses[stimulus * repeats + repeat];
        if (Number.isFinite(value)) measured.push(value);
      }
      const half = Math.floor(measured.length / 2);
      if (half === 0) {
        first[stimulus] = second[stimulus] = Number.NaN;
        continue;
      }
      const shuffled = random.shuffle(measured);
      first[stimulus] = mean(shuffled.slice(0, half));
      second[stimulus] = mean(shuffled.slice(half));
    }
    const r = pearson(first, second);
    if (Number.isFinite(r)) correlations.push(r);
  }
  const splitHalf = mean(correlations);
  const reliability = splitHalf > 0 ? (2 * splitHalf) / (1 + splitHalf) : splitHalf;
  return { splitHalf, reliability, ceiling: splitHalf > 0 ? Math.sqrt(reliability) : Number.NaN };
}

/** Largest correlation that anything can expect with a neuron's mean responses. null: there are no repeats to tell it from. */
export interface NoiseCeiling {
  ceiling: number | null;
  /** Standard error of the ceiling, by leaving out stimuli in turn. */
  error: number | null;
  /** Variance over stimuli of what is the same in every repeat; below 0 by chance where there is nothing. */
  signal: number;
}

/**
 * Noise ceiling of one neuron over all stimuli at which it was measured, with as many repeats as each has. The means over
 * repeats vary by signal + noise · mean(1 / n); the noise is the pooled variance of repeats around their mean. √(signal / variance
 * of the means) is the r of the true tuning with these means (signal power, Sahani & Linden 2003, NIPS 15:125; Schoppe et al. 2016,
 * Front Comput Neurosci 10:10), 0 where no signal is left. responses: [stimulus × repeat], NaN: not measured.
 */
export function noiseCeiling(responses: ArrayLike<number>, stimuli: number, repeats: number): NoiseCeiling {
  const cells = cellsOf(responses, stimuli, repeats);
  const all = cells.reduce(plus, nothing);
  const whole = ceilingFrom(all);
  if (whole.ceiling === null || cells.length < 4) return { ...whole, error: null };
  const without = cells.flatMap((cell) => ceilingFrom(minus(all, cell)).ceiling ?? []);
  const centre = mean(without);
  const squares = without.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { ...whole, error: Math.sqrt(((without.length - 1) / without.length) * squares) };
}

/** Sums over stimuli: how many, their means and squared means, 1 / repeats, squares around the means and degrees of freedom. */
interface Sums {
  stimuli: number;
  means: number;
  squaredMeans: number;
  inverse: number;
  squares: number;
  freedom: number;
}

const nothing: Sums = { stimuli: 0, means: 0, squaredMeans: 0, inverse: 0, squares: 0, freedom: 0 };

function combine(a: Sums, b: Sums, sign: 1 | -1): Sums {
  return {
    stimuli: a.stimuli + sign * b.stimuli,
    means: a.means + sign * b.means,
    squaredMeans: a.squaredMeans + sign * b.squaredMeans,
    inverse: a.inverse + sign * b.inverse,
    squares: a.squares + sign * b.squares,
    freedom: a.freedom + sign * b.freedom,
  };
}
const plus = (a: Sums, b: Sums) => combine(a, b, 1);
const minus = (a: Sums, b: Sums) => combine(a, b, -1);

/** The sums of each stimulus that has a measured repeat, around the mean of all. */
function cellsOf(responses: ArrayLike<number>, stimuli: number, repeats: number): Sums[] {
  const overall = mean(Array.from(responses).filter(Number.isFinite));
  return Array.from({ length: stimuli }, (_, stimulus) => {
    const measured = Array.from({ length: repeats }, (__, repeat) => responses[stimulus * repeats + repeat] - overall);
    const own = measured.filter(Number.isFinite);
    const centre = mean(own);
    const squares = own.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return {
      stimuli: own.length === 0 ? 0 : 1,
      means: centre,
      squaredMeans: centre ** 2,
      inverse: 1 / own.length,
      squares,
      freedom: own.length - 1,
    };
  }).filter(({ stimuli: counts }) => counts > 0);
}

function ceilingFrom({ stimuli, means, squaredMeans, inverse, squares, freedom }: Sums) {
  if (freedom === 0 || stimuli < 3) return { ceiling: null, signal: Number.NaN };
  const variance = (squaredMeans - means ** 2 / stimuli) / (stimuli - 1);
  const signal = variance - ((squares / freedom) * inverse) / stimuli;
  return { ceiling: variance > 1e-24 ? Math.sqrt(Math.max(0, signal) / variance) : null, signal };
}

/** Variance of single trials around their stimulus' mean, averaged over stimuli with at least two repeats; NaN when there are none. */
export function trialVariance(responses: ArrayLike<number>, stimuli: number, repeats: number): number {
  let squares = 0;
  let freedom = 0;
  for (let stimulus = 0; stimulus < stimuli; stimulus++) {
    const measured: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const value = responses[stimulus * repeats + repeat];
      if (Number.isFinite(value)) measured.push(value);
    }
    if (measured.length < 2) continue;
    const centre = mean(measured);
    for (const value of measured) squares += (value - centre) ** 2;
    freedom += measured.length - 1;
  }
  return freedom === 0 ? Number.NaN : squares / freedom;
}
