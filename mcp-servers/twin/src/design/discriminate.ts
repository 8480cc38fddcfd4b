import { median } from '@bregma/core/statistics/correlation';
import { jensenShannon } from '@bregma/core/statistics/information';

/** Two rival predictions of the same neurons, and how much a single trial scatters. */
export interface Rivals {
  neurons: number;
  stimuli: number;
  /** [neuron × stimulus]; NaN where nothing is predicted, as for a stimulated neuron itself. */
  first: Float32Array | Float64Array;
  second: Float32Array | Float64Array;
  /** Variance of one trial, one a neuron; 0 or NaN: not known, and the neuron takes no part. */
  variance: ArrayLike<number>;
}

/** Neurons whose scatter is known. One that answered every repeat alike would decide at once on any difference, however small. */
export function countedNeurons({ neurons, variance }: Pick<Rivals, 'neurons' | 'variance'>): number[] {
  return Array.from({ length: neurons }, (_, neuron) => neuron).filter((neuron) => variance[neuron] > 0);
}

/** Distances beyond which one trial tells the models apart for certain, and the step of the table below it. */
const farthest = 14;
const step = 0.01;
let table: Float64Array | undefined;

/** Expected information of one trial about which of two equally likely Gaussian predictions is right, in nats; 0 to ln 2. */
export function gainAt(distance: number): number {
  table ??= Float64Array.from({ length: farthest / step + 2 }, (_, i) => jensenShannon(i * step));
  if (!Number.isFinite(distance)) return 0;
  const at = Math.min(Math.abs(distance), farthest) / step;
  const low = Math.floor(at);
  return table[low] + (table[low + 1] - table[low]) * (at - low);
}

/** How far apart the rivals are for one neuron and stimulus, in standard deviations of a trial. */
export function separation({ stimuli, first, second, variance }: Rivals, neuron: number, stimulus: number): number {
  const at = neuron * stimuli + stimulus;
  return Math.abs(first[at] - second[at]) / Math.sqrt(variance[neuron]);
}

/** A stimulus, and how well it tells the rivals apart. */
export interface Ranked {
  stimulus: number;
  /** Expected information per neuron and trial, mean over neurons, nats. */
  gain: number;
  /** Mean over neurons of the separation. */
  separation: number;
}

/** Candidates by the information that one trial is expected to give, mean over the counted neurons, best first. */
export function rankStimuli(rivals: Rivals, candidates: ArrayLike<number>): Ranked[] {
  const counted = countedNeurons(rivals);
  const ranked = Array.from(candidates, (stimulus): Ranked => {
    let gain = 0;
    let apart = 0;
    for (const neuron of counted) {
      const distance = separation(rivals, neuron, stimulus);
      gain += gainAt(distance);
      apart += Number.isFinite(distance) ? distance : 0;
    }
    return { stimulus, gain: gain / counted.length, separation: apart / counted.length };
  });
  return ranked.sort((a, b) => b.gain - a.gain || a.stimulus - b.stimulus);
}

/** The order in which one neuron by itself would best be asked. */
export function orderForNeuron(rivals: Rivals, neuron: number, candidates: ArrayLike<number>): number[] {
  return Array.from(candidates).sort((a, b) => apart(rivals, neuron, b) - apart(rivals, neuron, a) || a - b);
}

/** The separation; 0 where nothing is predicted. */
function apart(rivals: Rivals, neuron: number, stimulus: number): number {
  const distance = separation(rivals, neuron, stimulus);
  return Number.isFinite(distance) ? distance : 0;
}

/** Single trials of each stimulus in the order in which they were measured: stimulus → responses [repeat][neuron]. */
export type TrialPool = Map<number, Float64Array[]>;

/**
 * Log-likelihood ratio of first against second after each trial of one neuron: a test martingale if the second is right (Wald
 * 1945, Ann Math Stat 16:117). Every stimulus is shown once in `order`, then all again, as far as there are repeats. NaN trials
 * (not measured) are passed over.
 */
export function logRatios(rivals: Rivals, neuron: number, order: ArrayLike<number>, pool: TrialPool): Float64Array {
  const out: number[] = [];
  let total = 0;
  for (let pass = 0, more = true; more; pass++) {
    more = false;
    for (let i = 0; i < order.length; i++) {
      const trial = pool.get(order[i])?.[pass];
      if (!trial) continue;
      more = true;
      const y = trial[neuron];
      const at = neuron * rivals.stimuli + order[i];
      if (!Number.isFinite(y + rivals.first[at] + rivals.second[at])) continue;
      total += ((y - rivals.second[at]) ** 2 - (y - rivals.first[at]) ** 2) / (2 * rivals.variance[neuron]);
      out.push(total);
    }
  }
  return Float64Array.from(out);
}

/** Trials until the ratio reaches `threshold` for either model; NaN when it never does. */
export function trialsToDecide(ratios: Float64Array, threshold: number): number {
  const limit = Math.log(threshold);
  const at = ratios.findIndex((ratio) => Math.abs(ratio) >= limit);
  return at < 0 ? Number.NaN : at + 1;
}

/** Ratios of all neurons at the given numbers of trials, median over neurons, log₁₀. A neuron with fewer trials keeps its last. */
export function medianCurve(ratios: Float64Array[], trials: number[]): number[] {
  return trials.map((count) => median(ratios.map((one) => one[Math.min(count, one.length) - 1] / Math.LN10)));
}
