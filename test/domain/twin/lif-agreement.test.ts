import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../mcp-servers/twin/src/spiking/engines/engine.ts';
import { openGraphics } from '../../../mcp-servers/twin/src/spiking/engines/graphics.ts';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { runWebgpu } from '../../../mcp-servers/twin/src/spiking/engines/webgpu.ts';
import { unitsOf } from '../../../mcp-servers/twin/src/spiking/engines/webgpu-buffers.ts';
import { planBatch, windowsOf } from '../../../mcp-servers/twin/src/spiking/engines/webgpu-plan.ts';
import {
  type LifInput,
  type LifNetwork,
  type LifParameters,
  packNetwork,
  shiu2024,
} from '../../../mcp-servers/twin/src/spiking/lif.ts';
import { layOutSchedule } from '../../../mcp-servers/twin/src/spiking/lif-schedule.ts';
import { driveFirst, kicks, larva, packed, perturbations, synthetic } from '../../fixtures/spiking.ts';

// Before anything loads Dawn. The driver is SwiftShader, which computes on the processor: what is tested is the shader.
const driver = process.env.BREGMA_SOFTWARE_VULKAN;
if (driver) process.env.VK_ICD_FILENAMES = driver;
else console.log('Skipped without BREGMA_SOFTWARE_VULKAN: WGSL on a software adapter.');

const signal = new AbortController().signal;

interface Case {
  name: string;
  network: LifNetwork;
  input: LifInput;
  durationMs: number;
  parameters?: LifParameters;
}

const cases: Case[] = [
  {
    name: 'the larva, kicked and perturbed',
    network: packed(larva(1)),
    input: { events: kicks(60, 3000, 1400, 3), ...perturbations(60, 150) },
    durationMs: 150,
  },
  {
    name: '5,000 neurons with Poisson input, perturbed',
    network: packed(synthetic(5000, 100_000, 14, 5)),
    input: { ...driveFirst(20), ...perturbations(20, 120) },
    durationMs: 120,
  },
];
const runaway: Case = {
  name: '3,000 neurons in a runaway',
  network: packed(synthetic(3000, 90_000, 45, 8)),
  input: driveFirst(30),
  durationMs: 80,
};

async function spikesOf(
  { network, input, durationMs, parameters }: Case,
  backend: Exclude<Backend, 'auto'>,
  seeds = [1n, 2n, 3n],
) {
  const found = await simulateTrials(network, input, {
    backend,
    parameters,
    durationMs,
    seeds,
    keepSpikes: true,
    signal,
  });
  // Time constants that nearly cancel are simulated in f64, and the answer says so.
  const close = parameters && Math.abs(parameters.tauSynapseMs / parameters.tauMembraneMs - 1) < 0.1;
  expect(found.backend).toBe(backend === 'wasm' && close ? 'wasm-f64' : backend);
  for (const { counts, spikes, spikesTotal } of found.results) {
    const counted = new Uint32Array(network.neurons);
    for (let k = 0; k < spikes.length; k += 2) counted[spikes[k]]++;
    expect([...counts]).toEqual([...counted]);
    expect(spikesTotal).toBe(spikes.length / 2);
  }
  return found.results;
}

const keysOf = ({ spikes }: { spikes: Uint32Array }): number[] =>
  Array.from({ length: spikes.length / 2 }, (_, k) => spikes[2 * k + 1] * 2 ** 18 + spikes[2 * k]);

/** What is in one of the two alone. */
const onlyInOne = (a: number[], b: number[]): number[] => {
  const [first, second] = [new Set(a), new Set(b)];
  return [...a.filter((item) => !second.has(item)), ...b.filter((item) => !first.has(item))];
};

/** Spikes of all trials that only one of the two has in this step, as a share of all spikes. */
function difference(a: { spikes: Uint32Array }[], b: { spikes: Uint32Array }[]): number {
  let different = 0;
  let all = 0;
  a.forEach((trial, k) => {
    different += onlyInOne(keysOf(trial), keysOf(b[k])).length;
    all += trial.spikes.length / 2;
  });
  expect(all).toBeGreaterThan(500);
  return different / all;
}

const others = ['wasm', ...(driver ? (['webgpu'] as const) : [])] as const;

describe.each(cases)('$name', (one) => {
  test.each(others)('%s gives the spikes of f64 in their very step, with the same random input', async (backend) => {
    const [exact, other] = [await spikesOf(one, 'wasm-f64'), await spikesOf(one, backend)];
    expect(difference(exact, other)).toBeLessThan(1e-3);
  });
});

// A spike of some 20,000 comes so close to its step's end that f32 moves it, and everything after it is another course.
test.each(others)(
  '%s leaves f64 in a runaway only where one neuron is a step early or late, and fires as much',
  async (backend) => {
    const [exact, other] = [await spikesOf(runaway, 'wasm-f64'), await spikesOf(runaway, backend)];
    exact.forEach((trial, k) => {
      const steps = onlyInOne(keysOf(trial), keysOf(other[k])).map((key) => Math.floor(key / 2 ** 18));
      const first = Math.min(...steps);
      expect(steps.filter((step) => step === first).length).toBeLessThanOrEqual(1);
      expect(Math.abs(trial.spikesTotal / other[k].spikesTotal - 1)).toBeLessThan(0.03);
    });
  },
);

const changes: [string, Partial<LifParameters>][] = [
  ['a slow synapse', { tauSynapseMs: 40, weightMv: 0.1 }],
  ['equal time constants', { tauSynapseMs: 20, weightMv: 0.15 }],
  ['time constants a percent apart', { tauSynapseMs: 19.8, weightMv: 0.15 }],
  ['a very fast synapse', { tauSynapseMs: 0.5, weightMv: 1.5 }],
  ['no refractory period', { refractoryMs: 0 }],
  ['a refractory period shorter than the delay', { refractoryMs: 0.7 }],
  ['a long refractory period', { refractoryMs: 9 }],
  ['a delay of one step', { delayMs: 0.1 }],
  ['a long delay and a fine step', { delayMs: 5, dtMs: 0.05 }],
];
// Of some 1,500 spikes one or two may be a step early or late.
test.each(changes)('the backends agree with %s', async (_, change) => {
  const one = { ...cases[1], parameters: { ...shiu2024, ...change } };
  const seeds = [1n, 2n];
  const exact = await spikesOf(one, 'wasm-f64', seeds);
  expect(exact[0].spikesTotal).toBeGreaterThan(200);
  for (const backend of others) expect(difference(exact, await spikesOf(one, backend, seeds))).toBeLessThan(4e-3);
});

describe.skipIf(!driver)('WGSL', () => {
  test('gives the same bytes for one trial alone and among others, and counts without spikes', async () => {
    const [, second] = await spikesOf(cases[1], 'webgpu');
    const { network, input, durationMs } = cases[1];
    const options = { backend: 'webgpu' as const, durationMs, seeds: [2n], signal };
    const alone = await simulateTrials(network, input, options);
    expect(alone.device).toMatch(/SwiftShader/i);
    expect(alone.results[0].spikes.length).toBe(0);
    expect([...alone.results[0].counts]).toEqual([...second.counts]);
  });

  test('cuts a trial so that what is sent in a window arrives in one segment, and scales whole numbers', () => {
    const network = packNetwork(2, [0], [1], [1]);
    const scale = (factor: number) => ({ outputScale: [{ neuron: 0, factor, fromMs: 3, untilMs: 5.5 }] });
    const schedule = layOutSchedule(network, scale(0.3), shiu2024, 10);
    const windows = windowsOf(schedule);
    expect(windows.map(({ start, steps }) => [start, steps])).toEqual([
      [0, 12], // what is sent in step 12 arrives in step 30
      [12, 18],
      [30, 7], // 37 arrives in 55
      [37, 18],
      [55, 18],
      [73, 9], // what is sent later does not arrive
      [82, 18],
    ]);
    expect(windows.map(({ arrival }) => arrival.scales[0].factor)).toEqual([1, 0.3, 0.3, 1, 1, 1, 1]);
    expect([0.3, 3, 7.5, 999.5].map((factor) => unitsOf(layOutSchedule(network, scale(factor), shiu2024, 10)))).toEqual(
      [1024, 1, 512, 4],
    );
  });

  test('gives the same bytes in several batches, when the trials do not fit at once', async () => {
    const { network, input, durationMs } = cases[1];
    const { device, ...graphics } = await openGraphics();
    // Two trials' sums over 18 steps of delay fit, and not three.
    const limits = { maxStorageBufferBindingSize: 2.5 * 4 * 18 * network.neurons, maxBufferSize: 2 ** 28 };
    const small = new Proxy(device, {
      get(target, name) {
        if (name === 'limits') return limits;
        const found = Reflect.get(target, name, target);
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
    const options = { durationMs, seeds: [1n, 2n, 3n], keepSpikes: true, signal };
    const schedule = layOutSchedule(network, input, shiu2024, durationMs);
    expect(planBatch(network.neurons, schedule, 3, true, limits.maxStorageBufferBindingSize).trials).toBe(2);
    const batches = await runWebgpu({ device: small, ...graphics }, network, schedule, shiu2024, options);
    const whole = await simulateTrials(network, input, { ...options, backend: 'webgpu' });
    expect(batches.map(keysOf)).toEqual(whole.results.map(keysOf));
    expect(() => planBatch(network.neurons, schedule, 3, true, 2 ** 18)).toThrow(/One trial needs 1 MiB/);
  });

  test('is cancelled long before its end, and serves the next call', async () => {
    const controller = new AbortController();
    const { network, input } = runaway;
    const options = { backend: 'webgpu' as const, durationMs: 60_000, seeds: [1n, 2n] };
    const run = simulateTrials(network, input, { ...options, signal: controller.signal }).catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    controller.abort();
    expect(await run).toMatchObject({ code: 'cancelled' });
    const { results } = await simulateTrials(network, input, { ...options, durationMs: 20, signal });
    expect(results.length).toBe(2);
  });

  test('serves calls that come together, one after the other', async () => {
    const { network, input, durationMs } = cases[1];
    const options = { backend: 'webgpu' as const, durationMs, signal };
    const found = await Promise.all(
      [1n, 2n].map((seed) => simulateTrials(network, input, { ...options, seeds: [seed] })),
    );
    const together = await simulateTrials(network, input, { ...options, seeds: [1n, 2n] });
    expect(found.map(({ results }) => [...results[0].counts])).toEqual(
      together.results.map(({ counts }) => [...counts]),
    );
  });
});
