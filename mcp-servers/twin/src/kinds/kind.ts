import type * as z from 'zod';
import type { Wiring } from '../causal/anatomy.ts';
import type { Connectome } from '../domain/connectome.ts';
import type { FeatureOptions } from '../encoding/features.ts';
import type { LifParameters } from '../spiking/lif.ts';
import type { SelfLoopChoice } from '../spiking/self-loops.ts';
import type { SignChoice } from '../spiking/signs.ts';

interface KindBase {
  /** As in build_twin. */
  name: string;
  title: string;
  cite: string[];
  /** Options with defaults; every one described with its unit. */
  options: z.ZodObject;
}

/** A twin that predicts the responses of recorded neurons to images: features of the image, read out by ridge regression. */
export interface EncodingKind extends KindBase {
  family: 'encoding';
  needs: 'stimulus-response';
  features(options: Record<string, unknown>): FeatureOptions;
}

/** A twin that predicts how every neuron responds when one is stimulated, from a connectome. */
export interface PropagationKind extends KindBase {
  family: 'propagation';
  needs: 'connectome';
  /** Responses [responding × stimulated] over all neurons of the connectome. */
  respond(connectome: Connectome, options: Record<string, unknown>, signal: AbortSignal): Promise<Float64Array>;
}

/** A twin that simulates the spikes of every neuron of a connectome. */
export interface SpikingKind extends KindBase {
  family: 'spiking';
  needs: 'connectome';
  /** The neurons' parameters, where the signs of synapses come from, and what is done with self-loops. */
  model(options: Record<string, unknown>): { parameters: LifParameters; signs: SignChoice; selfLoops: SelfLoopChoice };
}

/** What a twin that is fitted to causal responses is made from. */
export interface CausalSettings {
  /** Data sets, `id` or `id@release`. */
  connectome: string;
  extrasynaptic: string;
  neuropeptide: boolean;
  monoamine: boolean;
  wiring: Wiring;
  bilateral: boolean;
  ridge: number | 'nested';
  margin: number;
}

/** A twin that is fitted to measured responses to the stimulation of single neurons, within an anatomy. */
export interface CausalKind extends KindBase {
  family: 'causal';
  needs: 'causal-responses';
  settings(options: Record<string, unknown>): CausalSettings;
}

export type AnyTwinKind = EncodingKind | PropagationKind | SpikingKind | CausalKind;
