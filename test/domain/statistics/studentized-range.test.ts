import { gamesHowell } from '@bregma/core/questions/pairwise';
import { makeRandom } from '@bregma/core/statistics/random';
import { rangeQuantile, rangeSurvival } from '@bregma/core/statistics/studentized-range';
import { describe, expect, test } from 'vitest';

describe('the studentised range', () => {
  test.each([
    [3.5, 3, 20, 0.055891849081749934],
    [1.2, 6, 78, 0.9572356281974509],
    [5.1, 4, 12, 0.01643088854300201],
    [8, 3, 5, 0.005557878295156082],
    [3, 10, 200, 0.5147714223285399],
    [20, 3, 10, 1.6835389837766002e-7],
    [4.2, 2, 7.3, 0.01982909933795929],
  ])('%d of %d values and %d degrees is exceeded as often as scipy 1.17.1 says', (q, count, degrees, wanted) => {
    expect(Math.abs(rangeSurvival(q, count, degrees) - wanted)).toBeLessThan(1e-11);
    expect(rangeQuantile(wanted, count, degrees)).toBeCloseTo(q, 4);
  });

  test('of two values is Student’s t by √2, and has quantiles as scipy', () => {
    expect(rangeQuantile(0.05, 6, 78)).toBeCloseTo(4.131996179732414, 9);
    expect(rangeQuantile(0.05, 3, 5)).toBeCloseTo(4.601726054362549, 9);
    expect(rangeSurvival(0, 3, 5)).toBe(1);
    expect(rangeSurvival(400, 3, 9)).toBeLessThan(1e-12);
  });
});

describe('pairs of several groups', () => {
  test('equal those of scipy.stats.tukey_hsd, equal_var=False, and have no p where nothing scatters', () => {
    const groups = [
      [24.5, 23.5, 26.4, 27.1, 29.9, 25, 31],
      [28.4, 34.2, 29.5, 32.2, 30.1],
      [26.1, 28.3, 24.3, 26.2, 27.8],
    ].map((own) => Float64Array.from(own));
    const found = gamesHowell(['a', 'b', 'c'], groups, 0.95);
    expect(found.map(({ first, second }) => first + second)).toEqual(['ab', 'ac', 'bc']);
    for (const [i, wanted] of [0.04834083153506519, 0.9819462846403918, 0.02470244928926757].entries())
      expect(found[i].p).toBeCloseTo(wanted, 11);
    expect(found[0].low).toBeCloseTo(-8.186193639153714, 9);
    expect(found[2].high).toBeCloseTo(8.023849916121428, 9);
    const still = [Float64Array.of(1, 1), Float64Array.of(2, 2)];
    expect(gamesHowell(['a', 'b'], still, 0.95)).toEqual([
      { first: 'a', second: 'b', difference: -1, low: null, high: null, p: null },
    ]);
  });

  test('err together no more often than their level, of groups of other spread and size', () => {
    const [random, runs] = [makeRandom('pairs of groups'), 200];
    let [wrong, missed] = [0, 0];
    for (let k = 0; k < runs; k++) {
      const groups = [
        [8, 1],
        [14, 3],
        [20, 0.5],
      ].map(([n, sd]) => Float64Array.from({ length: n }, () => sd * random.normal()));
      const found = gamesHowell(['a', 'b', 'c'], groups, 0.95);
      if (found.some(({ p }) => (p ?? 1) <= 0.05)) wrong++;
      if (found.some(({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0)) missed++;
    }
    expect(wrong / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    // Whether 0 lies without an interval and whether p is at most its level are one question.
    expect(missed).toBe(wrong);
  });
});
