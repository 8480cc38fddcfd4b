import { mean } from '@bregma/core/statistics/correlation';
import { describe, expect, test } from 'vitest';
import { type LifInput, packNetwork } from '../../../mcp-servers/twin/src/domain/lif.ts';
import { simulateTrials, type TrialOptions } from '../../../mcp-servers/twin/src/engines/simulate-trials.ts';
import { driveFirst, kicks, larva, packed, synthetic } from '../../fixtures/spiking.ts';
import { python, runBrian2, type SignedEdges, sortedSpikes } from '../../reference/brian2.ts';

const signal = new AbortController().signal;

async function simulate(
  edges: SignedEdges,
  input: LifInput,
  durationMs: number,
  backend: TrialOptions['backend'],
  seed = 1n,
) {
  const network = packed(edges);
  const options = { backend, durationMs, seeds: [seed], keepSpikes: true, signal };
  return (await simulateTrials(network, input, options)).results[0];
}

describe('one neuron', () => {
  const alone: SignedEdges = { neurons: 1, pre: new Int32Array(0), post: new Int32Array(0), count: new Int32Array(0) };
  test('fires when it is above threshold, not at it, and then rests 2.2 ms, dropping what comes', async () => {
    const kick = (mv: number, ...steps: number[]): LifInput => ({
      events: steps.map((step) => ({ step, neuron: 0, mv })),
    });
    const decayed = 7 / Math.exp(-0.1 / 20);
    expect((await simulate(alone, kick(decayed * (1 - 1e-12), 5), 10, 'wasm-f64')).spikesTotal).toBe(0);
    const { spikes } = await simulate(alone, kick(10, 5, 10, 27, 28), 10, 'wasm-f64');
    // Kicked after the update of step 5, it fires in step 6; 10 and 27 fall into its 22 steps of rest, 28 does not.
    expect([...spikes]).toEqual([0, 6, 0, 29]);
  });

  test('passes its spike on after 1.8 ms', async () => {
    const pair: SignedEdges = { neurons: 2, pre: Int32Array.of(0), post: Int32Array.of(1), count: Int32Array.of(6000) };
    const { spikes } = await simulate(pair, { events: [{ step: 0, neuron: 0, mv: 10 }] }, 20, 'wasm-f64');
    const second = [...spikes].filter((_, i) => i % 2 === 1 && spikes[i - 1] === 1);
    expect(spikes[1]).toBe(1);
    expect(second[0]).toBe(20); // sent in step 1, there in step 19, over threshold one update later
  });
});

describe('packing', () => {
  test.each([
    [[0], [1], [8192], /8192 synapses/],
    [[0], [1], [0.5], /0\.5 synapses/],
    [[0], [1], [Number.NaN], /NaN synapses/],
    [[0], [5], [1], /neurons 0 to 1/],
  ])('refuses %j → %j with %j', (pre, post, count, message) => {
    expect(() => packNetwork(2, pre, post, count)).toThrow(message);
  });
  test('keeps signs and the largest counts', async () => {
    const { synapses } = packNetwork(3, [0, 0, 2], [1, 2, 2], [8191, -8191, -1]);
    expect([...synapses].map((packed) => [packed & 0x3ffff, packed >> 18])).toEqual([
      [1, 8191],
      [2, -8191],
      [2, -1],
    ]);
  });
});

describe.skipIf(!python)('against Brian2, deterministic input: spike for spike', () => {
  test.each([
    ['the larva with inhibition', larva(1), 60, 6000, 300],
    ['20,000 neurons, some active', synthetic(20_000, 400_000, 25, 7), 60, 3000, 150],
    ['20,000 neurons in a runaway', synthetic(20_000, 600_000, 45, 8), 60, 2000, 100],
  ])('%s', async (_, edges, targets, count, durationMs) => {
    const input = kicks(targets, count, durationMs * 10 - 100, 3);
    const [reference] = runBrian2(edges, input, durationMs).trials;
    expect(reference.length).toBeGreaterThan(500);
    for (const mode of ['wasm-f64', 'wasm'] as const) {
      const { spikes } = await simulate(edges, input, durationMs, mode);
      expect([mode, sortedSpikes(spikes, edges.neurons)]).toEqual([mode, reference]);
    }
  });

  test('Poisson input: spikes and active neurons agree within the sampling error of 20 trials each', async () => {
    const edges = synthetic(2000, 60_000, 16, 11);
    const input = driveFirst(12);
    const network = packed(edges);
    const seeds = Array.from({ length: 20 }, (_, trial) => BigInt(trial));
    const { results } = await simulateTrials(network, input, { backend: 'wasm', durationMs: 200, seeds, signal });
    const ours = results.map(({ counts, spikesTotal }) => ({
      total: spikesTotal,
      active: counts.filter((value) => value > 0).length,
    }));
    const theirs = [];
    for (const spikes of runBrian2(edges, input, 200, { trials: 20 }).trials) {
      theirs.push({ total: spikes.length, active: new Set(spikes.map((spike) => spike % edges.neurons)).size });
    }
    for (const key of ['total', 'active'] as const) {
      const [a, b] = [ours.map((trial) => trial[key]), theirs.map((trial) => trial[key])];
      const variance = (values: number[]) =>
        mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1);
      expect(Math.abs(mean(a) - mean(b)) / Math.sqrt(variance(a) + variance(b) + 1e-9)).toBeLessThan(3.5);
    }
  }, 120_000);
});

describe('random input', () => {
  const edges = synthetic(3000, 60_000, 14, 5);
  const input = driveFirst(10);

  test('f32 and f64 give the same spikes for the same seed, and another seed others', async () => {
    const [fast, exact, other] = [
      await simulate(edges, input, 200, 'wasm', 4n),
      await simulate(edges, input, 200, 'wasm-f64', 4n),
      await simulate(edges, input, 200, 'wasm', 5n),
    ];
    expect(sortedSpikes(fast.spikes, 3000)).toEqual(sortedSpikes(exact.spikes, 3000));
    expect(fast.spikesTotal).toBeGreaterThan(100);
    expect(sortedSpikes(other.spikes, 3000)).not.toEqual(sortedSpikes(fast.spikes, 3000));
  });

  test('drives an isolated neuron at its rate', async () => {
    const alone: SignedEdges = {
      neurons: 2,
      pre: new Int32Array(0),
      post: new Int32Array(0),
      count: new Int32Array(0),
    };
    const { counts } = await simulate(alone, { poisson: [{ neuron: 0, rateHz: 150 }] }, 20_000, 'wasm');
    expect(Math.abs(counts[0] - 3000)).toBeLessThan(4 * Math.sqrt(3000));
    expect(counts[1]).toBe(0);
  });

  test('silencing a neuron’s output is as if it had none', async () => {
    const silenced = { ...input, outputScale: Array.from({ length: 3000 }, (_, neuron) => ({ neuron, factor: 0 })) };
    const { counts } = await simulate(edges, silenced, 200, 'wasm');
    expect([...counts.keys()].filter((neuron) => counts[neuron] > 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('is cancelled within a chunk', async () => {
    const network = packed(edges);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const options = { durationMs: 60_000, seeds: [1n], signal: controller.signal };
    await expect(simulateTrials(network, input, { backend: 'wasm-f64', ...options })).rejects.toThrow(/Cancelled/);
  });
});
