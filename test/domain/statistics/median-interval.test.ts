import { medianInterval } from '@bregma/core/statistics/median-interval';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const worlds: [string, (random: Random) => number, median: number][] = [
  ['normal', (random) => random.normal(), 0],
  ['lognormal', (random) => Math.exp(random.normal()), 1],
  ['of two sizes', (random) => (random.uniform() < 0.5 ? -1 : 1) * (1 + random.uniform()), 0],
  ['with tails of a ratio of normals', (random) => random.normal() / random.normal(), 0],
];

describe.each(worlds)('the median of values that are %s', (name, draw, truth) => {
  // What the binomial says: 1 − 2 · P(fewer than k of n), k as large as leaves 0.95.
  test.each([
    [6, 0.969],
    [7, 0.984],
    [9, 0.961],
    [12, 0.961],
    [25, 0.957],
    [60, 0.973],
  ])('of %i lies in its interval in %f, whatever they are', (n, covers) => {
    const random = makeRandom(`${name} ${n}`);
    const count = 2000;
    let held = 0;
    for (let i = 0; i < count; i++) {
      const { low, high } = medianInterval(Array.from({ length: n }, () => draw(random)));
      if (low !== null && high !== null && low <= truth && truth <= high) held++;
    }
    expect(Math.abs(held / count - covers)).toBeLessThan(3.5 * Math.sqrt((covers * (1 - covers)) / count));
  });
});

test('of six it is their extremes, of nine it leaves one out at each end, and of five there is none', () => {
  expect(medianInterval([3, 1, 2, 6, 5, 4])).toEqual({ low: 1, high: 6, level: 0.95 });
  expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9])).toMatchObject({ low: 2, high: 8 });
  expect(medianInterval([1, 2, 3, 4, 5])).toMatchObject({ low: null, high: null });
  expect(medianInterval([1, 2, 3, 4, 5], 0.9)).toMatchObject({ low: 1, high: 5 });
});

test('what was not measured takes no part, and equal values leave no width', () => {
  expect(medianInterval([1, Number.NaN, 2, 3, 4, 5])).toMatchObject({ low: null });
  expect(medianInterval([2, 2, 2, 2, 2, 2, 2])).toMatchObject({ low: 2, high: 2 });
});
