import type { TrialTable } from './trial-table.ts';

/** Responses averaged over the presentations of each stimulus. */
export interface Averages {
  neurons: number;
  stimuli: number;
  /** C order [neuron × stimulus]; NaN: never measured. */
  mean: Float64Array;
  /** Presentations behind each mean, same order. */
  count: Int32Array;
}

/**
 * How well predictions agree with measured responses, taken apart by stimulus. For one neuron and two twins,
 * Σ over stimuli of z(y)·(z(a) − z(b)) / S is exactly r(a, y) − r(b, y), where z standardises over the S stimuli at which the
 * neuron was measured; each summand is that stimulus's share.
 */
export interface Contrast {
  /** Pearson r of each twin [twin][neuron]; NaN where the neuron, or a prediction for it, does not vary or was not measured. */
  r: Float64Array[];
  /** Σ sign · r of each neuron; NaN as in r. */
  effect: Float64Array;
  /** C order [neuron × stimulus]: each stimulus's share times S, so that a row's mean is the neuron's effect. NaN: not measured. */
  share: Float64Array;
  neurons: number;
  stimuli: number;
}

/** Fewest stimuli at which a neuron must have been measured to have an r. */
const fewestStimuli = 3;

/** stimuli: the columns of the result, as stimulus indices. Rows of other stimuli are left out; NaN responses count as missing. */
export function averageTrials(trials: TrialTable, stimuli: number[]): Averages {
  const column = new Map(stimuli.map((stimulus, i) => [stimulus, i]));
  const { neurons } = trials;
  const mean = new Float64Array(neurons * stimuli.length);
  const count = new Int32Array(neurons * stimuli.length);
  for (const [row, { stimulus }] of trials.rows.entries()) {
    const s = column.get(stimulus);
    if (s === undefined) continue;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const response = trials.responses[row * neurons + neuron];
      if (!Number.isFinite(response)) continue;
      mean[neuron * stimuli.length + s] += response;
      count[neuron * stimuli.length + s]++;
    }
  }
  for (let i = 0; i < mean.length; i++) mean[i] = count[i] > 0 ? mean[i] / count[i] : Number.NaN;
  return { neurons, stimuli: stimuli.length, mean, count };
}

/** predicted: one array a twin, C order [neuron × stimulus], same columns as the averages. signs: weight of each twin's r. */
export function contrast(averages: Averages, predicted: Float64Array[], signs: number[]): Contrast {
  const { neurons, stimuli, mean } = averages;
  const r = predicted.map(() => new Float64Array(neurons).fill(Number.NaN));
  const effect = new Float64Array(neurons).fill(Number.NaN);
  const share = new Float64Array(neurons * stimuli).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const from = neuron * stimuli;
    const measured: number[] = [];
    for (let s = 0; s < stimuli; s++) if (Number.isFinite(mean[from + s])) measured.push(from + s);
    if (measured.length < fewestStimuli) continue;
    const y = standardise(measured, mean);
    const z = predicted.map((prediction) => standardise(measured, prediction));
    if (!y || z.includes(undefined)) continue;
    effect[neuron] = 0;
    for (const at of measured) share[at] = 0;
    for (const [twin, standard] of z.entries()) {
      let sum = 0;
      for (const [i, at] of measured.entries()) {
        // SAFETY: `z.includes(undefined)` was ruled out above.
        const product = y[i] * standard![i];
        share[at] += signs[twin] * product;
        sum += product;
      }
      r[twin][neuron] = sum / measured.length;
      effect[neuron] += signs[twin] * r[twin][neuron];
    }
  }
  return { r, effect, share, neurons, stimuli };
}

/**
 * Mean share of each stimulus over the neurons that were measured at it, [stimulus]; NaN where there is none. Neurons that
 * were recorded together share noise and are not independent; this keeps one number a stimulus, whatever they share.
 */
export function shareByStimulus({ share, neurons, stimuli }: Contrast): Float64Array {
  return Float64Array.from({ length: stimuli }, (_, s) => {
    let sum = 0;
    let n = 0;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const value = share[neuron * stimuli + s];
      if (Number.isNaN(value)) continue;
      sum += value;
      n++;
    }
    return n > 0 ? sum / n : Number.NaN;
  });
}

/** (x − mean) / sd over the entries `at`, population sd; undefined when they do not vary or one is not a number. */
function standardise(at: number[], values: Float64Array): Float64Array | undefined {
  let sum = 0;
  for (const i of at) sum += values[i];
  const mean = sum / at.length;
  let squares = 0;
  for (const i of at) squares += (values[i] - mean) ** 2;
  const sd = Math.sqrt(squares / at.length);
  if (!(sd > 1e-12 * Math.max(1, Math.abs(mean)))) return undefined;
  return Float64Array.from(at, (i) => (values[i] - mean) / sd);
}
