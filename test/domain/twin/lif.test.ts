import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mean } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { type LifInput, packNetwork } from '../../../mcp-servers/twin/src/domain/lif.ts';
import { simulateTrials, type TrialOptions } from '../../../mcp-servers/twin/src/engines/simulate-trials.ts';
import { root } from '../../fixtures/client.ts';
import { python, runBrian2, type SignedEdges, sortedSpikes } from '../../reference/brian2.ts';

const signal = new AbortController().signal;

async function simulate(
  edges: SignedEdges,
  input: LifInput,
  durationMs: number,
  backend: TrialOptions['backend'],
  seed = 1n,
) {
  const network = packNetwork(edges.neurons, edges.pre, edges.post, edges.count);
  const options = { backend, durationMs, seeds: [seed], keepSpikes: true, signal };
  return (await simulateTrials(network, input, options)).results[0];
}

/** A random network with 30 % inhibitory neurons and geometric synapse counts. */
function synthetic(neurons: number, edges: number, meanCount: number, seed: number): SignedEdges {
  const random = makeRandom(seed);
  const inhibitory = Uint8Array.from({ length: neurons }, () => Number(random.uniform() < 0.3));
  const pairs = new Set<number>();
  while (pairs.size < edges) pairs.add(random.integer(neurons) * neurons + random.integer(neurons));
  const pre = Int32Array.from(pairs, (pair) => Math.floor(pair / neurons));
  const count = Int32Array.from(
    pre,
    (source) => (inhibitory[source] ? -1 : 1) * (1 + Math.floor(-Math.log(1 - random.uniform()) * meanCount)),
  );
  return { neurons, pre, post: Int32Array.from(pairs, (pair) => pair % neurons), count };
}

/** The larva's wiring with signs drawn at random, one a neuron. */
function larva(seed: number): SignedEdges {
  const lines = readFileSync(path.join(root, 'datasets/drosophila-larva-winding2023/G_edgelist.txt'), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(' ').map(Number));
  const index = new Map(
    [...new Set(rows.flatMap((row) => row.slice(0, 2)))].sort((a, b) => a - b).map((id, i) => [id, i]),
  );
  const random = makeRandom(seed);
  const sign = Int8Array.from({ length: index.size }, () => (random.uniform() < 0.35 ? -1 : 1));
  const pre = Int32Array.from(rows, ([id]) => index.get(id) ?? 0);
  return {
    neurons: index.size,
    pre,
    post: Int32Array.from(rows, ([, id]) => index.get(id) ?? 0),
    count: Int32Array.from(rows, ([, , weight], edge) => sign[pre[edge]] * weight),
  };
}

/** Kicks of random size at random steps into some neurons, and some neurons silenced. */
function kicks(targets: number, count: number, steps: number, seed: number): LifInput {
  const random = makeRandom(seed);
  const events = Array.from({ length: count }, () => ({
    step: random.integer(steps),
    neuron: random.integer(targets),
    mv: 3 + 8 * random.uniform(),
  }));
  const outputScale = [3, 7, targets + 40, targets + 140].map((neuron) => ({ neuron, factor: 0 }));
  return { events: events.sort((a, b) => a.step - b.step), outputScale };
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
    const input: LifInput = {
      poisson: Array.from({ length: 12 }, (_, neuron) => ({ neuron, rateHz: 150 })),
    };
    const network = packNetwork(edges.neurons, edges.pre, edges.post, edges.count);
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
  const input: LifInput = {
    poisson: Array.from({ length: 10 }, (_, neuron) => ({ neuron, rateHz: 150 })),
  };

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
    const network = packNetwork(edges.neurons, edges.pre, edges.post, edges.count);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const options = { durationMs: 60_000, seeds: [1n], signal: controller.signal };
    await expect(simulateTrials(network, input, { backend: 'wasm-f64', ...options })).rejects.toThrow(/Cancelled/);
  });
});
