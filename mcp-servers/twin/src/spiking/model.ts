import type { ImputedChoice } from '../keep-edges.ts';
import type { LifParameters } from './lif.ts';
import type { SelfLoopChoice } from './self-loops.ts';
import type { SignChoice } from './signs.ts';

/** The neurons' parameters, where the signs of synapses come from, and what is done with self-loops. */
export interface SpikingSettings {
  parameters: LifParameters;
  signs: SignChoice;
  selfLoops: SelfLoopChoice;
  imputed: ImputedChoice;
}

/** What sets one kind of spiking twin apart. */
export interface SpikingModel {
  name: string;
  title: string;
  cite: string[];
  settings(options: Record<string, unknown>): SpikingSettings;
}
