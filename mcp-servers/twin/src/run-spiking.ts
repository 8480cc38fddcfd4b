import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { mean } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { studentQuantile } from '@bregma/core/statistics/student';
import { loadConnectome } from './data.ts';
import { type Connectome, shuffleWiring } from './domain/connectome.ts';
import type { TrialResult } from './domain/lif.ts';
import { applyPerturbations, type Perturbations } from './domain/perturbation.ts';
import { type SpikingNetwork, signedNetwork } from './domain/signed-network.ts';
import { simulateTrials } from './engines/simulate-trials.ts';
import type { SpikingKind } from './kinds/kind.ts';

export interface SpikingRequest {
  perturbations: Perturbations;
  durationMs: number;
  trials: number;
  controls: number;
  backend: 'wasm' | 'wasm-f64';
  seed: number;
  limit: number;
}

/** Simulates trials of a perturbed connectome, and the same stimulus on rewired and on sign-shuffled networks. */
export async function runSpiking(twin: TwinCard, kind: SpikingKind, request: SpikingRequest, context: ToolContext) {
  const { release, reference, connectome } = await loadConnectome(twin.data, context.workspace);
  if (request.perturbations.activate.length === 0) {
    throw new BregmaError('bad-input', 'Without activated neurons nothing happens: the network is silent at rest.', {
      next: 'Pass perturb: {"activate": [{"neurons": ["…"], "rate_hz": 150}]}.',
    });
  }
  const real = kind.network(connectome, twin.options, twin.seed);
  const total = request.trials + 2 * request.controls;
  let done = 0;
  const simulate = async (
    wiring: Connectome,
    spiking: SpikingNetwork,
    trials: number,
    stream: string,
    keepSpikes: boolean,
  ) => {
    const found = await runTrials(wiring, spiking, request, { trials, stream, keepSpikes }, context, () =>
      context.progress({ done: ++done, total, message: stream }),
    );
    return found;
  };
  const trials = await simulate(connectome, real, request.trials, 'trial', true);
  const driven = new Set(trials.driven);
  const effect = (counts: Uint32Array[]) =>
    mean(counts.map((one) => one.reduce((sum, count, neuron) => sum + Number(count > 0 && !driven.has(neuron)), 0)));
  const observed = effect(trials.results.map(({ counts }) => counts));
  const control = async (name: string, make: (k: number) => { wiring: Connectome; spiking: SpikingNetwork }) => {
    const effects: number[] = [];
    for (let k = 0; k < request.controls; k++) {
      const { wiring, spiking } = make(k);
      const { results } = await simulate(wiring, spiking, 1, `${name} ${k}`, false);
      effects.push(effect(results.map(({ counts }) => counts)));
    }
    return {
      n: effects.length,
      active: effects.length > 0 ? mean(effects) : null,
      atLeastAsMany: effects.filter((value) => value >= observed).length,
    };
  };
  const rewired = await control('rewired', (k) => {
    const wiring = shuffleWiring(connectome, `${request.seed} ${k}`);
    return { wiring, spiking: { ...real, network: signedNetwork(wiring, real.signs) } };
  });
  const signShuffled = await control('signs shuffled', (k) => {
    const senders = [...new Set(connectome.pre)];
    const order = makeRandom(`${request.seed} signs ${k}`).permutation(senders.length);
    const signs = Int8Array.from(real.signs);
    senders.forEach((sender, i) => {
      signs[sender] = real.signs[senders[order[i]]];
    });
    return { wiring: connectome, spiking: { ...real, signs, network: signedNetwork(connectome, signs) } };
  });
  const rates = ratesOf(trials.results, connectome.ids.length, request.durationMs);
  const objects = context.workspace.objects;
  const rateTable = objects.put(
    JSON.stringify(rates.map((row, i) => ({ neuron: connectome.ids[i], ...row }))),
    'application/json',
  );
  const spikes = await storeSpikes(trials.results, connectome, context);
  const ranked = rates
    .map((row, i) => ({ i, ...row }))
    .filter(({ i, mean: rate }) => rate > 0 && !driven.has(i))
    .sort((a, b) => b.mean - a.mean || a.i - b.i);
  return {
    value: {
      predictions: rateTable,
      shape: [connectome.ids.length],
      axes: ['neuron'],
      unit: 'Hz, mean over trials',
      spikes,
      active: {
        mean: observed,
        ever: ranked.length,
        of: connectome.ids.length,
        besides: `${driven.size} driven neurons`,
      },
      strongest: ranked.slice(0, request.limit).map(({ i, mean: rate, low, high }) => ({
        neuron: connectome.neurons[i],
        id: connectome.ids[i],
        rateHz: rate,
        low,
        high,
      })),
      controls: { rewired, signShuffled, effect: 'number of active neurons that were not driven, one trial each' },
      signs:
        real.unknown === 0
          ? 'from the data'
          : `${twin.options.signs} for ${real.unknown} neurons whose transmitter is not known`,
      silencing: 'scope outgoing zeroes what the neurons send (the published code); both also cuts what they receive',
      backend: request.backend,
      trials: request.trials,
      durationMs: request.durationMs,
    },
    kind: 'simulated' as const,
    n: { count: request.trials, of: 'trials' },
    completeness: { returned: Math.min(request.limit, ranked.length), available: ranked.length, of: 'active neurons' },
    uncertainty: { method: 'Student t interval over trials', level: 0.95, of: 'rate of a neuron' },
    release: [reference],
    licence: [release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, reference],
    outputs: [rateTable.object, spikes.object],
    seed: request.seed,
  };
}

async function runTrials(
  connectome: Connectome,
  spiking: SpikingNetwork,
  request: SpikingRequest,
  run: { trials: number; stream: string; keepSpikes: boolean },
  context: ToolContext,
  tick: () => void,
): Promise<{ results: TrialResult[]; driven: number[] }> {
  const input = applyPerturbations(connectome, request.perturbations, spiking.parameters);
  const random = makeRandom(`${request.seed} ${run.stream}`);
  const { results } = await simulateTrials(spiking.network, input, {
    backend: request.backend,
    parameters: spiking.parameters,
    durationMs: request.durationMs,
    seeds: Array.from(
      { length: run.trials },
      () => (BigInt(random.integer(2 ** 31)) << 31n) | BigInt(random.integer(2 ** 31)),
    ),
    keepSpikes: run.keepSpikes,
    signal: context.signal,
    onTrial: tick,
  });
  refuseTwins(results);
  return { results, driven: input.poisson.map(({ neuron }) => neuron) };
}

/** Two trials with the same spikes have used the same random numbers: an error computed from them would be too small. */
function refuseTwins(results: TrialResult[]): void {
  const seen = new Set<string>();
  for (const { counts, spikesTotal } of results) {
    if (spikesTotal < 50) continue;
    const key = Buffer.from(counts.buffer, counts.byteOffset, counts.byteLength).toString('base64');
    if (seen.has(key))
      throw new BregmaError(
        'failed',
        'Two trials gave the same spikes in every neuron: their random streams are the same.',
        { next: 'Use another seed.' },
      );
    seen.add(key);
  }
}

function ratesOf(
  results: TrialResult[],
  neurons: number,
  durationMs: number,
): { mean: number; low: number | null; high: number | null }[] {
  const n = results.length;
  const factor = n > 1 ? studentQuantile(0.975, n - 1) : Number.NaN;
  return Array.from({ length: neurons }, (_, neuron) => {
    const rates = results.map(({ counts }) => (counts[neuron] * 1000) / durationMs);
    const average = mean(rates);
    if (n < 2) return { mean: average, low: null, high: null };
    const error = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - average) ** 2, 0) / (n - 1) / n);
    return { mean: average, low: Math.max(0, average - factor * error), high: average + factor * error };
  });
}

/** All spikes as a Parquet object: neuron id (text), time in ms, trial. */
async function storeSpikes(results: TrialResult[], connectome: Connectome, { workspace }: ToolContext) {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const neuron: string[] = [];
  const times: number[] = [];
  const trials: number[] = [];
  results.forEach(({ spikes }, trial) => {
    for (let k = 0; k < spikes.length; k += 2) {
      neuron.push(connectome.ids[spikes[k]]);
      times.push(spikes[k + 1] / 10);
      trials.push(trial);
    }
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'neuron', data: neuron, type: 'STRING' },
      { name: 'time_ms', data: Float64Array.from(times), type: 'DOUBLE' },
      { name: 'trial', data: Int32Array.from(trials), type: 'INT32' },
    ],
  });
  return workspace.objects.put(new Uint8Array(buffer), 'application/vnd.apache.parquet');
}
