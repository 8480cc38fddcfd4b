import type { TrialTable } from './trial-table.ts';

/** Responses averaged over the presentations of each unit of inference: a stimulus, with all of its copies. */
export interface Averages {
  neurons: number;
  units: number;
  /** C order [neuron × unit]; NaN: never measured. */
  mean: Float64Array;
  /** Presentations behind each mean, same order. */
  count: Int32Array;
}

/** How well predictions agree with measured responses, neuron by neuron, and how well without each unit. */
export interface Contrast {
  /** Pearson r of each twin [twin][neuron]; NaN where the neuron, or a prediction for it, does not vary or was hardly measured. */
  r: Float64Array[];
  /** Σ sign · r of each neuron; NaN as in r. */
  effect: Float64Array;
  /** C order [neuron × unit]: the neuron's effect without that unit; NaN where the unit was not measured, or there is no effect. */
  without: Float64Array;
  /** Units at which each neuron was measured. */
  measured: Int32Array;
  neurons: number;
  units: number;
}

/** Fewest units at which a neuron must have been measured to have an r: with fewer, its error cannot be told. */
export const fewestOfNeuron = 6;
/** Variance, of 1, below which what is left without one unit counts as constant. */
const flat = 1e-9;

/** groups: the stimuli (indices) of each unit. Rows of other stimuli are left out; NaN responses count as missing. */
export function averageTrials(trials: TrialTable, groups: number[][]): Averages {
  const unitOf = new Map(groups.flatMap((stimuli, unit) => stimuli.map((stimulus) => [stimulus, unit] as const)));
  const { neurons } = trials;
  const mean = new Float64Array(neurons * groups.length);
  const count = new Int32Array(neurons * groups.length);
  for (const [row, { stimulus }] of trials.rows.entries()) {
    const unit = unitOf.get(stimulus);
    if (unit === undefined) continue;
    for (let neuron = 0; neuron < neurons; neuron++) {
      const response = trials.responses[row * neurons + neuron];
      if (!Number.isFinite(response)) continue;
      mean[neuron * groups.length + unit] += response;
      count[neuron * groups.length + unit]++;
    }
  }
  for (let i = 0; i < mean.length; i++) mean[i] = count[i] > 0 ? mean[i] / count[i] : Number.NaN;
  return { neurons, units: groups.length, mean, count };
}

/** predicted: one array a twin, C order [neuron × unit], same columns as the averages. signs: weight of each twin's r. */
export function contrast(averages: Averages, predicted: Float64Array[], signs: number[]): Contrast {
  const { neurons, units, mean } = averages;
  const out: Contrast = {
    r: predicted.map(() => new Float64Array(neurons).fill(Number.NaN)),
    effect: new Float64Array(neurons).fill(Number.NaN),
    measured: new Int32Array(neurons),
    without: new Float64Array(neurons * units).fill(Number.NaN),
    neurons,
    units,
  };
  for (let neuron = 0; neuron < neurons; neuron++) {
    const at: number[] = [];
    for (let i = neuron * units; i < (neuron + 1) * units; i++) if (Number.isFinite(mean[i])) at.push(i);
    out.measured[neuron] = at.length;
    if (at.length < fewestOfNeuron) continue;
    const y = standardise(at, mean);
    const z = predicted.map((prediction) => standardise(at, prediction));
    if (y && z.every((standard) => standard !== undefined)) addNeuron(out, neuron, { at, y, z, signs });
  }
  return out;
}

/** A neuron of which all that varies lies in one unit tells nothing about the others: it gets no effect. */
function addNeuron(
  out: Contrast,
  neuron: number,
  { at, y, z, signs }: { at: number[]; y: Float64Array; z: Float64Array[]; signs: number[] },
): void {
  const twins = z.map((standard) => correlate(y, standard));
  if (twins.some(({ without }) => without.some(Number.isNaN))) return;
  out.effect[neuron] = 0;
  for (const i of at) out.without[i] = 0;
  for (const [twin, { r, without }] of twins.entries()) {
    out.r[twin][neuron] = r;
    out.effect[neuron] += signs[twin] * r;
    for (const [k, i] of at.entries()) out.without[i] += signs[twin] * without[k];
  }
}

/** r of two standardised lists, and r without each entry, from sums: without (a, b) Σxy is n·r − ab, and so on. */
function correlate(x: Float64Array, y: Float64Array): { r: number; without: Float64Array } {
  const n = x.length;
  const products = x.reduce((sum, value, k) => sum + value * y[k], 0);
  const without = x.map((a, k) => {
    const b = y[k];
    const [xx, yy] = [n - a * a - (a * a) / (n - 1), n - b * b - (b * b) / (n - 1)];
    if (xx < flat * n || yy < flat * n) return Number.NaN;
    return clamp((products - a * b - (a * b) / (n - 1)) / Math.sqrt(xx * yy));
  });
  return { r: clamp(products / n), without };
}

const clamp = (r: number) => Math.max(-1, Math.min(1, r));

/**
 * Mean of the neurons' effects without each unit, [unit]; NaN for a unit at which no neuron that has an effect was measured. What
 * neurons share (noise, tuning) stays in one number a unit, and a neuron weighs in it what it weighs in the mean.
 */
export function meanWithout({ effect, without, neurons, units }: Contrast): Float64Array {
  const sums = new Float64Array(units);
  const counts = new Int32Array(units);
  let taking = 0;
  for (let neuron = 0; neuron < neurons; neuron++) {
    if (Number.isNaN(effect[neuron])) continue;
    taking++;
    for (let unit = 0; unit < units; unit++) {
      const value = without[neuron * units + unit];
      sums[unit] += Number.isNaN(value) ? effect[neuron] : value;
      if (!Number.isNaN(value)) counts[unit]++;
    }
  }
  return sums.map((sum, unit) => (counts[unit] > 0 ? sum / taking : Number.NaN));
}

/** (x − mean) / sd over the entries `at`, population sd; undefined when they do not vary or one is not a number. */
export function standardise(at: number[], values: Float64Array): Float64Array | undefined {
  let sum = 0;
  for (const i of at) sum += values[i];
  const mean = sum / at.length;
  let squares = 0;
  for (const i of at) squares += (values[i] - mean) ** 2;
  const sd = Math.sqrt(squares / at.length);
  if (!(sd > 1e-12 * Math.max(1, Math.abs(mean)))) return undefined;
  return Float64Array.from(at, (i) => (values[i] - mean) / sd);
}
