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
