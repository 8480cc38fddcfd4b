import { mean } from '@bregma/core/statistics/correlation';
import { studentQuantile } from '@bregma/core/statistics/student';
import type { RasterModel } from '../raster/model.ts';
import type { RatesModel } from '../rates/model.ts';
import type { Caption } from './caption.ts';

/** The stored tables of a simulation and what its answer says of them. */
export interface Simulation {
  /** Rows of the table of spikes, by trial and time. */
  spikes: { neuron: string; timeMs: number; trial: number }[];
  /** Spikes in the whole table. */
  available: number;
  /** Of the neurons that are known: `driven` ones got the stimulus. */
  neurons: Map<string, { name?: string; type?: string; driven?: boolean }>;
  durationMs: number;
  /** Trials whose spikes were kept, and trials that were run. */
  kept: number;
  trials: number;
}

/** What is drawn of a simulation. */
export interface SimulationPictures {
  raster: RasterModel;
  rates?: RatesModel;
}

/** Groups of neurons with a line of their own. */
const mostGroups = 5;

/**
 * Spikes of the neurons that fired, and the mean rate of each group over time with its interval over trials. Where not all spikes
 * were read, rates are of the trials that were read whole; without one there are no rates.
 */
export function simulationPictures(simulation: Simulation, caption: Caption): SimulationPictures {
  const { spikes, available, durationMs, kept, trials } = simulation;
  const fired = [...new Set(spikes.map(({ neuron }) => neuron))];
  const groups = groupsOf(fired, simulation);
  const order = [...groups.values()].flat();
  const place = new Map(order.map((id, i) => [id, i]));
  const groupOf = new Map([...groups].flatMap(([name, ids]) => ids.map((id) => [id, name] as const)));
  const cut = available > spikes.length;
  const last = spikes.at(-1)?.trial ?? 0;
  const shown = cut ? Math.max(last, 1) : kept;
  const whole = cut ? last - 1 : kept;
  const note = [
    cut && `The first ${spikes.length} of ${available} spikes.`,
    kept < trials && `Spikes of ${kept} of ${trials} trials were kept.`,
    'Neurons without a spike are left out.',
  ];
  const raster: RasterModel = {
    ...caption,
    title: 'Spikes',
    uncertainty: undefined,
    n: { count: spikes.length, of: 'spikes' },
    completeness: { returned: spikes.length, available, of: 'spikes' },
    durationMs,
    neurons: order.map((id) => simulation.neurons.get(id)?.name || id),
    groups: order.map((id) => groupOf.get(id)!),
    timesMs: spikes.map(({ timeMs }) => timeMs),
    neuron: spikes.map(({ neuron }) => place.get(neuron)!),
    trial: spikes.map(({ trial }) => trial - 1),
    trials: shown,
    note: note.filter(Boolean).join(' '),
  };
  if (whole < 1 || fired.length === 0) return { raster };
  const used = spikes.filter(({ trial }) => trial <= whole);
  return { raster, rates: ratesOf(used, whole, { groups, groupOf, durationMs, trials }, caption) };
}

/** Driven neurons, then the cell types with most spikes, then the others: name → ids. */
function groupsOf(fired: string[], { spikes, neurons }: Simulation): Map<string, string[]> {
  const counts = new Map<string, number>();
  const nameOf = (id: string) => {
    const known = neurons.get(id);
    return known?.driven ? 'driven' : known?.type || (known?.driven === false ? 'not driven' : 'neurons');
  };
  for (const { neuron } of spikes) counts.set(nameOf(neuron), (counts.get(nameOf(neuron)) ?? 0) + 1);
  const ranked = [...counts.keys()]
    .filter((name) => name !== 'driven')
    .sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  const room = mostGroups - Number(counts.has('driven'));
  const own = new Set(['driven', ...ranked.slice(0, ranked.length > room ? room - 1 : room)]);
  const rest = `${ranked.length - own.size + 1} other types`;
  const names = [...own, rest];
  const groups = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const id of fired) groups.get(own.has(nameOf(id)) ? nameOf(id) : rest)!.push(id);
  return new Map([...groups].filter(([, ids]) => ids.length > 0).map(([name, ids]) => [name, ids.sort()]));
}

function ratesOf(
  spikes: Simulation['spikes'],
  trials: number,
  {
    groups,
    groupOf,
    durationMs,
    trials: ran,
  }: { groups: Map<string, string[]>; groupOf: Map<string, string>; durationMs: number; trials: number },
  caption: Caption,
): RatesModel {
  const bin = binMs(durationMs);
  const bins = Math.max(1, Math.ceil(durationMs / bin));
  const counts = new Map(
    [...groups.keys()].map((name) => [name, Array.from({ length: trials }, () => new Float64Array(bins))]),
  );
  for (const { neuron, timeMs, trial } of spikes) {
    const at = Math.min(bins - 1, Math.floor(timeMs / bin));
    counts.get(groupOf.get(neuron)!)![trial - 1][at]++;
  }
  const lengthOf = (at: number) => Math.min(bin, durationMs - at * bin);
  const half = trials > 1 ? studentQuantile(0.975, trials - 1) : 0;
  const series = [...groups].map(([name, ids]) => {
    const [values, low, high]: number[][] = [[], [], []];
    for (let at = 0; at < bins; at++) {
      const rates = counts.get(name)!.map((trial) => (trial[at] * 1000) / (lengthOf(at) * ids.length));
      const middle = mean(rates);
      const error =
        half * Math.sqrt(rates.reduce((sum, rate) => sum + (rate - middle) ** 2, 0) / Math.max(1, trials - 1) / trials);
      values.push(middle);
      low.push(Math.max(0, middle - error));
      high.push(middle + error);
    }
    return { name, values, ...(trials > 1 && { low, high }), n: { count: ids.length, of: 'neurons that fired' } };
  });
  const interval = `95 % of the mean, Student t over ${trials} trials, not below 0`;
  return {
    ...caption,
    title: 'Rates of the neurons that fired',
    n: { count: trials, of: trials === 1 ? 'trial' : 'trials' },
    uncertainty: trials > 1 ? { method: `Student t over ${trials} trials`, level: 0.95, of: 'each mean' } : undefined,
    completeness: { returned: trials, available: ran, of: 'trials' },
    timeMs: Array.from({ length: bins }, (_, at) => at * bin + lengthOf(at) / 2),
    value: { label: 'Mean rate of a neuron', unit: 'Hz' },
    series,
    ...(trials > 1 && { interval }),
    note: `In bins of ${bin} ms.${trials === 1 ? ' One trial: there is no interval.' : ''}`,
  };
}

/** About 50 bins: 1, 2 or 5 times a power of ten, ms. */
function binMs(durationMs: number): number {
  const wanted = durationMs / 50;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= wanted) ?? wanted;
}
