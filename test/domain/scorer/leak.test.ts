import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { inSteps, ladder, thresholdout } from '@bregma/scorer/release-score';
import { describe, expect, test } from 'vitest';

const n = 400;
const random = makeRandom('how much leaks');
const drawn = () => Float64Array.from({ length: n }, () => random.normal());
const sealed = drawn();
const fresh = drawn();
/** One bootstrap standard error of a correlation near 0 over n items. */
const step = 1 / Math.sqrt(n);

/**
 * The strongest cheap attack (Blum & Hardt 2015, sec. 4): submit random predictions, keep those that were told to be better than nothing,
 * and add them up. tell: what is told of predictions.
 */
function boost(tell: (predictions: Float64Array) => boolean, queries: number): Float64Array {
  const sum = new Float64Array(n);
  for (let query = 0; query < queries; query++) {
    const one = drawn();
    const sign = tell(one) ? 1 : -1;
    for (let i = 0; i < n; i++) sum[i] += sign * one[i];
  }
  return sum;
}

describe('10,000 random twins of which the better ones are added up', () => {
  test('win everything where each exact score is told', () => {
    const won = boost((one) => pearson(one, sealed) > 0, 10_000);
    expect(pearson(won, sealed)).toBeGreaterThan(0.9);
    expect(Math.abs(pearson(won, fresh))).toBeLessThan(4 * step);
  });

  test('win the largest of what they drew under the Ladder, whatever they do with it', () => {
    let best: number | undefined;
    let told = 0;
    const won = boost((one) => {
      const answer = ladder(best, pearson(one, sealed), step);
      best = answer.score;
      told += Number(answer.improved);
      return answer.improved;
    }, 10_000);
    // Each answer that is news is better by a step: few can be.
    expect(told).toBeLessThan(8);
    // Bits of what was told: one of at most 1 / step steps, each time that it was news.
    expect(told * Math.log2(1 / step)).toBeLessThan(40);
    expect(pearson(won, sealed)).toBeLessThan(4 * step);
    // The largest of 10,000 draws is about 3.9 standard errors: that alone is told beyond the truth, which is 0.
    expect(best).toBeLessThan(5 * step);
  });
});

test('10,000 nearly equal twins are told one score', () => {
  const twin = sealed.map((value) => value + 1.5 * random.normal());
  let best: number | undefined;
  const told = new Set<number>();
  for (let query = 0; query < 10_000; query++) {
    const near = Float64Array.from(twin);
    near[query % n] += 0.05 * random.normal();
    best = ladder(best, pearson(near, sealed), step).score;
    told.add(best);
  }
  expect(told.size).toBe(1);
});

test('Thresholdout tells the open score of what fits both parts, and not that of what fits the open one alone', () => {
  const noise = makeRandom('noise of Thresholdout');
  const told = (open: number, held: number) =>
    Array.from({ length: 300 }, () => thresholdout({ open, sealed: held }, 0.01, noise).score);
  const honest = told(0.51, 0.5);
  expect(honest.filter((score) => Math.abs(score - 0.51) < 0.011).length).toBeGreaterThan(150);
  const overfitted = told(0.95, 0.3);
  expect(overfitted.every((score) => Math.abs(score - 0.3) < 0.2)).toBe(true);
});

test('a score is whole steps, and the Ladder tells what is better by a step alone', () => {
  expect(inSteps(0.4449, 0.01)).toBe(0.44);
  expect(inSteps(0.3, 0.1)).toBe(0.3);
  expect(ladder(undefined, -0.213, 0.05)).toEqual({ score: -0.2, improved: true });
  expect(ladder(0.5, 0.5499, 0.05)).toEqual({ score: 0.5, improved: false });
  expect(ladder(0.5, 0.5501, 0.05)).toEqual({ score: 0.55, improved: true });
  expect(ladder(0.5, 0.1, 0.05)).toEqual({ score: 0.5, improved: false });
});
