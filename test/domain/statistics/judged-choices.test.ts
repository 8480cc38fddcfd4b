import type { Question } from '@bregma/core/contracts/question';
import { analyse } from '@bregma/core/questions/analyse';
import { choiceOf, choicesInTime } from '@bregma/core/questions/judged-choices';
import { choiceFactorAbove, turned } from '@bregma/core/statistics/choice-evidence';
import { mean } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

describe('Bayes factors given who could have been chosen', () => {
  test('of slopes of log odds and of a log hazard equal sums over all choices (scipy.integrate), and have mean one without an effect', () => {
    const x = Float64Array.of(0.3, -1.2, 2.1, 0.7, -0.4, 1.5, -2, 0.1);
    const happened = choiceOf(x, Float64Array.of(1, 0, 1, 0, 0, 1, 0, 1));
    expect(choiceFactorAbove(happened, 0, 0.5)).toBeCloseTo(3.0598445744725082, 6);
    expect(choiceFactorAbove(happened, 0.4, 0.5)).toBeCloseTo(1.761400910657198, 6);
    const inTime = choicesInTime(x, Float64Array.of(1, 2, 2, 3, 4, 4, 5, 6), Float64Array.of(1, 1, 1, 0, 1, 0, 1, 0));
    expect(choiceFactorAbove(inTime, 0, 0.5)).toBeCloseTo(0.5490112990468582, 6);
    // Every choice of three of six, and every order of five, is alike likely.
    const six = x.subarray(0, 6);
    const choices = [...Array(64).keys()]
      .map((bits) => Float64Array.from(six, (_, i) => (bits >> i) & 1))
      .filter((own) => own.reduce((sum, one) => sum + one, 0) === 3);
    expect(mean(choices.map((own) => choiceFactorAbove(choiceOf(six, own), 0, 1)))).toBeCloseTo(1, 7);
    const five = x.subarray(0, 5);
    const cut = Float64Array.of(1, 1, 0, 1, 1);
    const factorOf = (order: number[]) =>
      choiceFactorAbove(
        choicesInTime(
          Float64Array.from(order, (i) => five[i]),
          Float64Array.of(1, 2, 3, 4, 5),
          cut,
        ),
        0,
        1,
      );
    expect(mean(ordersOf([0, 1, 2, 3, 4]).map(factorOf))).toBeCloseTo(1, 6);
  });

  test('of slopes hold what no double holds, and mirrored choices speak of the other side', () => {
    const x = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i) * 40);
    const apart = choiceOf(
      x,
      Float64Array.from(x, (own) => Number(own > 0)),
    );
    expect(choiceFactorAbove(apart, 0, 5)).toBeGreaterThan(1e50);
    expect(choiceFactorAbove(turned(apart), 0, 5)).toBeLessThan(0.05);
  });

  test('of two words are no more than one on average where they have nothing to do with one another', async () => {
    const random = makeRandom('two words');
    const question = { metric: 'cramers_v', columns: { x: 'x', y: 'y' }, judge: { by: 'bayes-factor' } } as const;
    const found: number[] = [];
    for (let k = 0; k < 200; k++) {
      const table = {
        x: Array.from({ length: 14 }, () => 'aab'[random.integer(3)]),
        y: Array.from({ length: 14 }, () => 'cccde'[random.integer(5)]),
      };
      const { answers } = await analyse(table, question, { seed: k, finest: 0.02 });
      const [{ measured }] = answers;
      found.push(measured?.eAbove?.(0) ?? 1);
      expect(measured?.eBelow?.(0) ?? 1).toBe(1);
    }
    const sd = Math.sqrt(mean(found.map((one) => (one - mean(found)) ** 2)));
    expect(mean(found)).toBeLessThan(1 + (3 * sd) / Math.sqrt(found.length));
    expect(found.filter((one) => one >= 20).length).toBeLessThanOrEqual(200 * 0.05 + 3 * Math.sqrt(200 * 0.05 * 0.95));
    // All exchanges of 8 units: Π n! of rows {4, 0} {0, 4} is 576 in 2 of 70 ways; {3, 1} 36 in 32; {2, 2} 16 in 36.
    const apart = { x: [...'aaaabbbb'], y: [...'ccccdddd'] };
    const [{ measured }] = (await analyse(apart, question, { seed: 1, finest: 0.0005 })).answers;
    const wanted = (576 * 70) / (2 * 576 + 32 * 36 + 36 * 16);
    expect(Math.abs((measured?.eAbove?.(0) ?? 0) / wanted - 1)).toBeLessThan(0.05);
  });

  test('beside covariates a slope of log odds is not judged, and says so', async () => {
    const table = { outcome: [0, 1, 0, 1, 1, 0, 1, 0], x: [3, 1, 4, 1.5, 5, 9, 2, 6], z: [1, 4, 2, 3, 5, 2, 2, 7] };
    const judge = { by: 'bayes-factor' } as const;
    const ask = (question: Omit<Question, 'metric'>) =>
      analyse(table, { metric: 'log_odds_slope', ...question }, { seed: 1 });
    const columns = { outcome: 'outcome', x: 'x' };
    await expect(ask({ columns: { ...columns, covariates: 'z' }, judge })).rejects.toThrow(/free of theirs/);
    await expect(ask({ columns, judge: { by: 'e-process' } })).rejects.toThrow(/in sequence, and beside covariates/);
    expect((await ask({ columns, judge })).answers[0].measured?.details.bf10).toBeGreaterThan(0);
  });
});

/** All orders of a list. */
function ordersOf(items: number[]): number[][] {
  if (items.length < 2) return [items];
  return items.flatMap((one, i) => ordersOf(items.filter((_, j) => j !== i)).map((rest) => [one, ...rest]));
}
