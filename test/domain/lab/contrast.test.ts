import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { averageTrials, contrast, meanWithout } from '../../../mcp-servers/lab/src/domain/contrast.ts';
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
  const { mean, count } = averageTrials(trials, [[9], [7]]);
  expect([...mean]).toEqual([10, 2, 20, Number.NaN]);
  expect([...count]).toEqual([1, 2, 1, 0]);
});

test('copies of a stimulus are one unit, whose mean is over all of their presentations', () => {
  const trials = table([
    [0, 1],
    [4, 3],
    [4, 5],
    [2, 7],
  ]);
  const { mean, count, units } = averageTrials(trials, [[0, 4], [2]]);
  expect([[...mean], [...count], units]).toEqual([[3, 7], [3, 1], 2]);
});

test("a neuron's effect is its r or the difference of two, and what it is without a unit is what r would be there", () => {
  const random = makeRandom(3);
  const n = 9;
  const draw = () => Float64Array.from({ length: 2 * n }, () => random.normal());
  const averages = { neurons: 2, units: n, mean: draw(), count: new Int32Array(2 * n).fill(1) };
  averages.mean[n + 2] = Number.NaN;
  const predicted = [draw(), draw()];
  const { r, effect, without, measured } = contrast(averages, predicted, [1, -1]);
  expect([...measured]).toEqual([n, n - 1]);
  for (const neuron of [0, 1]) {
    const row = (values: Float64Array) => values.subarray(neuron * n, (neuron + 1) * n);
    const rWithout = (twin: number, left: number | undefined) =>
      pearson(
        row(predicted[twin]).filter((_, unit) => unit !== left),
        row(averages.mean).filter((_, unit) => unit !== left),
      );
    for (const twin of [0, 1]) expect(r[twin][neuron]).toBeCloseTo(rWithout(twin, undefined), 12);
    expect(effect[neuron]).toBeCloseTo(r[0][neuron] - r[1][neuron], 12);
    for (const unit of [0, 5]) expect(row(without)[unit]).toBeCloseTo(rWithout(0, unit) - rWithout(1, unit), 12);
  }
  expect(without[n + 2]).toBeNaN();
  const expected = (without[2] + effect[1]) / 2;
  expect(meanWithout({ r, effect, without, measured, neurons: 2, units: n })[2]).toBeCloseTo(expected, 12);
});

test('a neuron that does not vary, varies at one stimulus alone, or was measured at five has no r, which is no r of zero', () => {
  const line = [1, 2, 3, 4, 5, 6, 7];
  const rows = [
    line,
    line.map(() => 5),
    line.map((value) => Number(value === 3)),
    line.map((value) => (value < 3 ? Number.NaN : value)),
  ];
  const predictions = [line, line, line, line];
  const averages = { neurons: 4, units: 7, mean: Float64Array.from(rows.flat()), count: new Int32Array(28) };
  const { r, effect, without } = contrast(averages, [Float64Array.from(predictions.flat())], [1]);
  expect([...effect].map(Number.isNaN)).toEqual([false, true, true, true]);
  expect(r[0][0]).toBeCloseTo(1, 12);
  expect([...without.subarray(7)].every(Number.isNaN)).toBe(true);
  const constant = contrast(averages, [new Float64Array(28).fill(7)], [1]);
  expect([...constant.effect].every(Number.isNaN)).toBe(true);
});
