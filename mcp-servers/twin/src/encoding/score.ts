import { groupNeurons } from '@bregma/core/identity/copied-neurons';
import { groupCopies } from '@bregma/core/identity/copies';
import { mean, median, pearson, spearman } from '@bregma/core/statistics/correlation';
import { explainedVariance } from '@bregma/core/statistics/explained-variance';
import { medianInterval } from '@bregma/core/statistics/median-interval';
import { noiseCeiling, reliabilityOf } from '@bregma/core/statistics/noise-ceiling';
import { makeRandom, type Random } from '@bregma/core/statistics/random';

/** One neuron: how well it was predicted, and how well anything could. null: not measurable. */
export interface UnitValidity {
  unit: string;
  pearson: number | null;
  spearman: number | null;
  /** r² with the mean response that no number of repeats would change (Pospisil & Bair 2021); unbiased, so it may lie outside of 0 to 1. */
  r2er: number | null;
  /** Share of the variance of single trials that is of the stimulus. */
  explainable: number | null;
  /** Share of the explainable variance that is explained; null where too little is explainable (Cadena et al. 2019). */
  feve: number | null;
  /** Correlation of the means over two random halves of the repeats. */
  splitHalf: number | null;
  /** Reliability of the mean over all repeats, from `splitHalf` (Spearman 1910, Brown 1910). */
  reliability: number | null;
  /** Largest r that anything can expect with these mean responses; 0 where repeats agree no better than by chance. */
  ceiling: number | null;
  /** Standard error of the ceiling. */
  ceilingError: number | null;
  control: number | null;
}

/** How well predictions match measured responses, neuron by neuron. */
export interface Validity {
  units: UnitValidity[];
  /** Neurons with a correlation: all medians and the interval are over these. */
  measured: number;
  /** Neurons whose responses are those of one before them; they are none of `measured`. */
  copies: number;
  median: { pearson: number; spearman: number };
  /** Of the median Pearson r over neurons like these; null below six of them. */
  ci: ReturnType<typeof medianInterval>;
  /** Median over the measured neurons; null without repeats. */
  ceiling: number | null;
  /** Median standard error of a neuron's ceiling. */
  ceilingError: number | null;
  /** Median r²_ER of the neurons whose ceiling is beyond its noise. */
  r2er: MedianOf;
  /** Median FEVE of the neurons of which enough is explainable. */
  feve: MedianOf;
  /** Median of r / ceiling, over the measured neurons whose ceiling is beyond its noise, and how many these are. */
  shareOfCeiling: { median: number | null; neurons: number };
  splitHalf: number | null;
  reliability: number | null;
  control: number;
}

/** A median with its interval, and over how many neurons. */
export interface MedianOf {
  median: number | null;
  /** Of the median over neurons like these; null below six of them. */
  ci: ReturnType<typeof medianInterval>;
  neurons: number;
}

/** A ceiling is the root of a share of the variance: four of its errors are two of the share's. */
const beyondNoise = 4;

/** Five folds in a random order. looks: one a thing; what looks the same falls into one fold. */
export function folds(looks: readonly (string | number)[], random: Random, k = 5): Int32Array[] {
  const { members: groups } = groupCopies(looks.map(String));
  const order = random.permutation(groups.length);
  return Array.from({ length: k }, (_, fold) =>
    Int32Array.from([...order].filter((_, i) => i % k === fold).flatMap((group) => groups[group])),
  );
}

/** Everything from 0 to count − 1 that is not in `held`. */
export function without(count: number, held: ArrayLike<number>): Int32Array {
  const out = new Set(Array.from(held));
  return Int32Array.from(Array.from({ length: count }, (_, i) => i).filter((i) => !out.has(i)));
}

/** Copies predictions [neuron × held] to their stimuli in [neuron × stimulus]. */
export function place(
  part: ArrayLike<number>,
  held: ArrayLike<number>,
  whole: Float64Array,
  { neurons, stimuli }: { neurons: number; stimuli: number },
): void {
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let i = 0; i < held.length; i++) whole[neuron * stimuli + held[i]] = part[neuron * held.length + i];
  }
}

/** The responses that predictions are compared with. */
export interface Scored {
  neurons: number;
  stimuli: number;
  repeats: number;
  /** [neuron × stimulus] */
  responses: Float64Array;
  /** [neuron × stimulus × repeat] */
  trials: Float64Array;
  unitNames: string[];
}

/**
 * Validity over the test sets: correlation of prediction and mean response per neuron, noise ceiling from the repeats of the
 * same stimuli, and the control's correlation. predictions, control: [neuron × stimulus], NaN where nothing was predicted.
 * Each set is scored by itself and the correlations are averaged: where the mean response of a fold is high, the mean of what
 * it was predicted from is low, so that folds scored together give r ≈ −0.03 where there is nothing to find.
 */
export function score(
  data: Scored,
  predictions: Float64Array,
  control: Float64Array,
  sets: Int32Array[],
  seed: number,
): Validity {
  const random = makeRandom(`validity ${seed}`);
  const take = (whole: Float64Array, neuron: number, rows: Int32Array) =>
    Float64Array.from(rows, (row) => whole[neuron * data.stimuli + row]);
  const average = (statistic: typeof pearson, whole: Float64Array, neuron: number) =>
    mean(
      sets
        .map((rows) => statistic(take(whole, neuron, rows), take(data.responses, neuron, rows)))
        .filter(Number.isFinite),
    );
  const tested = Int32Array.from(sets.flatMap((rows) => Array.from(rows))).sort();
  const units = data.unitNames.map((unit, neuron): UnitValidity => {
    return {
      unit,
      pearson: orNull(average(pearson, predictions, neuron)),
      spearman: orNull(average(spearman, predictions, neuron)),
      ...explained(data, predictions, neuron, sets),
      ...repeatability(data, neuron, tested, random.fork(unit)),
      control: orNull(average(pearson, control, neuron)),
    };
  });
  const { members } = groupNeurons(data.responses, data.neurons);
  const copies = data.neurons - members.length;
  const measured = members.map(([first]) => units[first]).filter(({ pearson: r }) => r !== null);
  const values = (key: Exclude<keyof UnitValidity, 'unit'>) => measured.map((unit) => unit[key] ?? Number.NaN);
  return {
    units,
    measured: measured.length,
    copies,
    median: { pearson: median(values('pearson')), spearman: median(values('spearman')) },
    ci: medianInterval(values('pearson')),
    ceiling: orNull(median(values('ceiling'))),
    ceilingError: orNull(median(values('ceilingError'))),
    r2er: medianOf(measured.flatMap(({ r2er, ceiling }) => (r2er !== null && ceiling ? [r2er] : []))),
    feve: medianOf(measured.flatMap(({ feve }) => feve ?? [])),
    shareOfCeiling: shareOfCeiling(measured),
    splitHalf: orNull(median(values('splitHalf'))),
    reliability: orNull(median(values('reliability'))),
    control: median(values('control')),
  };
}

function medianOf(values: number[]): MedianOf {
  return { median: orNull(median(values)), ci: medianInterval(values), neurons: values.length };
}

/** What of one neuron's explainable variance the predictions explain. */
function explained(data: Scored, predictions: Float64Array, neuron: number, sets: Int32Array[]) {
  const { stimuli, repeats, trials } = data;
  const own = predictions.subarray(neuron * stimuli, (neuron + 1) * stimuli);
  const responses = trials.subarray(neuron * stimuli * repeats, (neuron + 1) * stimuli * repeats);
  return explainedVariance(own, responses, repeats, sets);
}

/** What the repeats of the tested stimuli say of one neuron. */
function repeatability(data: Scored, neuron: number, tested: Int32Array, random: Random) {
  if (data.repeats < 2) return { splitHalf: null, reliability: null, ceiling: null, ceilingError: null };
  const trials = trialsOf(data, neuron, tested);
  const { ceiling, error } = noiseCeiling(trials, tested.length, data.repeats);
  const isSignal = ceiling !== null && error !== null && ceiling > beyondNoise * error;
  const { splitHalf, reliability } = reliabilityOf(trials, tested.length, data.repeats, random);
  return {
    splitHalf: orNull(splitHalf),
    reliability: orNull(reliability),
    ceiling: isSignal ? ceiling : ceiling === null ? null : 0,
    ceilingError: error,
  };
}

function shareOfCeiling(measured: UnitValidity[]): Validity['shareOfCeiling'] {
  const shares = measured.flatMap(({ pearson: r, ceiling }) => (r !== null && ceiling ? [r / ceiling] : []));
  return { median: orNull(median(shares)), neurons: shares.length };
}

function trialsOf({ trials, stimuli, repeats }: Scored, neuron: number, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length * repeats);
  for (let i = 0; i < rows.length; i++) {
    const start = (neuron * stimuli + rows[i]) * repeats;
    out.set(trials.subarray(start, start + repeats), i * repeats);
  }
  return out;
}

function orNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
