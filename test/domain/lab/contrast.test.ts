import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { averageTrials, contrast, shareByStimulus } from '../../../mcp-servers/lab/src/domain/contrast.ts';
import type { TrialTable } from '../../../mcp-servers/lab/src/domain/trial-table.ts';

function table(rows: [stimulus: number, ...responses: number[]][]): TrialTable {
  return {
    rows: rows.map(([stimulus], trial) => ({ trial, stimulus, repeat: trial, kind: 'measured' as const })),
    neurons: rows[0].length - 1,
    responses: Float64Array.from(rows.flatMap(([, ...responses]) => responses)),
  };
}

test('averages the presentations that were measured and knows where there were none', () => {
  const trials = table([
    [7, 1, Number.NaN],
    [9, 10, 20],
    [7, 3, Number.NaN],
    [7, Number.NaN, Number.NaN],
    [8, 5, 5],
  ]);
  const { mean, count } = averageTrials(trials, [9, 7]);
  expect([...mean]).toEqual([10, 2, 20, Number.NaN]);
  expect([...count]).toEqual([1, 2, 1, 0]);
});

test("the mean share of a neuron is exactly its r, and the difference of two r's for two twins", () => {
  const random = makeRandom(3);
  const draw = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const averages = { neurons: 2, stimuli: 6, mean: draw(12), count: new Int32Array(12).fill(1) };
  averages.mean[8] = Number.NaN;
  const predicted = [draw(12), draw(12)];
  const { r, effect, share } = contrast(averages, predicted, [1, -1]);
  for (const neuron of [0, 1]) {
    const row = (values: Float64Array) => values.subarray(neuron * 6, neuron * 6 + 6);
    for (const twin of [0, 1])
      expect(r[twin][neuron]).toBeCloseTo(pearson(row(predicted[twin]), row(averages.mean)), 12);
    expect(effect[neuron]).toBeCloseTo(r[0][neuron] - r[1][neuron], 12);
    const own = row(share).filter(Number.isFinite);
    expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(effect[neuron], 12);
  }
});

test('a neuron whose response or prediction does not vary has no r, which is not an r of zero', () => {
  const averages = {
    neurons: 3,
    stimuli: 4,
    mean: Float64Array.from([1, 2, 3, 4, 5, 5, 5, 5, 4, 3, 2, 1]),
    count: new Int32Array(12),
  };
  const flat = Float64Array.from([1, 2, 3, 4, 1, 2, 3, 4, 7, 7, 7, 7]);
  const { r, effect, share } = contrast(averages, [flat], [1]);
  expect([...effect].map(Number.isNaN)).toEqual([false, true, true]);
  expect(r[0][0]).toBeCloseTo(1, 12);
  expect([...share.subarray(4)].every(Number.isNaN)).toBe(true);
});

test('the share of a stimulus is the mean over the neurons that were measured at it', () => {
  const share = Float64Array.from([1, Number.NaN, 3, 3, Number.NaN, Number.NaN]);
  const parts = { r: [], effect: new Float64Array(2), share, neurons: 2, stimuli: 3 };
  expect([...shareByStimulus(parts)]).toEqual([2, Number.NaN, 3]);
});
