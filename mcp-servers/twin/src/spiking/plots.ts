import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { Connectome } from '../domain/connectome.ts';
import { type NeuronMeans, notBelowZero } from './firing-rates.ts';
import type { TrialResult, Window } from './lif.ts';
import type { Perturbations } from './perturbation.ts';
import type { Group } from './select-neurons.ts';
import { rasterPlot, ratePlot } from './spike-plots.ts';

/** Rows of the raster: driven neurons, and others. */
const mostDriven = 15;
const mostOthers = 40;
/** Neurons of the plot of rates. */
const mostRates = 30;

interface Simulation {
  connectome: Connectome;
  rates: NeuronMeans;
  /** Neurons that fired and were not driven, highest rate first. */
  ranked: number[];
  driven: ReadonlySet<number>;
  /** The first trial, with its spikes. */
  first: TrialResult;
  durationMs: number;
  dtMs: number;
}

/** Stores a raster of the first trial and the rates of the strongest neurons as SVG objects. */
export function drawPlots(
  { connectome, rates, ranked, driven, first, durationMs, dtMs }: Simulation,
  perturbations: Perturbations,
  { unitName, title }: { unitName: string; title: string },
  objects: ObjectStore,
): { raster: ObjectRef; rates: ObjectRef } {
  const fired = ranked.filter((i) => first.counts[i] > 0);
  const rows = [...[...driven].slice(0, mostDriven), ...fired.slice(0, mostOthers)];
  const row = new Map(rows.map((neuron, i) => [neuron, i]));
  const times: number[][] = rows.map(() => []);
  for (let k = 0; k < first.spikes.length; k += 2) {
    const at = row.get(first.spikes[k]);
    if (at !== undefined) times[at].push(first.spikes[k + 1] * dtMs);
  }
  const label = (i: number) => connectome.neurons[i];
  const raster = rasterPlot({
    title: `${title}: first trial`,
    durationMs,
    rows: rows.map((i, k) => ({ name: label(i), driven: driven.has(i), times: times[k] })),
    hidden: Math.max(0, fired.length - mostOthers) + Math.max(0, driven.size - mostDriven),
    windows: windowsOf(perturbations, durationMs),
  });
  const chart = ratePlot({
    title: `${title}: highest rates`,
    rows: ranked.slice(0, mostRates).map((i) => ({ name: label(i), ...notBelowZero(rates.of(i)) })),
    interval: rates.units > 1 ? `Mean and 95 % interval over ${rates.units} ${unitName}` : 'One trial: no interval',
  });
  return { raster: objects.put(raster, 'image/svg+xml'), rates: objects.put(chart, 'image/svg+xml') };
}

function windowsOf({ activate, silence, scale }: Perturbations, durationMs: number) {
  const window = (what: string, entry: Group & Window) => {
    const who = [...(entry.cellTypes ?? []), ...(entry.neurons ?? [])];
    return {
      name: `${what} ${who.slice(0, 3).join(', ')}${who.length > 3 ? '…' : ''}`,
      fromMs: entry.fromMs ?? 0,
      untilMs: Math.min(durationMs, entry.untilMs ?? durationMs),
    };
  };
  return [
    ...activate.map((entry) => window(`activate at ${entry.rateHz} Hz:`, entry)),
    ...silence.map((entry) => window('silence', entry)),
    ...scale.map((entry) => window(`scale × ${entry.factor}`, entry)),
  ].slice(0, 8);
}
