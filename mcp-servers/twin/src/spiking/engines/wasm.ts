import { availableParallelism } from 'node:os';
import { lifExactKernel } from '../kernels/lif-exact.gen.ts';
import { lifLazyKernel } from '../kernels/lif-lazy.gen.ts';
import type { LifNetwork, LifParameters, TrialResult } from '../lif.ts';
import type { Schedule } from '../lif-schedule.ts';
import { couplingOf } from '../lif-solution.ts';
import type { TrialOptions } from './engine.ts';
import { runBatch } from './pool.ts';

/** Larger than this, v is a small difference of large numbers in the lazy kernel. */
const mostCoupling = 10;

const modules: Partial<Record<'wasm' | 'wasm-f64', WebAssembly.Module>> = {};
let jobs = 0;

/** Simulates the trials on threads of this machine. Time constants within a tenth of each other are simulated in f64. */
export async function runWasm(
  network: LifNetwork,
  schedule: Schedule,
  parameters: LifParameters,
  backend: 'wasm' | 'wasm-f64',
  { seeds, signal, keepSpikes = false, workers, onTrial, onProgress }: TrialOptions,
): Promise<{ backend: 'wasm' | 'wasm-f64'; results: TrialResult[] }> {
  const used = Math.abs(couplingOf(parameters)) > mostCoupling ? 'wasm-f64' : backend;
  modules[used] ??= new WebAssembly.Module(used === 'wasm' ? lifLazyKernel() : lifExactKernel());
  const { neurons, memory, rows, synapses } = network;
  const job = {
    id: ++jobs,
    memory,
    network: { neurons, rowsAt: rows.byteOffset, synapsesAt: synapses.byteOffset },
    schedule,
    parameters,
    backend: used,
    keepSpikes,
  };
  const results = await runBatch(job, modules[used], seeds, {
    most: Math.min(workers ?? availableParallelism(), seeds.length),
    signal,
    onTrial: (done) => onTrial?.(done, seeds.length),
    onProgress: (steps) => onProgress?.(steps / (schedule.steps * seeds.length)),
  });
  return { backend: used, results };
}
