import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { type LifInput, type LifNetwork, shiu2024 } from '../lif.ts';
import { layOutSchedule } from '../lif-schedule.ts';
import type { Backend, Simulated, TrialOptions } from './engine.ts';
import { type Graphics, openGraphics } from './graphics.ts';
import { runWasm } from './wasm.ts';
import { runWebgpu } from './webgpu.ts';

/**
 * Simulates trials of a spiking network. Throws `bad-input` for what cannot be simulated, `missing` when the backend is not
 * installed, and `cancelled` within 200 ms of the signal.
 */
export async function simulateTrials(network: LifNetwork, input: LifInput, options: TrialOptions): Promise<Simulated> {
  const { backend = 'auto', parameters = shiu2024, seeds } = options;
  checkSeeds(seeds);
  const { workers } = options;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1))
    throw new BregmaError(
      'bad-input',
      `${workers} threads cannot simulate anything; whole numbers from 1 are allowed.`,
    );
  const schedule = layOutSchedule(network, input, parameters, options.durationMs);
  const graphics = await chooseGraphics(backend, network, seeds.length);
  throwIfCancelled(options.signal);
  if (!graphics) return runWasm(network, schedule, parameters, backend === 'wasm-f64' ? 'wasm-f64' : 'wasm', options);
  const results = await runWebgpu(graphics, network, schedule, parameters, options);
  return { backend: 'webgpu', device: graphics.name, results };
}

/** Neurons × trials from which auto takes a graphics processor. An assumption: see test/bench/lif-webgpu.ts for measuring it. */
const manyCells = 2 ** 21;
/** auto has looked for a graphics processor and found none. */
let withoutGraphics = false;

/** auto: a graphics processor, not one imitated in software, when there are many trials of a large network; else threads. */
async function chooseGraphics(backend: Backend, network: LifNetwork, trials: number): Promise<Graphics | undefined> {
  if (backend === 'webgpu') return openGraphics();
  if (backend !== 'auto' || trials < 16 || trials * network.neurons < manyCells) return undefined;
  if (withoutGraphics) return undefined;
  const found = await openGraphics().catch(() => undefined);
  withoutGraphics = !found?.hardware;
  return found?.hardware ? found : undefined;
}

function checkSeeds(seeds: bigint[]): void {
  if (seeds.length === 0)
    throw new BregmaError('bad-input', 'There are 0 trials to simulate.', { next: 'Pass one seed for each trial.' });
  const wrong = seeds.find((seed) => seed < 0n || seed >= 1n << 64n);
  if (wrong !== undefined)
    throw new BregmaError('bad-input', `The seed ${wrong} does not fit 64 bits; seeds are from 0 to 2^64 - 1.`);
  if (new Set(seeds).size < seeds.length)
    throw new BregmaError('bad-input', 'Two trials have the same seed: they would be one trial, counted twice.', {
      next: 'Give each trial a seed of its own.',
    });
}
