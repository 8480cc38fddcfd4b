import type { Outcome } from '@bregma/core/contracts/answer';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { inSlices, pause } from '@bregma/core/in-slices';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { significant, withDigits } from '@bregma/core/numbers';
import { mean } from '@bregma/core/statistics/correlation';
import type { Connectome } from '../domain/connectome.ts';
import { describeImputed, treatImputed } from '../keep-edges.ts';
import type { Run } from '../kinds/kind.ts';
import { type ConnectomeData, loadConnectome } from '../load-connectome.ts';
import { controlTrials, runControls } from './controls.ts';
import type { Backend } from './engines/engine.ts';
import { estimate, NeuronMeans, notBelowZero, ratesOf, stabilityOf } from './firing-rates.ts';
import type { TrialResult } from './lif.ts';
import { roundedDelay } from './lif-schedule.ts';
import type { SpikingModel } from './model.ts';
import { applyPerturbations, overlapRules, type Perturbations } from './perturbation.ts';
import { refuseSharedStreams } from './random-streams.ts';
import { type Group, NeuronIndex } from './select-neurons.ts';
import { describeSelfLoops, treatSelfLoops } from './self-loops.ts';
import { inUnit, signedNetwork, weightUnitOf } from './signed-network.ts';
import { assignSigns, describeSigns, knownSigns, type Signs } from './signs.ts';
import { storeSimulation } from './store-simulation.ts';
import { type Bench, Progress, seedsOf, visitTrials } from './trials.ts';
import { TypeRates } from './type-rates.ts';
import { windowsOf } from './windows.ts';

/** A what-if question to a spiking twin. */
export interface SpikingRequest {
  perturbations: Perturbations;
  /** Neurons whose mean rate is the effect; default: the effect is how many neurons fire. */
  readout?: Group;
  durationMs: number;
  trials: number;
  controls: number;
  backend: Backend;
  seed: number;
  limit: number;
}

/**
 * Simulates trials of a perturbed connectome, over draws of signs that are not known, and the same stimulus on rewired networks
 * and on networks with exchanged signs.
 */
export async function runSpiking(
  model: SpikingModel,
  twin: TwinCard,
  request: SpikingRequest,
  context: ToolContext,
): Promise<Outcome<Run>> {
  const { perturbations, durationMs, trials, seed, limit } = request;
  if (perturbations.activate.length === 0)
    throw new BregmaError('bad-input', 'Without activated neurons nothing happens: the network is silent at rest.', {
      next: 'Pass perturb: {"activate": [{"cell_type": "…", "rate_hz": 150}]}.',
    });
  const data = await loadConnectome(twin.data, context.workspace, {
    signal: context.signal,
    onProgress: (done, total) => context.progress({ done: done / total, message: 'reading connections' }),
  });
  checkTables(twin, data);
  const { reference, release } = data;
  const { parameters: inSynapses, signs: choice, selfLoops, imputed } = model.settings(twin.options);
  const seen = await inSlices(treatImputed(data.connectome, imputed), context.signal);
  const loops = await inSlices(treatSelfLoops(seen.connectome, selfLoops), context.signal);
  const { connectome } = loops;
  const index = new NeuronIndex(connectome);
  const applied = applyPerturbations(index, perturbations, inSynapses);
  const readout = request.readout && index.select(request.readout);
  const driven = new Set(applied.driven);
  const unit = await inSlices(weightUnitOf(connectome), context.signal);
  const known = await inSlices(knownSigns(connectome, choice), context.signal);
  const count = choice.unknown === 'sample' && known.from.unknown > 0 ? choice.draws : 1;
  const draws = Array.from({ length: count }, (_, k) => assignSigns(connectome, known, choice, `${twin.seed} ${k}`));
  const compared = perturbations.silence.length + perturbations.scale.length > 0;
  const runs = (trials * count + 2 * request.controls * Math.min(controlTrials, trials)) * (compared ? 2 : 1);
  const bench: Bench = {
    parameters: inUnit(inSynapses, unit),
    durationMs,
    backend: request.backend,
    input: applied.input,
    baseline: compared ? { ...applied.input, outputScale: [], deaf: [] } : undefined,
    context,
    progress: new Progress(context, runs + 2 * request.controls),
    used: new Set(),
  };
  const seeds = seedsOf(seed, trials);
  const quantityIn = readout ? meanRate(readout, durationMs) : countActive(driven);
  const effectOf = (one: TrialResult, base?: TrialResult) => quantityIn(one) - (base ? quantityIn(base) : 0);
  const found = await simulateDraws({ connectome, draws, unit, seeds, driven, effectOf, quantityIn, bench });
  refuseSharedStreams(found.kept, applied.input.poisson, { dtMs: inSynapses.dtMs, durationMs });
  const effect = estimate(found.effects);
  const { controls } = request;
  const tested = await runControls({
    ...{ connectome, draws, unit, seeds, seed, effectOf, bench },
    count: controls,
    observed: effect.mean,
  });
  const ranked = strongestFirst(found.rates, driven);
  const named = (i: number) => ({
    neuron: connectome.neurons[i],
    id: connectome.ids[i],
    type: connectome.types[i] || undefined,
  });
  const stored = await storeSimulation(
    connectome,
    found.rates,
    driven,
    { results: found.kept, dtMs: inSynapses.dtMs },
    context,
  );
  const unitName = count > 1 ? 'draws of the unknown signs' : 'trials';
  await pause(context.signal);
  const active = estimate(found.active);
  return {
    value: {
      effect: {
        of: `${readout ? `mean rate of ${readout.length} neurons, Hz` : 'neurons that fire and are not driven'}${compared ? '; change against the same stimulus without silencing and scaling' : ''}`,
        ...effect,
        // The two levels whose difference the effect is.
        ...(compared ? { perturbed: mean(found.levels.perturbed), baseline: mean(found.levels.baseline) } : {}),
      },
      controls: { shows: 'same direction, at least as large', trials: Math.min(controlTrials, trials), ...tested },
      active: { ...notBelowZero(active), ever: ranked.length, of: connectome.ids.length, driven: driven.size },
      strongest: ranked.slice(0, limit).map((i) => ({
        ...named(i),
        rateHz: tidy(found.rates.of(i).mean),
        ...lowHigh(notBelowZero(found.rates.of(i))),
        [count > 1 ? 'shareOfDraws' : 'shareOfTrials']: found.rates.nonZero[i] / found.rates.units,
      })),
      types: found.types
        .ranked((i) => found.rates.nonZero[i] > 0)
        .slice(0, limit)
        .map(({ type, neurons, active: fired, mean: rate, ...bounds }) => ({
          type,
          neurons,
          active: fired,
          rateHz: tidy(rate),
          ...lowHigh(bounds),
        })),
      changed:
        found.changes &&
        changedMost(found.changes, limit).map((i) => ({
          ...named(i),
          rateHz: tidy(found.rates.of(i).mean),
          withoutHz: tidy(found.rates.of(i).mean - (found.changes?.of(i).mean ?? 0)),
          changeHz: tidy(found.changes?.of(i).mean),
          ...lowHigh(found.changes?.of(i)),
        })),
      stability: count > 1 ? stabilityOf(found.drawRates, found.active, driven) : undefined,
      signs: describeSigns(known, choice),
      predictions: stored.rates,
      shape: [connectome.ids.length],
      axes: ['neuron'],
      unit: 'Hz',
      spikes: { ...stored.spikes, trials: found.kept.length, of: trials },
      windows: windowsOf(perturbations, durationMs),
      notes: [
        ...notesOf(
          { connectome, weightUnit: data.weightUnit },
          draws,
          applied.sizes,
          driven,
          unit,
          found.kept.length < trials,
        ),
        ...[roundedDelay(inSynapses) ?? [], describeImputed(seen, imputed) ?? []].flat(),
        ...(loops.count > 0 ? [`connections of a neuron to itself: ${describeSelfLoops(loops, selfLoops)}`] : []),
      ],
      rules: overlapRules,
      backend: [...bench.used].sort().join(', '),
      trials,
      durationMs,
    },
    // As weak as what it rests on: a simulation of a generator's network is synthetic.
    kind: release.card.kind === 'synthetic' ? ('synthetic' as const) : ('simulated' as const),
    n: { count: found.rates.units, of: unitName },
    completeness: { returned: Math.min(limit, ranked.length), available: ranked.length, of: 'active neurons' },
    uncertainty: {
      method: `Student t over ${unitName}`,
      level: 0.95,
      low: effect.low,
      high: effect.high,
      of: 'effect',
    },
    release: [reference],
    licence: [release.card.licence],
    cite: [...twin.cite, ...release.card.cite],
    inputs: [twin.id, reference],
    outputs: [stored.rates.object, stored.spikes.object],
    seed,
  };
}

/** Throws `conflict` when the data that go by the twin's reference now are not those it was built on. */
function checkTables(twin: TwinCard, { reference, tables }: ConnectomeData): void {
  // SAFETY: a card of a spiking twin names its tables in this form, or is older and names none.
  const built = twin.summary.tables as ConnectomeData['tables'] | undefined;
  if (!built || (built.neurons === tables.neurons && built.edges === tables.edges)) return;
  throw new BregmaError('conflict', `${twin.id} was built on other tables than ${reference} has now.`, {
    next: 'Build the twin again on these data.',
  });
}

interface Drawn {
  connectome: Connectome;
  draws: Signs[];
  unit: Parameters<typeof signedNetwork>[2];
  seeds: bigint[];
  driven: ReadonlySet<number>;
  effectOf(one: TrialResult, base?: TrialResult): number;
  quantityIn(one: TrialResult): number;
  bench: Bench;
}

/** All trials of all draws. Independent units are the draws when there are several, else the trials. */
async function simulateDraws({ connectome, draws, unit, seeds, driven, effectOf, quantityIn, bench }: Drawn) {
  const n = connectome.ids.length;
  const several = draws.length > 1;
  const rates = new NeuronMeans(n);
  const changes = bench.baseline && new NeuronMeans(n);
  const types = new TypeRates(connectome, driven);
  const found: {
    effects: number[];
    active: number[];
    kept: TrialResult[];
    drawRates: Float64Array[];
    /** The quantity in every trial of every draw. */
    levels: { perturbed: number[]; baseline: number[] };
  } = { effects: [], active: [], kept: [], drawRates: [], levels: { perturbed: [], baseline: [] } };
  const activeIn = countActive(driven);
  for (const [k, signs] of draws.entries()) {
    const network = await inSlices(signedNetwork(connectome, signs, unit), bench.context.signal);
    const inDraw = {
      rates: several ? new NeuronMeans(n) : rates,
      changes: several ? changes && new NeuronMeans(n) : changes,
    };
    const [effects, active]: number[][] = [[], []];
    const message = several ? `draw ${k + 1} of ${draws.length}` : 'trials';
    await visitTrials(network, seeds, { message, keepSpikes: k === 0 }, bench, (one, base, hasSpikes) => {
      const own = ratesOf(one, bench.durationMs);
      inDraw.rates.add(own);
      if (!several) types.add(own);
      if (base) inDraw.changes?.add(own.map((rate, i) => rate - (base.counts[i] * 1000) / bench.durationMs));
      effects.push(effectOf(one, base));
      found.levels.perturbed.push(quantityIn(one));
      if (base) found.levels.baseline.push(quantityIn(base));
      active.push(activeIn(one));
      if (hasSpikes) found.kept.push(one);
    });
    if (several) {
      found.drawRates.push(inDraw.rates.means());
      rates.add(found.drawRates[k]);
      types.add(found.drawRates[k]);
      if (inDraw.changes) changes?.add(inDraw.changes.means());
      found.effects.push(mean(effects));
      found.active.push(mean(active));
    } else {
      found.effects = effects;
      found.active = active;
    }
  }
  return { ...found, rates, changes, types };
}

const countActive = (driven: ReadonlySet<number>) => (result: TrialResult) => {
  let active = 0;
  for (let i = 0; i < result.counts.length; i++) active += Number(result.counts[i] > 0 && !driven.has(i));
  return active;
};

const meanRate = (neurons: number[], durationMs: number) => (result: TrialResult) =>
  mean(neurons.map((i) => (result.counts[i] * 1000) / durationMs));

/** Neurons that fired and were not driven. */
function strongestFirst(rates: NeuronMeans, driven: ReadonlySet<number>): number[] {
  const means = rates.means();
  const fired: number[] = [];
  for (let i = 0; i < means.length; i++) if (means[i] > 0 && !driven.has(i)) fired.push(i);
  return fired.sort((a, b) => means[b] - means[a] || a - b);
}

function changedMost(changes: NeuronMeans, limit: number): number[] {
  const means = changes.means();
  return [...means.keys()]
    .filter((i) => changes.nonZero[i] > 0)
    .sort((a, b) => Math.abs(means[b]) - Math.abs(means[a]) || a - b)
    .slice(0, limit);
}

/** Digits that mean something, no more. */
const tidy = (value: number | null | undefined) => (typeof value === 'number' ? significant(value, 5) : null);

const lowHigh = (found?: { low: number | null; high: number | null }) => ({
  low: tidy(found?.low),
  high: tidy(found?.high),
});

/** What a reader must know and the numbers do not say. */
function notesOf(
  { connectome, weightUnit }: Pick<ConnectomeData, 'connectome' | 'weightUnit'>,
  draws: Signs[],
  sizes: { activate: number[]; silence: number[]; scale: number[] },
  driven: ReadonlySet<number>,
  unit: Parameters<typeof signedNetwork>[2],
  spikesCut: boolean,
): string[] {
  const sends = new Uint8Array(connectome.ids.length);
  let electrical = 0;
  let excites = false;
  for (let edge = 0; edge < connectome.pre.length; edge++) {
    const from = connectome.pre[edge];
    if (connectome.electrical[edge]) electrical++;
    else if (connectome.weight[edge] > 0) {
      sends[from] = 1;
      if (!excites && driven.has(from))
        excites = draws.some(({ edges, neurons }) => (edges?.[edge] || neurons[from]) > 0);
    }
  }
  const mute = [...driven].filter((i) => !sends[i]);
  const shown = mute.slice(0, 5).map((i) => connectome.neurons[i]);
  return [
    `perturbed: ${Object.entries(sizes)
      .filter(([, groups]) => groups.length > 0)
      .map(([what, groups]) => `${what} ${groups.join(' + ')} neurons`)
      .join(', ')}`,
    ...(mute.length > 0
      ? [
          `${mute.length} of ${driven.size} driven neurons send no chemical synapse in these data, so nothing can spread from them: ${shown.join(', ')}${mute.length > 5 ? '…' : ''}`,
        ]
      : []),
    ...(mute.length < driven.size && !excites
      ? ['the driven neurons only inhibit, and the network is silent at rest: there is nothing for them to suppress']
      : []),
    ...(unit.perSynapse > 1
      ? [
          `weights (${weightUnit}) are not whole: they are simulated in steps of 1/${unit.perSynapse}, with an error of at most ${withDigits(unit.largestError, 2)}; ${unit.lost} connections round to nothing`,
        ]
      : []),
    ...(electrical > 0 ? [`${electrical} electrical connections are not part of this model`] : []),
    ...(spikesCut ? ['spikes are stored for the first trials only; rates and counts are of all'] : []),
  ];
}
