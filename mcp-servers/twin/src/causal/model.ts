import type { Wiring } from './anatomy.ts';

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

/** What sets one kind of causal twin apart. */
export interface CausalModel {
  name: string;
  title: string;
  cite: string[];
  settings(options: Record<string, unknown>): CausalSettings;
}
