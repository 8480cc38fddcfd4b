import { expect, test } from 'vitest';
import type { TrialOptions } from '../../../mcp-servers/twin/src/spiking/engines/engine.ts';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { type LifInput, packNetwork, shiu2024 } from '../../../mcp-servers/twin/src/spiking/lif.ts';
import { roundedDelay, stepsOf } from '../../../mcp-servers/twin/src/spiking/lif-schedule.ts';

const signal = new AbortController().signal;
const network = packNetwork(3, [0, 1], [1, 2], [5, -3]);

test.each([
  [[0], [1], [8192], 'Edge 0 has 8192 synapses; whole numbers up to ±8191 are simulated.'],
  [[0], [1], [-8192], 'Edge 0 has -8192 synapses'],
  [[0], [1], [0.5], 'Edge 0 has 0.5 synapses'],
  [[0, 0], [1, 1], [1, Number.NaN], 'Edge 1 has NaN synapses'],
  [[0], [1], [Number.POSITIVE_INFINITY], 'Edge 0 has Infinity synapses'],
  [[0], [5], [1], 'Edge 0 connects 0 to 5; there are neurons 0 to 1.'],
  [[-1], [0], [1], 'Edge 0 connects -1 to 0'],
  [[Number.NaN], [0], [1], 'Edge 0 connects NaN to 0'],
  [[0.5], [0], [1], 'Edge 0 connects 0.5 to 0'],
  [[0, 1], [1], [1], 'There are 2 sources, 1 targets and 1 counts'],
])('packing refuses %j → %j with %j', (pre, post, count, message) => {
  expect(() => packNetwork(2, pre, post, count)).toThrow(message);
});

test.each([0, -1, 1.5, Number.NaN])('packing refuses %d neurons', (neurons) => {
  expect(() => packNetwork(neurons, [], [], [])).toThrow(`A network of ${neurons} neurons cannot be simulated.`);
});

test('packing refuses more neurons than fit, and takes as many as do', () => {
  expect(() => packNetwork(2 ** 18 + 1, [], [], [])).toThrow('The connectome has 262145 neurons; 262144 fit.');
  const last = 2 ** 18 - 1;
  const { synapses } = packNetwork(2 ** 18, [last, last], [last, 0], [8191, -8191]);
  expect([...synapses].map((packed) => [packed & 0x3ffff, (packed | 0) >> 18])).toEqual([
    [last, 8191],
    [0, -8191],
  ]);
});

const inputs: [LifInput, string][] = [
  [{ poisson: [{ neuron: 3, rateHz: 10 }] }, 'Poisson input 0 names neuron 3; there are 0 to 2.'],
  [
    { poisson: [{ neuron: 0, rateHz: 10_001 }] },
    'Poisson input 0 has 10001 Hz, which cannot be drawn in steps of 0.1 ms.',
  ],
  [{ poisson: [{ neuron: 0, rateHz: -1 }] }, 'Poisson input 0 has -1 Hz'],
  [{ poisson: [{ neuron: 0, rateHz: Number.NaN }] }, 'Poisson input 0 has NaN Hz'],
  [
    { poisson: [{ neuron: 0, rateHz: 1, fromMs: 100 }] },
    'Poisson input 0 lasts from 100 to the end ms: no step of a trial of 100 ms',
  ],
  [{ outputScale: [{ neuron: 0, factor: 0, fromMs: 20, untilMs: 20 }] }, 'Output scale 0 lasts from 20 to 20 ms'],
  [{ outputScale: [{ neuron: 0, factor: Number.NaN }] }, 'Output scale 0 has the factor NaN'],
  [{ outputScale: [{ neuron: -1, factor: 0 }] }, 'Output scale 0 names neuron -1'],
  [{ outputScale: [{ neuron: 0, factor: -1001 }] }, 'has the factor -1001; factors go from -1000 to 1000.'],
  [{ deaf: [{ neuron: 1.5 }] }, 'Deafness 0 names neuron 1.5'],
  [{ deaf: [{ neuron: 1, fromMs: -5 }] }, 'Deafness 0 lasts from -5'],
  [{ deaf: [{ neuron: 1, untilMs: Number.NaN }] }, 'Deafness 0 lasts from 0 to NaN'],
  [{ events: [{ step: 1000, neuron: 0, mv: 1 }] }, 'Event 0 is at step 1000; the trial has steps 0 to 999.'],
  [{ events: [{ step: 0.5, neuron: 0, mv: 1 }] }, 'Event 0 is at step 0.5'],
  [{ events: [{ step: 0, neuron: 9, mv: 1 }] }, 'Event 0 names neuron 9'],
  [{ events: [{ step: 0, neuron: 0, mv: Number.POSITIVE_INFINITY }] }, 'Event 0 is Infinity mV'],
];
test.each(inputs)('the engine refuses the input %j', async (input, message) => {
  await expect(simulateTrials(network, input, { durationMs: 100, seeds: [1n], signal })).rejects.toThrow(message);
});

const options: [Partial<TrialOptions>, string][] = [
  [{ seeds: [] }, 'There are 0 trials to simulate.'],
  [{ seeds: [4n, 4n] }, 'Two trials have the same seed'],
  [{ seeds: [-1n] }, 'The seed -1 does not fit 64 bits'],
  [{ seeds: [2n ** 64n] }, 'does not fit 64 bits'],
  [{ durationMs: 0 }, 'A trial of 0 ms cannot be simulated in steps of 0.1 ms.'],
  [{ durationMs: Number.NaN }, 'A trial of NaN ms'],
  [{ durationMs: 1e12 }, 'A trial of 1000000000000 ms'],
  [{ workers: 0 }, '0 threads cannot simulate'],
  [{ parameters: { ...shiu2024, thresholdMv: 0 } }, 'The parameter thresholdMv is 0; it is a positive number.'],
  [{ parameters: { ...shiu2024, tauSynapseMs: Number.NaN } }, 'The parameter tauSynapseMs is NaN'],
  [{ parameters: { ...shiu2024, weightMv: Number.POSITIVE_INFINITY } }, 'The parameter weightMv is Infinity'],
  [{ parameters: { ...shiu2024, delayMs: 0 } }, 'The delay is 0 ms; it is from one step (0.1 ms) to 1,000 ms.'],
  [{ parameters: { ...shiu2024, refractoryMs: -1 } }, 'The refractory period is -1 ms'],
];
test.each(options)('the engine refuses the option %s', async (option, message) => {
  const given = { durationMs: 100, seeds: [1n], signal, ...option };
  await expect(simulateTrials(network, {}, given)).rejects.toThrow(message);
});

test('a call that is cancelled before it begins does nothing', async () => {
  const cancelled = AbortSignal.abort();
  await expect(simulateTrials(network, {}, { durationMs: 100, seeds: [1n], signal: cancelled })).rejects.toThrow(
    'Cancelled',
  );
});

test('a network without synapses, and an input that reaches nobody, are silence and not an error', async () => {
  const { results } = await simulateTrials(packNetwork(5, [], [], []), {}, { durationMs: 100, seeds: [1n], signal });
  expect([...results[0].counts]).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  // Steps of 0.1 ms that Brian2 2.9.0 takes.
  [1.8, 18],
  [1.85, 19],
  [1.84, 18],
  [1.75, 18],
  [1.65, 17],
  [0.35, 4],
  [0.25, 3],
  [0.15, 1],
  [0.05, 1],
  [2.95, 30],
  [2.949999, 29],
])('a delay of %f ms is %i steps of 0.1 ms, as in Brian2', (delayMs, steps) => {
  expect(stepsOf(delayMs, 0.1)).toBe(steps);
  const rounded = Math.abs(delayMs - steps / 10) > 1e-9;
  expect(roundedDelay({ delayMs, dtMs: 0.1 })).toEqual(
    rounded ? expect.stringContaining(`${steps / 10} ms`) : undefined,
  );
});
