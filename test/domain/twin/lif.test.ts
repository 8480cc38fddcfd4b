import { describe, expect, test } from 'vitest';
import type { TrialOptions } from '../../../mcp-servers/twin/src/spiking/engines/engine.ts';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import type { LifInput } from '../../../mcp-servers/twin/src/spiking/lif.ts';
import { driveFirst, packed, synthetic } from '../../fixtures/spiking.ts';
import { type SignedEdges, sortedSpikes } from '../../reference/brian2.ts';

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

describe('random input', () => {
  const edges = synthetic(3000, 60_000, 14, 5);
  const input = driveFirst(10);

  test('another seed gives other spikes', async () => {
    const [one, other] = [await simulate(edges, input, 200, 'wasm', 4n), await simulate(edges, input, 200, 'wasm', 5n)];
    expect(one.spikesTotal).toBeGreaterThan(100);
    expect(sortedSpikes(other.spikes, 3000)).not.toEqual(sortedSpikes(one.spikes, 3000));
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

  test('is Philox4x32 with 7 rounds, counted by step, neuron and source, under the seed as its key', async () => {
    // Known answers of Random123 for counter and key zero.
    expect(philox([0, 0, 0, 0], [0, 0], 10)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(philox([0, 0, 0, 0], [0, 0], 7)).toEqual([0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48]);
    const seed = 0xfedcba9876543210n;
    const poisson = [
      { neuron: 2, rateHz: 1000, fromMs: 50 },
      { neuron: 2, rateHz: 3000 },
    ];
    const alone = { neurons: 3, pre: new Int32Array(0), post: new Int32Array(0), count: new Int32Array(0) };
    const expected: number[] = [];
    for (let step = 0, kicked = false; step < 1000; step++) {
      const fires: boolean = kicked;
      if (fires) expected.push(2, step);
      const draws = [0, 1].map((stream) => philox([step >> 2, 2, stream, 0], [0x76543210, 0xfedcba98], 7)[step & 3]);
      // A spike in this step loses what arrives in it.
      kicked = !fires && ((step >= 500 && draws[0] < 0.1 * 2 ** 32) || draws[1] < 0.3 * 2 ** 32);
    }
    expect(expected.length).toBeGreaterThan(300);
    for (const backend of ['wasm', 'wasm-f64'] as const)
      expect([...(await simulate(alone, { poisson }, 100, backend, seed)).spikes]).toEqual(expected);
  });

  test('silencing a neuron’s output is as if it had none', async () => {
    const silenced = { ...input, outputScale: Array.from({ length: 3000 }, (_, neuron) => ({ neuron, factor: 0 })) };
    const { counts } = await simulate(edges, silenced, 200, 'wasm');
    expect([...counts.keys()].filter((neuron) => counts[neuron] > 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('reaches a neuron in its window only, adds up, and at 1/dt comes in every step', async () => {
    const poisson = [
      { neuron: 0, rateHz: 2000, fromMs: 500, untilMs: 700 },
      { neuron: 1, rateHz: 10_000 },
      { neuron: 2, rateHz: 60 },
      { neuron: 2, rateHz: 90 },
    ];
    const alone = { neurons: 3, pre: new Int32Array(0), post: new Int32Array(0), count: new Int32Array(0) };
    const { counts, spikes } = await simulate(alone, { poisson }, 20_000, 'wasm');
    const times = [...spikes].filter((_, k) => k % 2 === 1 && spikes[k - 1] === 0);
    expect([Math.min(...times) >= 5001, Math.max(...times) <= 7000]).toEqual([true, true]);
    // p = 0.2 a step, lost in the step in which it fires: one spike every 1 + 1/p steps, with a variance of (1 - p)/p² between.
    expect(Math.abs(times.length - 2000 / 6)).toBeLessThan(4 * Math.sqrt((2000 / 6 ** 3) * 20));
    expect(counts[1]).toBe(100_000); // kicked at the end of each even step, it fires in the next
    expect(Math.abs(counts[2] - 3000)).toBeLessThan(4 * Math.sqrt(3000));
  });

  test('a self-loop arrives while its neuron is refractory, and does nothing', async () => {
    const loop = { neurons: 1, pre: Int32Array.of(0), post: Int32Array.of(0), count: Int32Array.of(8000) };
    const { spikes } = await simulate(loop, { events: [{ step: 0, neuron: 0, mv: 10 }] }, 50, 'wasm');
    expect([...spikes]).toEqual([0, 1]);
  });
});

describe('a deaf neuron', () => {
  const pair: SignedEdges = { neurons: 2, pre: Int32Array.of(0), post: Int32Array.of(1), count: Int32Array.of(6000) };
  const input = { events: [{ step: 0, neuron: 0, mv: 10 }] };
  test.each(['wasm', 'wasm-f64'] as const)(
    'in %s hears nothing in its window, and what it heard before acts on',
    async (backend) => {
      const count = async (deaf: LifInput['deaf']) => (await simulate(pair, { ...input, deaf }, 20, backend)).counts[1];
      const open = await count([]);
      expect(open).toBeGreaterThan(0);
      expect(await count([{ neuron: 1 }])).toBe(0);
      expect(await count([{ neuron: 1, fromMs: 1.9, untilMs: 2 }])).toBe(0); // the step in which the spike arrives
      expect(await count([{ neuron: 1, fromMs: 2 }])).toBe(open);
      expect(await count([{ neuron: 1, untilMs: 1.9 }])).toBe(open);
    },
  );
});

/** Salmon et al. 2011, doi 10.1145/2063384.2063405, written once more. */
function philox(counter: number[], key: number[], rounds: number): number[] {
  let [a, b, c, d] = counter.map(BigInt);
  let [low, high] = key.map(BigInt);
  const word = 0xffffffffn;
  for (let round = 0; round < rounds; round++) {
    const [first, second] = [0xd2511f53n * a, 0xcd9e8d57n * c];
    [a, b, c, d] = [(second >> 32n) ^ b ^ low, second & word, (first >> 32n) ^ d ^ high, first & word];
    low = (low + 0x9e3779b9n) & word;
    high = (high + 0xbb67ae85n) & word;
  }
  return [a, b, c, d].map(Number);
}
