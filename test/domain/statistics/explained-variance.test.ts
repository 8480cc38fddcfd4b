import { pearson } from '@bregma/core/statistics/correlation';
import { explainedVariance, fewestExplainable } from '@bregma/core/statistics/explained-variance';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';

const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Made {
  /** r² of the prediction with the tuning, exactly. */
  r2: number;
  /** Variance of a trial; that of the tuning is 1. */
  noise: number;
  /** Repeats of each stimulus. */
  counts: number[];
  seed: number;
}

/** Tuning of variance 1, a prediction whose r² with it is exactly `r2`, and noisy trials, NaN where there are fewer repeats. */
function neuron({ r2, noise, counts, seed }: Made) {
  const random = makeRandom(seed);
  const tuning = standard(counts.map(() => random.normal()));
  const other = standard(
    apartFrom(
      tuning,
      counts.map(() => random.normal()),
    ),
  );
  const predictions = tuning.map((value, i) => Math.sqrt(r2) * value + Math.sqrt(1 - r2) * other[i]);
  const repeats = Math.max(...counts);
  const responses = counts.flatMap((count, i) =>
    Array.from({ length: repeats }, (_, k) =>
      k < count ? 3 + tuning[i] + Math.sqrt(noise) * random.normal() : Number.NaN,
    ),
  );
  const means = counts.map((count, i) => average(responses.slice(i * repeats, i * repeats + count)));
  return { predictions, responses, repeats, means, all: [counts.map((_, i) => i)] };
}

function standard(values: number[]): number[] {
  const centre = average(values);
  const deviation = Math.sqrt(average(values.map((value) => (value - centre) ** 2)));
  return values.map((value) => (value - centre) / deviation);
}

/** What of `values` is uncorrelated with `tuning`, which has mean 0 and variance 1. */
function apartFrom(tuning: number[], values: number[]): number[] {
  const slope = average(values.map((value, i) => value * tuning[i]));
  return values.map((value, i) => value - slope * tuning[i]);
}

const of = ({ predictions, responses, repeats, all }: ReturnType<typeof neuron>) =>
  explainedVariance(predictions, responses, repeats, all);
const many = (made: Omit<Made, 'seed'>) =>
  Array.from({ length: 300 }, (_, seed) => neuron({ ...made, seed: seed + 1 }));

// Standard error of the mean of 300: below 0.012 in all of these.
test.each([
  [0.7, 1, new Array(80).fill(4)],
  [0.3, 2, new Array(80).fill(4)],
  [0, 1, new Array(80).fill(3)],
  [1, 1, new Array(80).fill(2)],
  [0.5, 1, Array.from({ length: 80 }, (_, i) => 1 + (i % 5))],
])('r²_ER of r² = %f is unbiased under noise, where r² of the means is not (noise %f)', (r2, noise, counts) => {
  const neurons = many({ r2, noise, counts });
  const found = neurons.map((one) => of(one).r2er ?? Number.NaN);
  expect(Math.abs(average(found) - r2)).toBeLessThan(0.035);
  const naive = average(neurons.map(({ predictions, means }) => pearson(predictions, means) ** 2));
  if (r2 > 0) expect(naive).toBeLessThan(r2 - 0.08);
});

test('r²_ER is the published formula: m stimuli, n repeats, x and y without their means', () => {
  const [m, n] = [40, 3];
  const one = neuron({ r2: 0.6, noise: 1, counts: new Array(m).fill(n), seed: 7 });
  const x = one.predictions.map((value) => value - average(one.predictions));
  const y = one.means.map((value) => value - average(one.means));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const within = one.means.map(
    (mean, i) => one.responses.slice(i * n, i * n + n).reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1),
  );
  const noise = average(within);
  const expected = (dot(x, y) ** 2 - (noise / n) * dot(x, x)) / (dot(x, x) * (dot(y, y) - ((m - 1) * noise) / n));
  expect(of(one).r2er).toBeCloseTo(expected, 12);
});

test('a scale and an offset of the prediction change FEVE and not r²_ER', () => {
  const one = neuron({ r2: 0.8, noise: 0.5, counts: new Array(60).fill(5), seed: 3 });
  const given = { ...one, predictions: one.predictions.map((value) => 3 + value) };
  const scaled = { ...one, predictions: one.predictions.map((value) => 10 + 4 * value) };
  expect(of(scaled).r2er).toBeCloseTo(of(given).r2er ?? Number.NaN, 9);
  expect(of(scaled).feve).toBeLessThan(-10);
  expect(of(given).feve).toBeGreaterThan(0.4);
});

test.each([0.2, 0.5, 0.9])('FEVE of the best scaling of a prediction is r² without noise (%f)', (r2) => {
  const found = many({ r2, noise: 1, counts: new Array(80).fill(4) }).map((one) => {
    const best = one.predictions.map((value) => 3 + Math.sqrt(r2) * value);
    return explainedVariance(best, one.responses, one.repeats, one.all);
  });
  expect(Math.abs(average(found.map(({ feve }) => feve ?? Number.NaN)) - r2)).toBeLessThan(0.03);
  expect(average(found.map(({ explainable }) => explainable ?? Number.NaN))).toBeCloseTo(0.5, 1);
});

test('a neuron of which less than 15 % is explainable has no FEVE', () => {
  const noisy = many({ r2: 0.5, noise: 12, counts: new Array(80).fill(4) }).map(of);
  const below = noisy.filter(({ explainable }) => (explainable ?? 0) < fewestExplainable);
  expect(below.length).toBeGreaterThan(200);
  expect(below.every(({ feve }) => feve === null)).toBe(true);
  expect(
    noisy.filter(({ explainable }) => (explainable ?? 0) >= fewestExplainable).every(({ feve }) => feve !== null),
  ).toBe(true);
});

test('folds whose fits know the mean of the others do not hide what they predict', () => {
  const one = neuron({ r2: 1, noise: 0.01, counts: new Array(60).fill(3), seed: 5 });
  const sets = [0, 1, 2].map((fold) => one.all[0].filter((i) => i % 3 === fold));
  const shifted = one.predictions.map((value, i) => value + 5 * (i % 3));
  expect(explainedVariance(shifted, one.responses, one.repeats, sets).r2er).toBeCloseTo(1, 2);
  expect(explainedVariance(shifted, one.responses, one.repeats, one.all).r2er).toBeLessThan(0.2);
});

test('without repeats, without predictions and where nothing varies there is none', () => {
  const none = { r2er: null, explainable: null, feve: null };
  expect(explainedVariance([1, 2, 3, 4], [1, 2, 3, 5], 1, [[0, 1, 2, 3]])).toEqual(none);
  expect(explainedVariance(new Array(4).fill(Number.NaN), [1, 2, 3, 5, 1, 2, 3, 5], 2, [[0, 1, 2, 3]])).toEqual(none);
  expect(explainedVariance([1, 2, 3, 4], new Array(8).fill(5), 2, [[0, 1, 2, 3]])).toEqual(none);
});
