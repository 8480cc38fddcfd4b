import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { type LifInput, type LifParameters, shiu2024 } from '../../../mcp-servers/twin/src/spiking/lif.ts';
import { driveFirst, kicks, larva, packed, perturbations, synthetic } from '../../fixtures/spiking.ts';
import { python, runBrian2, type SignedEdges, sortedSpikes } from '../../reference/brian2.ts';

const signal = new AbortController().signal;

describe.skipIf(!python)('against Brian2, deterministic input: spike for spike', () => {
  test.each([
    ['the larva with inhibition', larva(1), 60, 6000, 300],
    ['20,000 neurons, some active', synthetic(20_000, 400_000, 25, 7), 60, 3000, 150],
    ['20,000 neurons in a runaway', synthetic(20_000, 600_000, 45, 8), 60, 2000, 100],
  ])(
    '%s, silenced outgoing and both, scaled, and all that for part of the trial',
    (_, edges, targets, count, durationMs) => {
      return compareSpikes(edges, targets, count, durationMs);
    },
  );

  test('with every parameter another', async () => {
    const edges = synthetic(3000, 60_000, 20, 5);
    const input = { events: kicks(60, 2000, 1500, 3), ...perturbations(60, 80) };
    const parameters: LifParameters = {
      dtMs: 0.05,
      tauMembraneMs: 12,
      tauSynapseMs: 17,
      thresholdMv: 5,
      refractoryMs: 0.8,
      delayMs: 2.3,
      weightMv: 0.05,
      driveSynapses: 100,
    };
    const [reference] = runBrian2(edges, input, 80, { parameters }).trials;
    expect(reference.length).toBeGreaterThan(500);
    for (const backend of ['wasm-f64', 'wasm'] as const) {
      const options = { backend, parameters, durationMs: 80, seeds: [1n], keepSpikes: true, signal };
      const { spikes } = (await simulateTrials(packed(edges), input, options)).results[0];
      expect([backend, sortedSpikes(spikes, edges.neurons)]).toEqual([backend, reference]);
    }
  });

  test('a scale acts on the spikes that arrive in its window, not on those that are sent in it', async () => {
    // Sent in step 1, there in step 19: 1.9 ms after the start.
    const pair: SignedEdges = { neurons: 2, pre: Int32Array.of(0), post: Int32Array.of(1), count: Int32Array.of(6000) };
    const answers = async (fromMs: number, untilMs: number) => {
      const input: LifInput = {
        events: [{ step: 0, neuron: 0, mv: 10 }],
        outputScale: [{ neuron: 0, factor: 0, fromMs, untilMs }],
      };
      const options = { backend: 'wasm-f64' as const, durationMs: 20, seeds: [1n], keepSpikes: true, signal };
      const { spikes } = (await simulateTrials(packed(pair), input, options)).results[0];
      expect(sortedSpikes(spikes, 2)).toEqual(runBrian2(pair, input, 20).trials[0]);
      return spikes.length / 2;
    };
    expect(await answers(0, 1.9)).toBe(2);
    expect(await answers(1.9, 2)).toBe(1);
    expect(await answers(2, 20)).toBe(2);
  });
});

async function compareSpikes(edges: SignedEdges, targets: number, count: number, durationMs: number) {
  const input = { events: kicks(targets, count, durationMs * 10 - 100, 3), ...perturbations(targets, durationMs) };
  const [reference] = runBrian2(edges, input, durationMs).trials;
  expect(reference.length).toBeGreaterThan(500);
  // The perturbations matter: without them there are other spikes.
  const seeds = [1n];
  const plain = await simulateTrials(packed(edges), { events: input.events }, { durationMs, seeds, signal });
  expect(plain.results[0].spikesTotal).not.toBe(reference.length);
  const run = async (backend: 'wasm' | 'wasm-f64') => {
    const options = { backend, durationMs, seeds, keepSpikes: true, signal };
    return sortedSpikes((await simulateTrials(packed(edges), input, options)).results[0].spikes, edges.neurons);
  };
  expect(await run('wasm-f64')).toEqual(reference);
  // In f32 a spike may come one step early or late, and what follows from it too: one in 10,000 of a runaway.
  const fast = new Set(await run('wasm'));
  const missing = reference.filter((spike) => !fast.has(spike)).length;
  expect(missing / reference.length).toBeLessThan(1e-4);
  expect(Math.abs(fast.size - reference.length) / reference.length).toBeLessThan(1e-4);
}

const trials = 20;

describe.skipIf(!python)(`against Brian2, Poisson input: the same distribution over ${trials} trials each`, () => {
  test.each([
    ['2,000 neurons', synthetic(2000, 60_000, 16, 11), 12, 1.12],
    ['the larva', larva(1), 12, 2],
  ])('%s: total spikes, active neurons, which are active, and the rate of each', async (_, edges, driven, stronger) => {
    const input: LifInput = {
      poisson: [...(driveFirst(driven).poisson ?? []), { neuron: driven, rateHz: 200, fromMs: 60, untilMs: 150 }],
      outputScale: [{ neuron: 1, factor: 0, fromMs: 100 }],
    };
    const seeds = Array.from({ length: trials }, (__, trial) => BigInt(trial));
    const run = async (parameters = shiu2024) => {
      const { results } = await simulateTrials(packed(edges), input, { durationMs: 200, seeds, signal, parameters });
      return results.map(({ counts }) => counts);
    };
    const ours = await run();
    const theirs = runBrian2(edges, input, 200, { trials, together: true }).trials.map((spikes) => {
      const counts = new Uint32Array(edges.neurons);
      for (const spike of spikes) counts[spike % edges.neurons]++;
      return counts;
    });
    const total = (counts: Uint32Array) => [counts.reduce((sum, count) => sum + count, 0)];
    const active = (counts: Uint32Array) => [counts.reduce((sum, count) => sum + Number(count > 0), 0)];
    const whichActive = (counts: Uint32Array) => Array.from(counts, (count) => Number(count > 0));
    const rates = (counts: Uint32Array) => [...counts];
    for (const [name, measure] of Object.entries({ total, active, whichActive, rates })) {
      const p = permutationTest(ours.map(measure), theirs.map(measure));
      expect([name, p > 0.002 ? 'the same' : `p = ${p}`]).toEqual([name, 'the same']);
    }
    // The control: with stronger synapses the same test sees the difference.
    const other = await run({ ...shiu2024, weightMv: shiu2024.weightMv * stronger });
    expect(permutationTest(other.map(rates), theirs.map(rates))).toBeLessThan(0.01);
  });
});

/**
 * Chance that trials of one distribution, dealt out at random to two groups, differ by as much as these two do: sum over neurons
 * of the difference of the means. 2,000 deals.
 */
function permutationTest(a: number[][], b: number[][]): number {
  const all = [...a, ...b];
  const width = all[0].length;
  const sum = new Float64Array(width);
  for (const one of all) for (let i = 0; i < width; i++) sum[i] += one[i];
  const used = [...sum.keys()].filter((i) => sum[i] > 0);
  const distance = (order: ArrayLike<number>) => {
    let found = 0;
    for (const i of used) {
      let first = 0;
      for (let k = 0; k < a.length; k++) first += all[order[k]][i];
      found += Math.abs(first / a.length - (sum[i] - first) / b.length);
    }
    return found;
  };
  const observed = distance([...all.keys()]);
  const random = makeRandom('permutations');
  const deals = 2000;
  let larger = 0;
  for (let k = 0; k < deals; k++) if (distance(random.permutation(all.length)) >= observed) larger++;
  return (larger + 1) / (deals + 1);
}
