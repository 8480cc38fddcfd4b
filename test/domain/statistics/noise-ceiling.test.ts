import { pearson } from '@bregma/core/statistics/correlation';
import { noiseCeiling } from '@bregma/core/statistics/noise-ceiling';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';

/** Responses [stimulus × repeat] of tuning with sd `signal` and noise with sd 1; counts: repeats of each stimulus. */
function neuron(signal: number, counts: number[], seed: number) {
  const random = makeRandom(seed);
  const repeats = Math.max(...counts);
  const tuning = counts.map(() => signal * random.normal());
  const responses = counts.flatMap((count, i) =>
    Array.from({ length: repeats }, (_, k) => (k < count ? tuning[i] + random.normal() : Number.NaN)),
  );
  const means = counts.map((count, i) => {
    const own = responses.slice(i * repeats, i * repeats + count);
    return own.reduce((sum, value) => sum + value, 0) / count;
  });
  return { responses, repeats, stimuli: counts.length, reached: pearson(tuning, means) };
}
const ceilingOf = ({ responses, stimuli, repeats }: ReturnType<typeof neuron>) =>
  noiseCeiling(responses, stimuli, repeats);
const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const many = (signal: number, counts: number[]) =>
  Array.from({ length: 60 }, (_, seed) => neuron(signal, counts, seed + 1));

test.each([2, 3, 5, 8])(
  'with %i equal repeats it is √(1 / (1 + 1 / repeats)) for signal and noise of one size',
  (repeats) => {
    const found = many(1, new Array(120).fill(repeats)).map((one) => ceilingOf(one).ceiling ?? Number.NaN);
    expect(average(found)).toBeCloseTo(Math.sqrt(1 / (1 + 1 / repeats)), 1.5);
  },
);

test('with unequal repeats it is what the true tuning reaches with these means, stimuli shown once included', () => {
  const counts = Array.from({ length: 120 }, (_, i) => (i < 12 ? 10 : 1));
  const neurons = many(1, counts);
  const found = average(neurons.map((one) => ceilingOf(one).ceiling ?? Number.NaN));
  expect(Math.abs(found - average(neurons.map(({ reached }) => reached)))).toBeLessThan(0.03);
  // 1 / (1 + mean(1 / n)), mean(1 / n) = 0.91.
  expect(found).toBeCloseTo(Math.sqrt(1 / 1.91), 1.5);
});

test('of noise it is near 0 for most, never left out, so that a median over neurons is no choice of lucky ones', () => {
  const found = many(0, new Array(120).fill(4)).map((one) => ceilingOf(one));
  expect(found.every(({ ceiling }) => ceiling !== null)).toBe(true);
  expect(found.filter(({ ceiling }) => ceiling === 0).length).toBeGreaterThan(15);
  expect(Math.abs(average(found.map(({ signal }) => signal)))).toBeLessThan(0.01);
});

test('its standard error is how much it scatters over recordings', () => {
  const found = many(0.7, new Array(80).fill(3)).map((one) => ceilingOf(one));
  const values = found.map(({ ceiling }) => ceiling ?? Number.NaN);
  const centre = average(values);
  const scatter = Math.sqrt(average(values.map((value) => (value - centre) ** 2)));
  expect(average(found.map(({ error }) => error ?? Number.NaN)) / scatter).toBeGreaterThan(0.75);
  expect(average(found.map(({ error }) => error ?? Number.NaN)) / scatter).toBeLessThan(1.35);
});

test('there is none without repeats, and none where nothing varies', () => {
  expect(noiseCeiling([1, 2, 3, 4], 4, 1).ceiling).toBeNull();
  expect(noiseCeiling([5, 5, 5, 5, 5, 5, 5, 5], 4, 2).ceiling).toBeNull();
});
