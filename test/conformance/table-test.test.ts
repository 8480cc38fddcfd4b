import type { Question } from '@bregma/core/contracts/question';
import type { Columns } from '@bregma/core/questions/sample';
import { spearman } from '@bregma/core/statistics/correlation';
import { powerOfCorrelation, powerOfGroups, powerOfPairs, powerOfTwoSamples } from '@bregma/core/statistics/power';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { tableTests } from '@bregma/core/table-tests/index.gen';
import { describe, expect, test } from 'vitest';
import { ask, byGroup, grouped } from '../fixtures/ask-table.ts';
import { nulls, withoutEffect } from '../fixtures/null-tables.ts';

const simulations = 300;
const alpha = 0.05;
const boundOf = (samples: number) => alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / samples);
/** Its interval takes a thousand resamples of each. */
const simulationsOf = (metric: string) => (metric === 'custom' ? 60 : simulations);

/** Orders within subjects are always drawn: its error is looked at in fewer, larger samples. */
const drawnAlone = new Set(['mixed_slope']);
const mixedSamples = 100;

test('mixed_slope errs no more often than it says, with subjects of different level', async () => {
  const random = makeRandom('mixed');
  let found = 0;
  for (let k = 0; k < mixedSamples; k++) {
    const subject = Array.from({ length: 12 }, (_, i) => `s${i % 4}`);
    const level = [0, 3, -2, 8];
    const x = subject.map(() => random.normal());
    const y = subject.map((_, i) => level[i % 4] + random.normal());
    const question = { metric: 'mixed_slope', columns: { value: 'y', x: 'x' }, subject: 'subject' };
    if (((await ask({ subject, x, y }, question)).p ?? 1) <= alpha) found++;
  }
  expect(found / mixedSamples).toBeLessThanOrEqual(boundOf(mixedSamples));
});

test('differences within pairs err no more often than they say: of spread that differs, ties and heavy tails', async () => {
  for (const [sort, draw] of Object.entries(nulls)) {
    const random = makeRandom(`pairs ${sort}`);
    const [runs, mice] = [150, 8];
    let [found, asked] = [0, 0];
    for (let k = 0; k < runs; k++) {
      const spread = Array.from({ length: mice }, () => 1 + 4 * random.uniform());
      const value = [...spread, ...spread].map((one) => one * draw(random));
      const table = {
        value: [...value, null],
        group: Array.from({ length: 2 * mice + 1 }, (_, i) => (i < mice ? 'a' : 'b')),
        mouse: Array.from({ length: 2 * mice + 1 }, (_, i) => `m${i % mice}`),
      };
      const question = { metric: 'median_difference', columns: byGroup, subject: 'mouse', paired: true };
      const answer = await ask(table, question).catch(() => undefined);
      if (!answer) continue;
      asked++;
      if ((answer.p ?? 1) <= alpha) found++;
    }
    expect(asked).toBeGreaterThan(runs / 2);
    expect(found / asked, sort).toBeLessThanOrEqual(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / asked));
  }
});

const small = tableTests
  .flatMap(({ metrics }) => metrics.map(({ name }) => name))
  .filter((name) => !drawnAlone.has(name));

describe.each(small)('%s', (name) => {
  test.each(Object.keys(nulls))('errs no more often than it says of %s units', async (sort) => {
    const random = makeRandom(`${name} ${sort}`);
    let [found, asked] = [0, 0];
    const samples = simulationsOf(name);
    for (let k = 0; k < samples; k++) {
      const [table, question] = withoutEffect(name, () => nulls[sort](random), random);
      const answer = await ask(table, question).catch((error: Error & { code?: string }) => {
        // A sample that happens not to vary is refused, as it should be.
        expect(error.code).toBe('bad-input');
        return undefined;
      });
      if (!answer) continue;
      asked++;
      if ((answer.p ?? 1) <= alpha) found++;
    }
    expect(asked).toBeGreaterThan(samples / 4);
    expect(found / asked).toBeLessThanOrEqual(boundOf(samples) + (asked < samples ? 0.03 : 0));
  });
});

describe('intervals hold the truth as often as they say', () => {
  /** Each of these is a search, or resampled: fewer samples. */
  const fits = new Set([
    'odds_ratio',
    'mixed_slope',
    'one_way',
    'two_way',
    'orientation_selectivity',
    'custom',
    'log_odds_slope',
    'log_hazard_slope',
  ]);
  /** Percentiles of a bootstrap hold somewhat less with few units. */
  const shortfall = new Map([
    ['orientation_selectivity', 0.02],
    ['custom', 0.02],
  ]);
  const truth = 0.6;
  const tables: Record<string, (random: Random) => [Columns, Question, number]> = {
    mean_difference: (random) => [
      grouped(draw(15, random, truth), draw(25, random, 0, 2)),
      { metric: 'mean_difference', columns: byGroup },
      truth,
    ],
    median_difference: (random) => [
      grouped(draw(15, random, truth), draw(25, random)),
      { metric: 'median_difference', columns: byGroup },
      truth,
    ],
    pearson: (random) => [related(25, random, truth), { metric: 'pearson', columns: { x: 'x', y: 'y' } }, truth],
    slope: (random) => [related(25, random, truth), { metric: 'slope', columns: { value: 'y', x: 'x' } }, truth],
    // ρ and τ of a bivariate normal (Pearson 1907; Greiner 1909).
    spearman: (random) => [
      related(30, random, truth),
      { metric: 'spearman', columns: { x: 'x', y: 'y' } },
      (6 / Math.PI) * Math.asin(truth / 2),
    ],
    kendall: (random) => [
      related(30, random, truth),
      { metric: 'kendall', columns: { x: 'x', y: 'y' } },
      (2 / Math.PI) * Math.asin(truth),
    ],
    'mean_difference of pairs': (random) => [paired(20, random), { ...byPair, metric: 'mean_difference' }, truth],
    'median_difference of pairs': (random) => [paired(25, random), { ...byPair, metric: 'median_difference' }, truth],
    rate_difference: (random) => {
      const hours = Array.from({ length: 40 }, () => 1 + random.uniform());
      const count = hours.map((time, i) => time * (i < 15 ? 3 + truth : 3) + Math.sqrt(time) * random.normal());
      const table = { value: count, hours, group: hours.map((_, i) => (i < 15 ? 'a' : 'b')) };
      return [table, { metric: 'rate_difference', columns: { ...byGroup, exposure: 'hours' } }, truth];
    },
    proportion_difference: (random) => [happened(random), { metric: 'proportion_difference', columns: outcome }, 0.3],
    odds_ratio: (random) => [happened(random), { metric: 'odds_ratio', columns: outcome }, (0.7 * 0.6) / (0.3 * 0.4)],
    mixed_slope: (random) => {
      const subject = Array.from({ length: 48 }, (_, i) => `s${i % 8}`);
      const level = draw(8, random, 0, 3);
      const x = draw(48, random);
      const y = x.map((one, i) => truth * one + level[i % 8] + random.normal());
      return [{ subject, x, y }, { metric: 'mixed_slope', columns: { value: 'y', x: 'x' }, subject: 'subject' }, truth];
    },
    // f = ½: η² = ¼ / (1 + ¼).
    one_way: (random) => {
      const spread = 0.5 * Math.sqrt(1.5);
      return [
        grouped(draw(8, random, -spread), draw(8, random), draw(8, random, spread)),
        { metric: 'one_way', columns: byGroup },
        0.2,
      ];
    },
    // Half an sd to either side of the mean.
    two_way: (random) => {
      const group = Array.from({ length: 30 }, (_, i) => 'ab'[i % 2]);
      const second = group.map((_, i) => 'cde'[i % 3]);
      const value = group.map((name, i) => (name === 'a' ? 0.5 : -0.5) + 'cde'.indexOf(second[i]) + random.normal());
      return [{ group, second, value }, { metric: 'two_way', columns: { ...byGroup, second: 'second' } }, 0.2];
    },
    trend: (random) => [
      rising(12, random),
      { metric: 'trend', columns: byGroup, groups: ['a', 'b', 'c'] },
      trendOfMany(),
    ],
    // Of r = 10 + 6 cos 2(θ − 40°) the vector sum is 6 / 2 by 10.
    orientation_selectivity: (random) => {
      const angle = Array.from({ length: 80 }, (_, i) => (i % 8) * 45);
      const value = angle.map((own) => 10 + 6 * Math.cos((2 * (own - 40) * Math.PI) / 180) + 3 * random.normal());
      return [
        { angle, value },
        { metric: 'orientation_selectivity', columns: { value: 'value', angle: 'angle' } },
        0.3,
      ];
    },
    custom: (random) => [
      grouped(draw(14, random, truth), draw(14, random)),
      { metric: 'custom', columns: { exchange: 'group', with: ['value'] }, sql: 'SELECT …' },
      truth,
    ],
    log_odds_slope: (random) => {
      const [x, age] = [draw(120, random), draw(120, random)];
      const chance = x.map((one, i) => 1 / (1 + Math.exp(-truth * one - 0.5 * age[i])));
      const table = { x, age, outcome: chance.map((one) => Number(random.uniform() < one)) };
      const columns = { outcome: 'outcome', x: 'x', covariates: ['age'] };
      return [table, { metric: 'log_odds_slope', columns }, truth];
    },
    log_hazard_slope: (random) => {
      const [x, age] = [draw(60, random), draw(60, random)];
      const time = x.map((one, i) => -Math.log(1 - random.uniform()) / Math.exp(truth * one - 0.5 * age[i]));
      const table = { x, age, time: time.map((one) => Math.min(one, 3)), event: time.map((one) => Number(one < 3)) };
      const columns = { time: 'time', event: 'event', x: 'x', covariates: ['age'] };
      return [table, { metric: 'log_hazard_slope', columns }, truth];
    },
    log_hazard_ratio: (random) => {
      const group = Array.from({ length: 60 }, (_, i) => (i < 20 ? 'a' : 'b'));
      const time = group.map((name) => -Math.log(1 - random.uniform()) / (name === 'a' ? Math.exp(0.3) : 1));
      const table = { time: time.map((one) => Math.min(one, 2)), event: time.map((one) => Number(one < 2)), group };
      return [table, { metric: 'log_hazard_ratio', columns: { time: 'time', event: 'event', group: 'group' } }, 0.3];
    },
  };
  const rising = (count: number, random: Random) =>
    grouped(draw(count, random), draw(count, random, truth), draw(count, random, 2 * truth));
  const byPair = { columns: byGroup, subject: 'mouse', paired: true };
  const outcome = { outcome: 'outcome', group: 'group' };
  const paired = (count: number, random: Random): Columns => {
    const level = draw(count, random, 0, 3);
    return {
      value: [...level.map((one) => one + truth + random.normal()), ...level.map((one) => one + random.normal())],
      group: Array.from({ length: 2 * count }, (_, i) => (i < count ? 'a' : 'b')),
      mouse: Array.from({ length: 2 * count }, (_, i) => `m${i % count}`),
    };
  };
  const happened = (random: Random): Columns => {
    const group = Array.from({ length: 70 }, (_, i) => (i < 25 ? 'a' : 'b'));
    const yes = group.map((name) => Number(random.uniform() < (name === 'a' ? 0.7 : 0.4)));
    return { outcome: yes, group, id: [...group.keys()] };
  };
  const draw = (count: number, random: Random, centre = 0, sd = 1) =>
    Array.from({ length: count }, () => centre + sd * random.normal());
  const related = (count: number, random: Random, r: number): Columns => {
    const x = draw(count, random);
    return { x, y: x.map((one) => r * one + Math.sqrt(1 - r * r) * random.normal()) };
  };
  /** Spearman's ρ of thirty thousand units: what that of few is an estimate of, to 0.01. */
  const trendOfMany = () => (knownTrend ??= ofMany());
  const ofMany = () => {
    const { group, value } = rising(10_000, makeRandom('many'));
    const order = group.map((name) => 'abc'.indexOf(String(name)));
    return spearman(order, value.map(Number));
  };
  let knownTrend: number | undefined;
  test.each(Object.keys(tables))('of %s', async (name) => {
    const random = makeRandom(name);
    let held = 0;
    const samples = name === 'custom' ? 40 : fits.has(name) ? 100 : 400;
    for (let k = 0; k < samples; k++) {
      const [table, question, value] = tables[name](random);
      const { low, high } = (await ask(table, question, name !== 'custom')).measured;
      if (low !== null && high !== null && low <= value && value <= high) held++;
    }
    expect(held / samples).toBeGreaterThan(0.95 - (shortfall.get(name) ?? 0) - 3 * Math.sqrt((0.95 * 0.05) / samples));
  });

  test('differences within pairs and between three groups are found as often as the formulas say', async () => {
    const random = makeRandom('power of others');
    const [runs, found] = [100, { pairs: 0, groups: 0 }];
    for (let k = 0; k < runs; k++) {
      const pairs = await ask(paired(12, random), { ...byPair, metric: 'mean_difference' });
      if ((pairs.measured.above(0) ?? 1) <= 0.05) found.pairs++;
      const groups = grouped(draw(6, random), draw(6, random, 1), draw(6, random, 2));
      if (((await ask(groups, { metric: 'one_way', columns: byGroup })).p ?? 1) <= 0.05) found.groups++;
    }
    const near = (count: number, wanted: number) =>
      expect(Math.abs(count / runs - wanted)).toBeLessThan(3 * Math.sqrt((wanted * (1 - wanted)) / runs) + 0.03);
    near(found.pairs, powerOfPairs({ effect: truth / Math.SQRT2, n: 12, sides: 1 }));
    near(found.groups, powerOfGroups({ effect: Math.sqrt(2 / 3), n: 18, groups: 3 }));
  });

  test('a correlation is found as often as the formula says', async () => {
    const [random, runs] = [makeRandom('power of r'), 150];
    let found = 0;
    for (let k = 0; k < runs; k++) {
      const { p } = await ask(related(14, random, truth), { metric: 'pearson', columns: { x: 'x', y: 'y' } });
      if ((p ?? 1) <= 0.05) found++;
    }
    const wanted = powerOfCorrelation({ r: truth, n: 14 });
    expect(Math.abs(found / runs - wanted)).toBeLessThan(3 * Math.sqrt((wanted * (1 - wanted)) / runs) + 0.03);
  });

  test('a difference is found as often as the formula of the t test says', async () => {
    const random = makeRandom('power');
    let found = 0;
    for (let k = 0; k < 200; k++) {
      const { p } = await ask(grouped(draw(6, random, 2), draw(6, random)), {
        metric: 'mean_difference',
        columns: byGroup,
      });
      if ((p ?? 1) <= 0.05) found++;
    }
    const wanted = powerOfTwoSamples({ effect: 2, n: 6 });
    expect(Math.abs(found / 200 - wanted)).toBeLessThan(3 * Math.sqrt((wanted * (1 - wanted)) / 200) + 0.03);
  });
});

test.each(tableTests.map(({ name, roles, metrics }) => [name, roles, metrics[0].name] as const))(
  '%s refuses two rows, in words',
  async (_, roles, metric) => {
    const table = Object.fromEntries(roles.map(({ name, holds }) => [name, holds === 'numbers' ? [1, 2] : ['a', 'b']]));
    const columns = Object.fromEntries(roles.filter(({ optional }) => !optional).map(({ name }) => [name, name]));
    await expect(
      ask(table, {
        metric,
        columns,
        sql: metric === 'custom' ? 'SELECT avg(with) FROM rows' : undefined,
        groups: metric === 'trend' ? ['a', 'b', 'c'] : undefined,
        subject: metric === 'mixed_slope' ? 'value' : undefined,
      }),
    ).rejects.toMatchObject({ code: 'bad-input' });
  },
);
