import { bootstrap } from '@bregma/core/statistics/bootstrap';
import { mean, median, pearson, quantile, ranks, spearman } from '@bregma/core/statistics/correlation';
import { normalCdf, normalQuantile, normalSurvival } from '@bregma/core/statistics/distributions';
import { incompleteBeta, logGamma } from '@bregma/core/statistics/gamma';
import { reliabilityOf, trialVariance } from '@bregma/core/statistics/noise-ceiling';
import { makeRandom } from '@bregma/core/statistics/random';
import { noncentralCdf, studentCdf, studentQuantile } from '@bregma/core/statistics/student';
import { describe, expect, test } from 'vitest';

describe('correlation', () => {
  const x = [1, 2, 3, 4, 5, 7];
  const y = [2, 1, 4, 3, 7, 5];
  test('equals scipy.stats.pearsonr and spearmanr', () => {
    expect(pearson(x, y)).toBeCloseTo(0.7428571428571428, 12);
    expect(spearman(x, y)).toBeCloseTo(0.8285714285714287, 12);
  });
  test('ties share their average rank', () => expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]));
  test('what was not measured takes no part, and too little or no variance is not zero but NaN', () => {
    expect(pearson([...x, Number.NaN, 9], [...y, 1, Number.NaN])).toBeCloseTo(pearson(x, y), 15);
    expect(pearson([1, 2], [3, 4])).toBeNaN();
    expect(pearson([1, 1, 1, 1], [1, 2, 3, 4])).toBeNaN();
    expect(pearson([0.1 + 0.2, 0.3, 0.3, 0.3], [1, 2, 3, 4])).toBeNaN();
    expect(() => pearson([1], [1, 2])).toThrow(RangeError);
  });
  test('does not care about shift and scale, and sees a reversal', () => {
    expect(
      pearson(
        x.map((v) => 1e6 + 3 * v),
        y,
      ),
    ).toBeCloseTo(pearson(x, y), 9);
    expect(
      pearson(
        x,
        x.map((v) => -v),
      ),
    ).toBe(-1);
  });
  test('quantiles interpolate, and nothing has no median', () => {
    expect([quantile([4, 1, 3, 2], 0.25), median([3, 1, 2]), median([Number.NaN, 5])]).toEqual([1.75, 2, 5]);
    expect([median([]), mean([])].every(Number.isNaN)).toBe(true);
  });
});

describe('distributions', () => {
  // scipy.stats 1.10.1: norm.sf, norm.ppf, t.cdf, t.ppf, nct.cdf, special.betainc, special.gammaln
  test('normal', () => {
    expect(normalSurvival(1.5)).toBeCloseTo(0.06680720126885807, 15);
    expect(normalSurvival(8) / 6.220960574271784e-16).toBeCloseTo(1, 10);
    expect(normalCdf(-3) / 0.0013498980316300933).toBeCloseTo(1, 11);
    for (const q of [1e-10, 0.001, 0.3, 0.5, 0.975, 1 - 1e-9])
      expect(normalCdf(normalQuantile(q)) / q).toBeCloseTo(1, 10);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, Number.NaN]);
  });
  test('Student, noncentral t, beta and gamma', () => {
    expect(studentCdf(2, 5)).toBeCloseTo(0.9490302605850709, 12);
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281388519649385, 10);
    expect(noncentralCdf(2, 10, 1.5)).toBeCloseTo(0.6591540724421922, 11);
    expect(incompleteBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 10);
    expect(logGamma(10.5)).toBeCloseTo(13.940625219403763, 11);
  });
});

describe('seeded random numbers', () => {
  test('are the same for the same seed and others for another, and forks do not disturb their parent', () => {
    const draw = (seed: number | string) => Array.from({ length: 5 }, makeRandom(seed).uniform);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw('1')).not.toEqual(draw(1));
    const parent = makeRandom(3);
    const before = makeRandom(3);
    parent.fork('x').uniform();
    expect(parent.uniform()).toBe(before.uniform());
  });
  test('are uniform, normal and fair', () => {
    const random = makeRandom(11);
    const uniform = Array.from({ length: 20_000 }, random.uniform);
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    const normal = Array.from({ length: 20_000 }, random.normal);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1);
    const firsts = Array.from({ length: 6000 }, () => random.permutation(6)[0]);
    for (let i = 0; i < 6; i++) expect(firsts.filter((v) => v === i).length).toBeGreaterThan(880);
    expect([...random.permutation(9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('bootstrap', () => {
  test('covers the mean of normal samples about as often as it says', () => {
    const random = makeRandom(21);
    let covered = 0;
    for (let k = 0; k < 200; k++) {
      const { low, high } = bootstrap(Array.from({ length: 40 }, random.normal), mean, random, { resamples: 300 });
      covered += Number((low ?? 1) < 0 && (high ?? -1) > 0);
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(200);
  });
  test('leaves out what was not measured, and of one value says nothing', () => {
    const random = makeRandom(1);
    expect(bootstrap([Number.NaN, 4], mean, random)).toEqual({ low: null, high: null, level: 0.95, resamples: 0 });
  });
});

describe('noise ceiling', () => {
  const [stimuli, repeats] = [400, 8];
  function simulate(signal: number, noise: number, missing = 0) {
    const random = makeRandom(31);
    return Float64Array.from({ length: stimuli * repeats }, (_, i) => {
      const own = makeRandom(Math.floor(i / repeats)).normal() * signal;
      return random.uniform() < missing ? Number.NaN : own + noise * random.normal();
    });
  }
  test('equals its closed form: reliability of the mean is s² / (s² + n² / repeats)', () => {
    const { reliability, ceiling } = reliabilityOf(simulate(1, 2), stimuli, repeats, makeRandom(1));
    expect(reliability).toBeCloseTo(1 / (1 + 4 / repeats), 1);
    expect(ceiling).toBeCloseTo(Math.sqrt(1 / (1 + 4 / repeats)), 1);
    expect(trialVariance(simulate(1, 2), stimuli, repeats)).toBeCloseTo(4, 0);
  });
  test('stands missing repeats, and is not measured without repeats or signal', () => {
    expect(reliabilityOf(simulate(1, 1, 0.25), stimuli, repeats, makeRandom(1)).ceiling).toBeGreaterThan(0.85);
    expect(reliabilityOf(simulate(1, 1).subarray(0, stimuli), stimuli, 1, makeRandom(1)).ceiling).toBeNaN();
    expect(trialVariance([1, 2, 3], 3, 1)).toBeNaN();
  });
});
