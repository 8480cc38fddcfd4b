import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import {
  fewestUnitsFor,
  largestEValue,
  meanAbove,
  predictionEValues,
} from '../../../core/src/statistics/mean-e-value.ts';

const mirror = (units: number[]) => units.map((unit) => -unit);

/** Two-sided Bayes factor of a normal effect size with sd 0.5 (Gönen et al. 2005, equation 3), from t and n. */
function gonen(units: number[]): number {
  const n = units.length;
  const mean = units.reduce((sum, x) => sum + x, 0) / n;
  const variance = units.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  const t2 = (mean * mean * n) / variance;
  const spread = 1 + n * 0.25;
  return ((1 + t2 / (n - 1)) / (1 + t2 / ((n - 1) * spread))) ** (n / 2) / Math.sqrt(spread);
}

test.each([
  [[1, 2, 3, 4, 5]],
  [[-0.3, 0.2, 0.9, 1.4, 0.1, 0.8, -0.5, 0.6]],
  [Array.from({ length: 60 }, (_, i) => Math.sin(i) + 0.4)],
  [Array.from({ length: 400 }, (_, i) => Math.cos(i * i) + 0.02)],
])('the two one-sided e-values average to the two-sided Bayes factor in closed form', (units) => {
  const both = (meanAbove(units, 0) + meanAbove(mirror(units), 0)) / 2;
  expect(both / gonen(units)).toBeCloseTo(1, 9);
});

test('does not depend on the unit of measurement, and shifting data and null together changes nothing', () => {
  const units = [0.4, 1.1, -0.2, 0.9, 0.7, 0.3];
  const e = meanAbove(units, 0);
  expect(
    meanAbove(
      units.map((x) => x * 1000),
      0,
    ),
  ).toBeCloseTo(e, 9);
  expect(
    meanAbove(
      units.map((x) => x + 3),
      3,
    ),
  ).toBeCloseTo(e, 9);
});

test('its mean under the null is one, and less when the mean is below', () => {
  const random = makeRandom(9);
  const average = (shift: number) => {
    let sum = 0;
    for (let i = 0; i < 3000; i++)
      sum += Math.min(
        1000,
        meanAbove(
          Array.from({ length: 8 }, () => random.normal() + shift),
          0,
        ),
      );
    return sum / 3000;
  };
  const atNull = average(0);
  expect(atNull).toBeGreaterThan(0.85);
  expect(atNull).toBeLessThan(1.15);
  expect(average(-0.3)).toBeLessThan(0.6);
});

test('watched after every unit, it reaches 20 in at most one of twenty sequences without an effect', () => {
  const random = makeRandom(10);
  let reached = 0;
  for (let i = 0; i < 300; i++) {
    const units: number[] = [];
    while (units.length < 40) {
      units.push(random.normal());
      if (meanAbove(units, 0) >= 20) {
        reached++;
        break;
      }
    }
  }
  expect(reached / 300).toBeLessThanOrEqual(0.05);
});

test('too few units, or units without any spread, say nothing; an overwhelming effect stays a number', () => {
  expect(meanAbove([1, 2], 0)).toBe(1);
  expect(meanAbove([3, 3, 3, 3], 3)).toBe(1);
  expect(predictionEValues({ units: Float64Array.of(1, 2), range: 1 }, { direction: 'greater', size: 0 })).toEqual({
    eFor: null,
    eAgainst: null,
  });
  const huge = meanAbove(
    Array.from({ length: 5000 }, (_, i) => 1 + 1e-6 * (i % 7)),
    0,
  );
  expect(Number.isFinite(huge) && huge > 1e100).toBe(true);
});

test('n units can give no more than those that do not scatter, and what is needed says how many there must be', () => {
  expect(largestEValue(3)).toBeCloseTo(3.1, 1);
  expect(largestEValue(5)).toBeCloseTo(9.8, 1);
  const random = makeRandom(12);
  for (let i = 0; i < 200; i++) {
    const units = Array.from({ length: 6 }, () => random.normal() + 4);
    expect(meanAbove(units, 0)).toBeLessThanOrEqual(largestEValue(6));
  }
  const fewest = fewestUnitsFor(40);
  expect([largestEValue(fewest - 1) < 40, largestEValue(fewest) >= 40]).toEqual([true, true]);
});
