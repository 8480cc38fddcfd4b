import type { ObjectRef } from '@bregma/core/contracts/answer';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { Duck } from '@bregma/readers/duck';
import type { Connectome } from '../domain/connectome.ts';
import { type NeuronMeans, notBelowZero } from './firing-rates.ts';
import type { TrialResult } from './lif.ts';

/** Stores the rates of all neurons and the spikes of some trials as Parquet objects, neurons by id. */
export async function storeSimulation(
  connectome: Connectome,
  rates: NeuronMeans,
  driven: ReadonlySet<number>,
  spikes: { results: TrialResult[]; dtMs: number },
  { workspace, signal }: ToolContext,
): Promise<{ rates: ObjectRef; spikes: ObjectRef }> {
  const { ids, neurons, types } = connectome;
  const n = ids.length;
  const none = Number.NaN;
  const [mean, low, high] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const rate = notBelowZero(rates.of(i));
    mean[i] = rate.mean;
    low[i] = rate.low ?? none;
    high[i] = rate.high ?? none;
  }
  const total = spikes.results.reduce((sum, result) => sum + result.spikes.length / 2, 0);
  const [neuron, step, trial] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  let at = 0;
  spikes.results.forEach((result, k) => {
    for (let i = 0; i < result.spikes.length; i += 2, at++) {
      neuron[at] = result.spikes[i];
      step[at] = result.spikes[i + 1];
      trial[at] = k + 1;
    }
  });
  const store = await Duck.open({ objects: workspace.objects, signal });
  try {
    await store.make('cells', {
      place: Int32Array.from({ length: n }, (_, i) => i),
      id: ids,
      name: neurons,
      cell_type: types,
      driven: Int32Array.from({ length: n }, (_, i) => Number(driven.has(i))),
      mean,
      low,
      high,
      firing: Int32Array.from(rates.nonZero),
    });
    await store.make('fired', { neuron, step, trial });
    return {
      rates: await store.store(
        `SELECT id AS neuron, name, nullif(cell_type, '') AS cell_type, driven = 1 AS driven, mean AS rate_hz, CASE WHEN isnan(low) THEN NULL ELSE low END AS low_hz, CASE WHEN isnan(high) THEN NULL ELSE high END AS high_hz, firing AS units_firing FROM cells ORDER BY place`,
      ),
      spikes: await store.store(
        `SELECT c.id AS neuron, round(f.step * ${spikes.dtMs}, 4) AS time_ms, f.trial FROM fired f JOIN cells c ON c.place = f.neuron ORDER BY f.trial, f.step, f.neuron`,
      ),
    };
  } finally {
    store.close();
  }
}
