import type { Question } from '@bregma/core/contracts/question';
import { analyse, standing, stopped } from '@bregma/core/questions/analyse';
import type { Columns } from '@bregma/core/questions/sample';
import { bernoulliMixtureAbove, jzsBayesFactor } from '@bregma/core/statistics/e-values';
import { meanAbove } from '@bregma/core/statistics/mean-e-value';
import { correlationFactorAbove } from '@bregma/core/statistics/r-evidence';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { logRateRatio, rateFactorAbove } from '@bregma/core/statistics/rate-evidence';
import { bayesFactorAbove, logLikelihoodRatio, lookOfOne, lookOfTwo } from '@bregma/core/statistics/t-evidence';
import { oddsFactorAbove } from '@bregma/core/statistics/two-by-two';
import { describe, expect, test } from 'vitest';

const cauchy = { kind: 'cauchy', scale: Math.SQRT1_2 } as const;

/** Hours of sleep gained with two drugs by ten patients ("Student" 1908, Biometrika 6:1), R's data set sleep. */
const sleep = {
  first: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
  second: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
};

describe('Bayes factors', () => {
  test("equal those of R's BayesFactor: ttestBF of sleep, both ways and one way (its manual)", () => {
    const { t, size, degrees } = lookOfOne(sleep.second.map((value, i) => value - sleep.first[i]));
    expect(jzsBayesFactor(t, size)).toBeCloseTo(17.25888, 5);
    expect(bayesFactorAbove({ t, size, degrees }, cauchy)).toBeCloseTo(34.41694, 5);
    expect(bayesFactorAbove({ t: -t, size, degrees }, cauchy)).toBeCloseTo(0.1008246, 7);
  });

  test('of two samples: chicks on horsebean and linseed, 5.98 (manual of BayesFactor)', () => {
    const horsebean = [179, 160, 136, 227, 217, 168, 108, 124, 143, 140];
    const linseed = [309, 229, 181, 141, 260, 203, 148, 169, 213, 257, 244, 271];
    const { t, size, degrees } = lookOfTwo(horsebean, linseed);
    expect(Number(jzsBayesFactor(t, size, Math.SQRT1_2, degrees).toPrecision(3))).toBe(5.98);
  });

  test('likelihood ratios of t equal those of the noncentral t (scipy 1.17.1, nct.pdf by t.pdf)', () => {
    expect(logLikelihoodRatio({ t: 2.1, degrees: 14, size: 7.5 }, 0.5)).toBeCloseTo(1.728880001340894, 10);
    expect(logLikelihoodRatio({ t: -2.1, degrees: 1, size: 2 }, 0.5)).toBeCloseTo(-0.9700285552905186, 6);
    // scipy.integrate.quad of nct.pdf over half a Cauchy.
    expect(bayesFactorAbove({ t: 2.5, degrees: 19, size: 20 }, cauchy)).toBeCloseTo(5.325941016746497, 7);
  });

  test('of slopes equal the g-prior integral of Rouder & Morey 2012, equation 12 (scipy.integrate.quad)', () => {
    // R² of one predictor and n = 30, 80; t² = R²(n − 2) / (1 − R²).
    for (const [squared, n, wanted] of [
      [0.33, 30, 33.63600800565632],
      [0.05, 80, 1.352541516484499],
    ]) {
      const t = Math.sqrt((squared * (n - 2)) / (1 - squared));
      expect(jzsBayesFactor(t, n, Math.SQRT2 / 4, n - 2)).toBeCloseTo(wanted, 6);
    }
  });

  test('of rates have expectation 1 where rates are equal, given any number of events', () => {
    const [events, firstExposure, secondExposure] = [14, 2.5, 4];
    const share = firstExposure / (firstExposure + secondExposure);
    let [expected, mirrored, choose] = [0, 0, 1];
    for (let first = 0; first <= events; first++) {
      const chance = choose * share ** first * (1 - share) ** (events - first);
      const part = { first, second: events - first, firstExposure, secondExposure };
      expected += chance * rateFactorAbove([part], 1);
      mirrored += chance * Math.exp(logRateRatio([part], 0.7));
      choose *= (events - first) / (first + 1);
    }
    expect(expected).toBeCloseTo(1, 8);
    expect(mirrored).toBeCloseTo(1, 10);
    // scipy.integrate.quad of the binomial likelihood ratio over half a normal.
    const part = { first: 12, second: 6, firstExposure, secondExposure };
    expect(rateFactorAbove([part], 1)).toBeCloseTo(9.35465006785255, 6);
  });

  test('of correlations equal those of Ly et al. 2016 (pingouin: 10.634 both ways, 21.185 one way) and of scipy.integrate', () => {
    const both = (correlationFactorAbove(0.6, 20) + correlationFactorAbove(-0.6, 20)) / 2;
    expect(both).toBeCloseTo(10.633616334136574, 6);
    expect(correlationFactorAbove(0.6, 20)).toBeCloseTo(21.1847849358393, 6);
    expect(correlationFactorAbove(0.6, 20, 0.2)).toBeCloseTo(3.5506586203258594, 6);
    expect(correlationFactorAbove(0.35, 60, 0, 0.5)).toBeCloseTo(16.532307894785188, 6);
    expect(correlationFactorAbove(1, 10)).toBeGreaterThan(1e30);
  });

  test('of odds ratios equal scipy.integrate of nchypergeom_fisher, and have mean one where there is no effect', () => {
    expect(oddsFactorAbove({ a: 9, b: 3, c: 4, d: 12 }, 1, 1)).toBeCloseTo(10.35056844457342, 8);
    expect(oddsFactorAbove({ a: 9, b: 3, c: 4, d: 12 }, 2, 1)).toBeCloseTo(2.8678541286055204, 8);
    expect(oddsFactorAbove({ a: 4, b: 12, c: 9, d: 3 }, 1, 0.5)).toBeCloseTo(0.35401286661550513, 8);
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    let mean = 0;
    for (let a = 0; a <= 6; a++)
      mean +=
        (choose(6, a) * choose(8, 7 - a) * oddsFactorAbove({ a, b: 6 - a, c: 7 - a, d: 1 + a }, 1, 1)) / choose(14, 7);
    expect(mean).toBeCloseTo(1, 9);
  });

  test('with a half-normal prior are the e-value of a mean', () => {
    const values = Float64Array.from({ length: 15 }, (_, i) => Math.sin(3 * i) + 0.4);
    const prior = { kind: 'normal', scale: 0.5 } as const;
    expect(bayesFactorAbove(lookOfOne(values), prior)).toBeCloseTo(meanAbove(values, 0), 7);
  });

  test('of signs have mean one where both are alike likely, and less where the other is likelier', () => {
    for (const [p, most] of [
      [0.5, 1 + 1e-12],
      [0.4, 0.7],
    ]) {
      let [mean, ways] = [0, 1];
      for (let k = 0; k <= 12; k++) {
        mean += ways * p ** k * (1 - p) ** (12 - k) * bernoulliMixtureAbove(k, 12);
        ways = (ways * (12 - k)) / (k + 1);
      }
      expect(mean).toBeLessThanOrEqual(most);
    }
  });
});

type Judge = NonNullable<Question['judge']>;

const ask = async (table: Columns, judge: Judge, more: Partial<Question> = {}) => {
  const question = { metric: 'mean_difference', columns: { value: 'value', group: 'group' }, judge, ...more };
  const [{ measured, refused }] = (await analyse(table, question, { seed: 1, estimatesAlone: true })).answers;
  if (!measured) throw new Error(refused);
  return measured;
};

/** Two groups whose units come in turn. */
function inTurn(n: number, effect: number, random: Random): Columns {
  const group = Array.from({ length: n }, (_, i) => 'ab'[i % 2]);
  return { group, value: group.map((name) => (name === 'a' ? effect : 0) + random.normal()), id: [...group.keys()] };
}

const above = { direction: 'greater', size: 0 } as const;

/** A Poisson count (Knuth). */
function poisson(mean: number, random: Random): number {
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); product *= random.uniform()) count++;
  return count;
}

describe('a claim judged by evidence', () => {
  test('by Bayes factor is held against the budget as an e-value, for and against', async () => {
    const measured = await ask(inTurn(60, 1.5, makeRandom(1)), { by: 'bayes-factor' });
    const found = standing(measured, above);
    expect(found).toMatchObject({ pFor: null, pAgainst: null });
    expect(found.eFor).toBeGreaterThan(40);
    expect(found.eAgainst).toBeLessThan(1);
    expect(((found.eFor ?? 0) + (found.eAgainst ?? 0)) / 2).toBeCloseTo(measured.details.bf10 ?? 0, 4);
  });

  test.each<[string, Judge]>([
    ['e-process', { by: 'e-process' }],
    ['sequential test', { by: 'sprt', effect: 0.8, beta: 0.1 }],
  ])(
    'by %s stops when it is decided, and errs no more often than its level when it looks after every unit',
    async (_, judge) => {
      const random = makeRandom(`null ${judge.by}`);
      const level = 0.05;
      let wrong = 0;
      const runs = 40;
      for (let k = 0; k < runs; k++) {
        const found = stopped(await ask(inTurn(16, 0, random), judge), above, level, judge.beta);
        if ((found?.standing.eFor ?? 0) >= 1 / level) wrong++;
      }
      expect(wrong / runs).toBeLessThanOrEqual(level + 3 * Math.sqrt((level * (1 - level)) / runs));
      const measured = await ask(inTurn(100, 1.5, makeRandom(2)), judge);
      const found = stopped(measured, above, level, judge.beta);
      expect(found).toMatchObject({ why: 'decided' });
      expect(found?.units).toBeLessThan(60);
      expect(found?.standing.eFor).toBeGreaterThanOrEqual(1 / level);
    },
  );

  const shown = {
    pearson: {
      columns: { x: 'x', y: 'y' },
      size: 0,
      make: (n: number, r: number, random: Random): Columns => {
        const x = Array.from({ length: n }, () => random.normal());
        return { x, y: x.map((one) => r * one + Math.sqrt(1 - r * r) * random.normal()), id: [...x.keys()] };
      },
    },
    rate_difference: {
      columns: { value: 'count', group: 'group', exposure: 'time' },
      size: 0,
      make: (n: number, gain: number, random: Random): Columns => {
        const group = Array.from({ length: n }, () => (random.uniform() < 0.4 ? 'a' : 'b'));
        const time = group.map(() => 0.5 + 3 * random.uniform());
        const rate = 0.5 + 2 * random.uniform();
        const count = group.map((name, i) => poisson(time[i] * rate * (name === 'a' ? 1 + gain : 1), random));
        return { group, time, count, id: [...group.keys()] };
      },
    },
    'rate_difference within pairs': {
      columns: { value: 'count', group: 'group', exposure: 'time' },
      size: 0,
      more: { metric: 'rate_difference', paired: true, subject: 'mouse' },
      make: (n: number, gain: number, random: Random): Columns => {
        const group = Array.from({ length: n }, (_, i) => 'ab'[i % 2]);
        const time = group.map(() => 0.5 + 3 * random.uniform());
        // Each mouse has a rate of its own.
        const own = group.map(() => Math.exp(2 * random.normal()));
        const count = group.map((name, i) => poisson(time[i] * own[i >> 1] * (name === 'a' ? 1 + gain : 1), random));
        return { group, time, count, mouse: group.map((_, i) => `m${i >> 1}`) };
      },
    },
    slope: {
      columns: { value: 'y', x: 'x', covariates: ['age'] },
      size: 0,
      make: (n: number, gain: number, random: Random): Columns => {
        const age = Array.from({ length: n }, () => random.normal());
        const x = age.map((one) => one + random.normal());
        const y = x.map((one, i) => 5 + gain * one - 2 * age[i] + random.normal());
        return { x, y, age, id: [...x.keys()] };
      },
    },
    odds_ratio: {
      columns: { outcome: 'outcome', group: 'group' },
      size: 1,
      make: (n: number, gain: number, random: Random): Columns => {
        const group = Array.from({ length: n }, () => (random.uniform() < 0.4 ? 'a' : 'b'));
        // However often it happens at all.
        const base = 0.1 + 0.5 * random.uniform();
        const outcome = group.map((name) => Number(random.uniform() < (name === 'a' ? base + gain : base)));
        return { group, outcome, id: [...group.keys()] };
      },
    },
  };

  const sorts: Record<
    string,
    {
      columns: Question['columns'];
      size: number;
      more?: Partial<Question>;
      make: (n: number, effect: number, random: Random) => Columns;
    }
  > = shown;
  test.each<[keyof typeof shown, number, number, Judge]>([
    ['pearson', 0.7, 40, { by: 'bayes-factor' }],
    ['pearson', 0.7, 12, { by: 'e-process' }],
    ['pearson', 0.7, 30, { by: 'sprt', effect: 0.5, beta: 0.1 }],
    ['odds_ratio', 0.4, 40, { by: 'bayes-factor' }],
    ['odds_ratio', 0.4, 40, { by: 'e-process' }],
    ['odds_ratio', 0.4, 40, { by: 'sprt', effect: 1.5, beta: 0.1 }],
    ['rate_difference', 1, 30, { by: 'bayes-factor' }],
    ['rate_difference', 1, 30, { by: 'e-process' }],
    ['rate_difference', 1, 30, { by: 'sprt', effect: 0.7, beta: 0.1 }],
    ['slope', 0.6, 30, { by: 'bayes-factor' }],
    ['slope', 0.6, 24, { by: 'e-process' }],
    ['slope', 0.6, 24, { by: 'sprt', effect: 0.4, beta: 0.1 }],
    ['rate_difference within pairs', 1, 30, { by: 'bayes-factor' }],
    ['rate_difference within pairs', 1, 30, { by: 'e-process' }],
    ['rate_difference within pairs', 1, 30, { by: 'sprt', effect: 0.7, beta: 0.1 }],
  ])(
    'about %s errs no more often than its level, and is found (effect %d, %d units, %o)',
    async (metric, effect, n, judge) => {
      const { columns, size, make, more } = sorts[metric];
      const [random, level, runs] = [makeRandom(`${metric} ${judge.by}`), 0.05, 80];
      const bound = { direction: 'greater', size } as const;
      const decide = async (table: Columns) => {
        const measured = await ask(table, judge, { metric, columns, ...more }).catch(() => undefined);
        if (!measured) return 0;
        expect(measured.above(size)).toBeNull();
        return (stopped(measured, bound, level, judge.beta)?.standing ?? standing(measured, bound)).eFor ?? 0;
      };
      let wrong = 0;
      for (let k = 0; k < runs; k++) if ((await decide(make(n, 0, random))) >= 1 / level) wrong++;
      expect(wrong / runs).toBeLessThanOrEqual(level + 3 * Math.sqrt((level * (1 - level)) / runs));
      expect(await decide(make(150, effect, makeRandom(5)))).toBeGreaterThanOrEqual(1 / level);
    },
  );

  test('of shares has another size than 0 in the odds ratio alone, and takes pairs as they came', async () => {
    const table = shown.odds_ratio.make(40, 0.3, makeRandom(6));
    const columns = { outcome: 'outcome', group: 'group' };
    const shares = await ask(table, { by: 'e-process' }, { metric: 'proportion_difference', columns });
    const odds = await ask(table, { by: 'e-process' }, { metric: 'odds_ratio', columns });
    expect(shares.eAbove?.(0)).toBe(odds.eAbove?.(1));
    expect(shares.eAbove?.(0.1)).toBeNull();
    const firsts = table.group.flatMap((name, i) => (name === 'a' ? [table.outcome[i]] : []));
    const others = table.group.flatMap((name, i) => (name === 'b' ? [table.outcome[i]] : []));
    const differing = firsts.slice(0, others.length).flatMap((one, k) => (one === others[k] ? [] : [Number(one)]));
    const higher = differing.reduce((sum, one) => sum + one, 0);
    expect(odds.eAbove?.(1)).toBeCloseTo(bernoulliMixtureAbove(higher, differing.length), 10);
    expect(odds.details.differingPairs).toBe(differing.length);
  });

  test('by sequential test also stops where the effect is not there, which decides nothing', async () => {
    const judge: Judge = { by: 'sprt', effect: 1, beta: 0.2 };
    const found = stopped(await ask(inTurn(200, -0.5, makeRandom(3)), judge), above, 1e-6, judge.beta);
    expect(found).toMatchObject({ why: 'futile' });
    expect(found?.standing.eFor).toBeLessThan(0.21);
    expect(found?.standing.eAgainst).toBeLessThan(1e6);
  });

  test('takes units in the order of a column, and says so of pairs and medians', async () => {
    const table = inTurn(30, 1, makeRandom(4));
    const turned = Object.fromEntries(Object.entries(table).map(([name, values]) => [name, [...values].reverse()]));
    const judge: Judge = { by: 'e-process', order: 'id' };
    const [one, other] = [await ask(table, judge), await ask(turned, judge)];
    expect(other.looks?.above(0)).toEqual(one.looks?.above(0));
    const pairs = { ...table, mouse: Array.from({ length: 30 }, (_, i) => `m${i >> 1}`) };
    const median = await ask(
      pairs,
      { by: 'e-process' },
      { metric: 'median_difference', paired: true, subject: 'mouse' },
    );
    expect(median.looks?.places).toHaveLength(15);
    const signs = Array.from({ length: 15 }, (_, i) =>
      Number(Number(table.value[2 * i]) > Number(table.value[2 * i + 1])),
    );
    const up = signs.reduce((sum, sign) => sum + sign, 0);
    expect(median.eAbove?.(0)).toBeCloseTo(bernoulliMixtureAbove(up, 15), 10);
  });

  test('is refused where there is no such evidence, or no effect to look for', async () => {
    const table = inTurn(20, 0, makeRandom(5));
    await expect(ask(table, { by: 'sprt' })).rejects.toThrow(/effect is of a sequential test/);
    await expect(ask(table, { by: 'e-process' }, { metric: 'one_way_ranks' })).rejects.toThrow(
      /ranks have no likelihood/,
    );
    await expect(ask(table, { by: 'e-process' }, { metric: 'rate_difference' })).rejects.toThrow(/no whole number/);
    await expect(ask(table, { by: 'sprt', effect: 1 }, { metric: 'median_difference' })).rejects.toMatchObject({
      next: 'It is by e-process; or leave judge out: it has p-values.',
    });
    await expect(ask(table, { by: 'e-process' }, { family: 'id' })).rejects.toThrow(/looked at once/);
    await expect(ask(table, { by: 'e-process' }, { metric: 'median_difference' })).rejects.toThrow(/within pairs/);
  });
});
