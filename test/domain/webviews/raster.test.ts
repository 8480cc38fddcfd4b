import {
  binFor,
  rateOverTime,
  rowsByGroup,
  spikeCounts,
  spikesByGroup,
  spikesOf,
} from '@bregma/webviews/raster/spikes';
import { describe, expect, test } from 'vitest';

const model = {
  title: 't',
  kind: 'measured' as const,
  durationMs: 100,
  neurons: ['a', 'b', 'c'],
  groups: ['PV', 'SST', 'PV'],
  timesMs: [5, 15, 95, 99.9],
  neuron: [0, 2, 0, 1],
  trial: [0, 1, 1, 0],
};

describe('a raster', () => {
  const spikes = spikesOf(model);
  test('puts the neurons of a group together, in the order in which groups appear', () => {
    const rows = rowsByGroup(spikes);
    expect([...rows.neuronOf]).toEqual([0, 2, 1]);
    expect(rows.groups).toEqual([
      { name: 'PV', from: 0, to: 2 },
      { name: 'SST', from: 2, to: 3 },
    ]);
    expect([...spikesByGroup(spikes, rows)]).toEqual([0, 1, 2, 3]);
  });
  test('counts spikes, and a silent neuron has none', () => {
    expect([...spikeCounts(spikesOf({ ...model, neurons: [...model.neurons, 'd'], groups: undefined }))]).toEqual([
      2, 1, 1, 0,
    ]);
  });
  test('gives rates in Hz of one neuron in one trial', () => {
    // 4 spikes / (3 neurons × 2 trials × 0.1 s) on average
    const rate = rateOverTime(spikes, 50);
    expect([...rate].map((value) => value.toFixed(3))).toEqual(['6.667', '6.667']);
    expect([...rateOverTime(spikes, 50, 1)]).toEqual([0, 10]);
  });
  test('has bins of 1, 2 or 5 times a power of ten', () => {
    expect([1000, 1500, 350, 60_000].map(binFor)).toEqual([10, 20, 5, 1000]);
  });
  test('of a neuron that is not there is refused', () => {
    expect(() => spikesOf({ ...model, neuron: [0, 3, 0, 1] })).toThrow('Spike 1 is of neuron 3; there are 3 neurons.');
  });
});
