import {
  powerOfGroups,
  powerOfMixed,
  powerOfPairs,
  powerOfProportions,
  powerOfTable,
  powerOfTwoSamples,
  smallestFound,
} from '@bregma/core/statistics/power';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import reference from '../../fixtures/power.json' with { type: 'json' };

describe('power equals that of statsmodels 0.14.6 (test/reference/power.py)', () => {
  test.each([
    ['of two unequal groups', powerOfTwoSamples({ effect: 0.6, n: 20, second: 50 }), reference.twoUnequal],
    [
      'of two unequal groups, one-sided',
      powerOfTwoSamples({ effect: 0.6, n: 20, second: 12, alpha: 0.025, sides: 1 }),
      reference.twoUnequalOneSided,
    ],
    ['of pairs, one-sided', powerOfPairs({ effect: 0.5, n: 25, alpha: 0.025, sides: 1 }), reference.pairedOneSided],
    ['of an analysis of variance', powerOfGroups({ effect: 0.3, n: 90, groups: 4 }), reference.anova],
    ['of a small one', powerOfGroups({ effect: 0.8, n: 18, groups: 3, alpha: 0.01 }), reference.anovaSmall],
    ['of two proportions', powerOfProportions({ first: 0.7, second: 0.5, n: 60, others: 90 }), reference.proportions],
    [
      'of two proportions, one-sided',
      powerOfProportions({ first: 0.7, second: 0.5, n: 60, others: 30, alpha: 0.025, sides: 1 }),
      reference.proportionsOneSided,
    ],
  ])('%s', (_, found, wanted) => expect(Math.abs(found - wanted)).toBeLessThan(1e-7));

  test.each([
    [{ v: 0.3, n: 60, rows: 2, columns: 2 }, 0.6420152239082002],
    [{ v: 0.35, n: 84, rows: 6, columns: 4, alpha: 0.01 }, 0.9020636033440662],
    [{ v: 0.15, n: 200, rows: 3, columns: 3 }, 0.6634860717513963],
  ])('of a table of counts is that of the noncentral χ² of scipy 1.17: %o', (asked, wanted) => {
    expect(powerOfTable(asked)).toBeCloseTo(wanted, 9);
  });

  test('without an effect it is the level', () => {
    expect(powerOfTable({ v: 0, n: 30, rows: 3, columns: 4 })).toBeCloseTo(0.05, 9);
    expect(powerOfGroups({ effect: 0, n: 30, groups: 3 })).toBeCloseTo(0.05, 9);
    expect(powerOfProportions({ first: 0.4, second: 0.4, n: 30 })).toBeCloseTo(0.05, 9);
  });

  test('of a mixed model, simulated, is that of the slope within subjects', () => {
    const found = powerOfMixed({ slope: 0.3, subjects: 10, rows: 12, spread: 2, simulations: 400 }, makeRandom(1));
    // Ten levels leave 110 degrees of freedom within subjects: the slope's t has noncentrality 0.3·√110.
    const wanted = powerOfPairs({ effect: 0.3, n: 110 });
    expect(Math.abs(found.power - wanted)).toBeLessThan(3 * found.standardError + 0.01);
  });
});

test('the smallest effect that is found is named, or that there is none', () => {
  const power = (effect: number) => powerOfPairs({ effect, n: 34 });
  const least = smallestFound(power, 0.8, { low: 0, high: 5 });
  expect(power(least ?? 0)).toBeCloseTo(0.8, 9);
  expect(smallestFound(power, 0.8, { low: 0, high: 0.1 })).toBeNull();
});
