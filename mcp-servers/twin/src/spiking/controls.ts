import { inSlices } from '@bregma/core/in-slices';
import { mean, quantile } from '@bregma/core/statistics/correlation';
import { type Connectome, rewiring } from '../domain/connectome.ts';
import type { TrialResult } from './lif.ts';
import { signedNetwork, type WeightUnit } from './signed-network.ts';
import { type Signs, shuffleSigns } from './signs.ts';
import { type Bench, visitTrials } from './trials.ts';

/** Trials of each control network, at most. */
export const controlTrials = 3;

/** How many networks without the real wiring, or the real signs, show the effect. null: not measured. */
export interface ControlOutcome {
  /** Networks whose effect goes the same way and is at least as large. */
  show: number | null;
  of: number;
  /** The smallest p that so many networks can give: 1 / (of + 1) (Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39). */
  smallestP?: number;
  effect?: { lowest: number; median: number; highest: number };
  /** Share of connections that lead elsewhere than in the data. */
  moved?: number;
  /** Why there is no control. */
  reason?: string;
}

/** An effect, and the shuffled wirings that it is to be compared with. */
export interface ControlRequest {
  connectome: Connectome;
  /** Signs under each draw. */
  draws: Signs[];
  unit: WeightUnit;
  seeds: bigint[];
  count: number;
  seed: number;
  observed: number;
  /** The effect in one trial. */
  effectOf(perturbed: TrialResult, baseline: TrialResult | undefined): number;
  bench: Bench;
}

/** The same stimulus, with the same random streams, on rewired networks and on networks whose signs are exchanged. */
export async function runControls(
  request: ControlRequest,
): Promise<{ rewired: ControlOutcome; signShuffled: ControlOutcome }> {
  const { connectome, draws, seed, bench } = request;
  const { signal } = bench.context;
  const { progress } = bench;
  const none = whyNone(request);
  if (none) return { rewired: none, signShuffled: none };
  let moved = 1;
  const rewired = await runControl('rewired', request, async (k) => {
    const found = await inSlices(rewiring(connectome, `${seed} ${k}`), signal, (share) =>
      progress.within(share, `rewiring ${k + 1} of ${request.count}`),
    );
    progress.finish('rewired');
    moved = Math.min(moved, found.moved);
    return found.moved === 0 ? undefined : { wiring: found.connectome, signs: draws[k % draws.length] };
  });
  const signShuffled = await runControl('signs exchanged', request, async (k) => {
    const signs = await inSlices(shuffleSigns(connectome, draws[k % draws.length], `${seed} signs ${k}`), signal);
    progress.finish('signs exchanged');
    return signs && { wiring: connectome, signs };
  });
  return {
    rewired: rewired
      ? { ...rewired, moved }
      : { show: null, of: 0, reason: 'no connection can lead elsewhere without doubling another' },
    signShuffled: signShuffled ?? {
      show: null,
      of: 0,
      reason: 'all synapses have the same sign: exchanging signs changes nothing',
    },
  };
}

function whyNone({ count, observed }: ControlRequest): ControlOutcome | undefined {
  if (count === 0) return { show: null, of: 0, reason: 'none asked for' };
  if (observed === 0) return { show: null, of: 0, reason: 'there is no effect that a control could lack' };
  return undefined;
}

async function runControl(
  name: string,
  { unit, seeds, count, observed, effectOf, bench }: ControlRequest,
  make: (k: number) => Promise<{ wiring: Connectome; signs: Signs } | undefined>,
): Promise<ControlOutcome | undefined> {
  const effects: number[] = [];
  for (let k = 0; k < count; k++) {
    const made = await make(k);
    if (!made) return undefined;
    const network = await inSlices(signedNetwork(made.wiring, made.signs, unit), bench.context.signal);
    const values: number[] = [];
    const message = `control ${k + 1} of ${count}: ${name}`;
    await visitTrials(network, seeds.slice(0, controlTrials), { message, keepSpikes: false }, bench, (one, base) =>
      values.push(effectOf(one, base)),
    );
    effects.push(mean(values));
  }
  return {
    show: effects.filter((value) => value * observed > 0 && Math.abs(value) >= Math.abs(observed)).length,
    of: count,
    smallestP: 1 / (count + 1),
    effect: { lowest: Math.min(...effects), median: quantile(effects, 0.5), highest: Math.max(...effects) },
  };
}
