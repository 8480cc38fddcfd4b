import type { LifParameters, TrialResult } from '../lif.ts';

/**
 * wasm: f32 on threads; of some 50,000 spikes one may be a step early or late. wasm-f64: every neuron in every step, the reference.
 * webgpu: f32, all trials at once on a graphics processor; factors that are not whole numbers act in steps of 1/1,024 of a synapse.
 * All draw the same Poisson input from the same seed.
 */
export const backends = ['auto', 'wasm', 'wasm-f64', 'webgpu'] as const;
/** What simulates: WebAssembly on the processor (wasm-f64: every number a double), WebGPU, or whichever is the quicker here. */
export type Backend = (typeof backends)[number];

/** How trials are simulated. */
export interface TrialOptions {
  /** Default auto. */
  backend?: Backend;
  /** Default those of Shiu et al. 2024. */
  parameters?: LifParameters;
  durationMs: number;
  /** One a trial, 0 to 2⁶⁴ − 1: the trial's own random stream. Same seed, same bytes, whatever the number of workers. */
  seeds: bigint[];
  /** Default false: counts only. */
  keepSpikes?: boolean;
  signal: AbortSignal;
  /** Threads, at most. Default: as many as the machine runs at once, but no more than trials. */
  workers?: number;
  /** Called after each trial. */
  onTrial?(done: number, total: number): void;
  /** Called at least once a second while trials run; fraction: 0 to 1 of all steps of all trials. */
  onProgress?(fraction: number): void;
}

/** What was simulated, and by what. */
export interface Simulated {
  /** The backend that was used. */
  backend: Exclude<Backend, 'auto'>;
  /** Name of the graphics processor, with webgpu. */
  device?: string;
  /** In the order of the seeds. */
  results: TrialResult[];
}
