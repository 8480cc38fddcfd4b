import { type NumberArray, numbersOf, wordsOf } from '../kit/numbers.ts';
import type { RasterModel } from './model.ts';

/** Spikes, one an entry of `timesMs`, `neuron` and `trial`. */
export interface Spikes {
  neurons: string[];
  groups: string[] | undefined;
  timesMs: NumberArray;
  neuron: NumberArray;
  trial: NumberArray | undefined;
  trials: number;
  startMs: number;
  durationMs: number;
}

/** The spikes of a model. Throws when its lists differ in length or point to neurons that are not there. */
export function spikesOf(model: RasterModel): Spikes {
  const neurons = wordsOf(model.neurons);
  const groups = model.groups && wordsOf(model.groups);
  const timesMs = numbersOf(model.timesMs);
  const neuron = numbersOf(model.neuron);
  const trial = model.trial && numbersOf(model.trial);
  if (groups && groups.length !== neurons.length)
    throw new Error(`There are ${groups.length} groups for ${neurons.length} neurons.`);
  let last = -1;
  for (let i = 0; i < neuron.length; i++) {
    if (!(neuron[i] >= 0 && neuron[i] < neurons.length))
      throw new Error(`Spike ${i} is of neuron ${neuron[i]}; there are ${neurons.length} neurons.`);
    if (trial && trial[i] > last) last = trial[i];
  }
  if (timesMs.length !== neuron.length || (trial && trial.length !== neuron.length))
    throw new Error(`There are ${timesMs.length} times for ${neuron.length} spikes.`);
  const trials = Math.max(model.trials ?? 1, last + 1, 1);
  return { neurons, groups, timesMs, neuron, trial, trials, startMs: model.startMs ?? 0, durationMs: model.durationMs };
}

/** The order of neurons from top to bottom. */
export interface Rows {
  /** Row of each neuron, from the top. */
  rowOf: Int32Array;
  /** Neuron of each row. */
  neuronOf: Int32Array;
  /** Stretches of rows with the same group. */
  groups: { name: string; from: number; to: number }[];
}

/** Neurons under each other, group by group in the order in which groups first appear. */
export function rowsByGroup({ neurons, groups }: Pick<Spikes, 'neurons' | 'groups'>): Rows {
  const order = neurons.map((_, i) => i);
  const first = new Map<string, number>();
  for (const name of groups ?? []) if (!first.has(name)) first.set(name, first.size);
  if (groups) order.sort((a, b) => first.get(groups[a])! - first.get(groups[b])! || a - b);
  const rowOf = new Int32Array(neurons.length);
  order.forEach((neuron, row) => {
    rowOf[neuron] = row;
  });
  const stretches: Rows['groups'] = [];
  order.forEach((neuron, row) => {
    const name = groups?.[neuron] ?? '';
    const last = stretches.at(-1);
    if (last?.name === name) last.to = row + 1;
    else stretches.push({ name, from: row, to: row + 1 });
  });
  return { rowOf, neuronOf: Int32Array.from(order), groups: groups ? stretches : [] };
}

/** Indices of all spikes, those of one group behind each other: they are drawn in one colour. */
export function spikesByGroup({ neuron }: Pick<Spikes, 'neuron'>, { rowOf, groups }: Rows): Uint32Array {
  const groupOf = new Int32Array(rowOf.length);
  const rows = groups.length > 0 ? groups : [{ from: 0, to: rowOf.length }];
  const groupOfRow = new Int32Array(rowOf.length);
  rows.forEach(({ from, to }, group) => groupOfRow.fill(group, from, to));
  rowOf.forEach((row, i) => {
    groupOf[i] = groupOfRow[row];
  });
  const starts = new Uint32Array(rows.length + 1);
  for (let i = 0; i < neuron.length; i++) starts[groupOf[neuron[i]] + 1]++;
  for (let group = 0; group < rows.length; group++) starts[group + 1] += starts[group];
  const order = new Uint32Array(neuron.length);
  for (let i = 0; i < neuron.length; i++) order[starts[groupOf[neuron[i]]]++] = i;
  return order;
}

/** Spikes of each neuron, all trials. */
export function spikeCounts({ neurons, neuron }: Spikes): Uint32Array {
  const counts = new Uint32Array(neurons.length);
  for (let i = 0; i < neuron.length; i++) counts[neuron[i]]++;
  return counts;
}

/** Mean rate of one neuron in one trial, Hz, in bins of `binMs`; only of `which` when given. */
export function rateOverTime(spikes: Spikes, binMs: number, which?: number): Float64Array {
  const { timesMs, neuron, startMs, durationMs, neurons, trials } = spikes;
  const bins = new Float64Array(Math.max(1, Math.ceil(durationMs / binMs)));
  for (let i = 0; i < timesMs.length; i++) {
    if (which !== undefined && neuron[i] !== which) continue;
    const bin = Math.floor((timesMs[i] - startMs) / binMs);
    if (bin >= 0 && bin < bins.length) bins[bin]++;
  }
  const share = (1000 / binMs) * (1 / (trials * (which === undefined ? Math.max(1, neurons.length) : 1)));
  return bins.map((count) => count * share);
}

/** A bin that gives about 100 steps: 1, 2 or 5 times a power of ten, ms. */
export function binFor(durationMs: number): number {
  const wanted = durationMs / 100;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= wanted) ?? wanted;
}
