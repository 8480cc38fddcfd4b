import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Question } from '@bregma/core/contracts/question';
import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { tableTests } from '@bregma/core/table-tests/index.gen';
import type { Measured } from '@bregma/core/table-tests/table-test';
import { describe, expect, test } from 'vitest';
import { ask } from '../fixtures/ask-table.ts';
import { root } from '../fixtures/client.ts';

// Tables of every kind that a laboratory has, drawn anew for each question, and what numpy, pandas and scipy say of the same numbers.
const python = process.env.BREGMA_REFERENCE_PYTHON;
const tables = 3;

interface Asked {
  question: Question;
  table(random: Random): Columns;
  numbers(measured: Measured): (number | null | undefined)[];
  within?: number;
}

const list = <T>(n: number, one: (i: number) => T) => Array.from({ length: n }, (_, i) => one(i));
const holes = (random: Random, share: number, value: number) => (random.uniform() < share ? null : value);
const byGroup = { value: 'value', group: 'group' };
const t = ({ estimate, low, high, details }: Measured) => [
  ...[estimate, low, high, details.t],
  ...(details.degrees === undefined ? [] : [details.degrees]),
  details.pClassical,
];
const coefficient = ({ estimate, low, high, details }: Measured) => [
  estimate,
  details.t,
  details.pClassical,
  low,
  high,
];
const difference = (more: Partial<Question> = {}): Question => ({
  metric: 'mean_difference',
  columns: byGroup,
  groups: ['a', 'b'],
  ...more,
});
const unequal = () => list(31, (i) => 'aab'[i % 3]);

/** Animals of two groups, each with sessions of unequal numbers of cells, some of which were not measured. */
function nested(random: Random): Columns {
  const rows = list(9, (animal) =>
    list(1 + random.integer(3), (session) => list(2 + random.integer(5), () => ({ animal, session }))),
  ).flat(2);
  return {
    subject: rows.map(({ animal }) => `m${animal}`),
    group: rows.map(({ animal }) => (animal < 4 ? 'a' : 'b')),
    unit: rows.map(({ session }) => `s${session}`),
    value: rows.map(({ animal }) => holes(random, 0.1, animal + 3 * random.normal())),
  };
}

const twoByTwo = (random: Random): Columns => ({
  group: list(34, (i) => (i < 14 ? 'a' : 'b')),
  outcome: list(34, (i) => (i % 7 === 0 || random.uniform() < (i < 14 ? 0.6 : 0.3) ? 'yes' : 'no')),
});
const cells = (random: Random): Columns => {
  const group = list(29, (i) => 'aabc'[i % 4]);
  const second = list(29, (i) => 'xxy'[i % 3]);
  return { group, second, value: list(29, (i) => Math.round(20 * (random.normal() + i / 20)) / 10) };
};
const pairs = (random: Random, tied = false): Columns => {
  const x = list(26, () => (tied ? random.integer(6) : random.normal()));
  return { x, y: x.map((one) => holes(random, 0.15, tied ? one + random.integer(5) : one + random.normal())) };
};
const association = (metric: string): Question => ({ metric, columns: { x: 'x', y: 'y' } });
const manyGroups = (random: Random): Columns => ({
  group: list(27, (i) => 'aaaabbcd'[i % 8]),
  value: list(27, () => Math.round(40 * random.uniform()) / 4),
});

const wald = ({ estimate, low, high, details: { z, pClassical } }: Measured) => [estimate, low, high, z, pClassical];
const turning = (random: Random): Columns => {
  const angle = list(50, (i) => ((i * 3) % 8) * 45);
  const drive = (one: number) => 4 * Math.cos((one * Math.PI) / 90) + 2 * Math.cos((one * Math.PI) / 180);
  return { angle, value: angle.map((one) => 9 + drive(one) + random.uniform()) };
};

const asked: Record<string, Asked> = {
  log_odds_slope: {
    question: {
      metric: 'log_odds_slope',
      columns: { outcome: 'outcome', x: 'x', covariates: ['age', 'sex'] },
      happens: 'yes',
    },
    table: (random) => {
      const x = list(60, () => random.normal());
      return {
        x,
        age: list(60, () => 60 + random.integer(30)),
        sex: list(60, (i) => 'fmm'[(i * 5) % 3]),
        outcome: x.map((one) => (random.uniform() < 1 / (1 + Math.exp(-one)) ? 'yes' : 'no')),
      };
    },
    numbers: wald,
  },
  log_hazard_slope: {
    question: { metric: 'log_hazard_slope', columns: { time: 'time', event: 'event', x: 'x', covariates: ['age'] } },
    // Whole years: events at the same time.
    table: (random) => {
      const x = list(45, () => random.normal());
      return {
        x,
        age: list(45, () => 60 + random.integer(30)),
        time: x.map((one) => 1 + Math.floor((-6 * Math.log(random.uniform())) / Math.exp(one / 2))),
        event: list(45, () => (random.uniform() < 0.7 ? 1 : 0)),
      };
    },
    numbers: wald,
  },
  cramers_v: {
    question: { metric: 'cramers_v', columns: { x: 'x', y: 'y' } },
    table: (random) => {
      const x = list(50, () => 'abc'[random.integer(3)]);
      return { x, y: x.map((word) => (random.uniform() < 0.3 ? word : 'abcd'[random.integer(4)])) };
    },
    numbers: ({ estimate, details }) => [estimate, details.chi2, details.degrees, details.pClassical],
  },
  'pairs of groups': {
    question: { metric: 'one_way', columns: byGroup },
    table: manyGroups,
    numbers: ({ pairs }) => pairs?.().rows.flatMap(({ difference: own, low, high, p }) => [own, low, high, p]) ?? [],
  },
  'ranks of two': {
    question: { metric: 'one_way_ranks', columns: byGroup, groups: ['a', 'b'] },
    table: (random) => ({ group: unequal(), value: list(31, () => random.integer(12)) }),
    numbers: ({ details }) => [details.U, details.superiority],
  },
  orientation_selectivity: {
    question: { metric: 'orientation_selectivity', columns: { value: 'value', angle: 'angle' } },
    table: turning,
    numbers: ({ estimate }) => [estimate],
  },
  direction_selectivity: {
    question: { metric: 'direction_selectivity', columns: { value: 'value', angle: 'angle' } },
    table: turning,
    numbers: ({ estimate }) => [estimate],
  },
  custom: {
    question: { metric: 'custom', columns: { exchange: 'group', with: ['value'] }, sql: 'SELECT …' },
    table: (random) => ({ group: unequal(), value: list(31, () => random.normal()) }),
    numbers: ({ estimate }) => [estimate],
  },
  welch: {
    question: difference(),
    table: (random) => ({
      group: unequal(),
      value: list(31, (i) => holes(random, 0.1, 40 + (i % 3) * random.normal() + 2 * random.normal())),
    }),
    numbers: t,
  },
  'welch of subjects': {
    question: difference({ subject: 'subject' }),
    table: (random) => {
      const { subject, group, value } = nested(random);
      return { subject, group, value };
    },
    numbers: t,
  },
  'cells in sessions in animals': {
    question: difference({ subject: 'subject', unit: 'unit' }),
    table: nested,
    numbers: t,
  },
  paired: {
    question: difference({ subject: 'subject', paired: true }),
    table: (random) => ({
      subject: list(44, (i) => `m${i % 11}`),
      group: list(44, (i) => 'ab'[Math.floor(i / 11) % 2]),
      // The fourth animal was never measured in group b.
      value: list(44, (i) => (i % 11 === 3 && Math.floor(i / 11) % 2 === 1 ? null : (i % 11) + random.normal())),
    }),
    numbers: ({ estimate, low, high, details, n }) => [estimate, low, high, details.t, details.pClassical, n.count],
  },
  medians: {
    question: { ...difference(), metric: 'median_difference' },
    table: (random) => ({ group: unequal(), value: list(31, () => Math.round(30 * random.uniform()) / 3) }),
    numbers: ({ estimate }) => [estimate],
  },
  'beside covariates': {
    question: difference({ columns: { ...byGroup, covariates: ['age', 'sex'] } }),
    table: (random) => {
      const group = unequal();
      const age = list(31, () => 60 + random.integer(30));
      const sex = list(31, (i) => 'fmm'[(i * 5) % 3]);
      return { group, age, sex, value: age.map((one, i) => one / 10 + (sex[i] === 'm' ? 1 : 0) + random.normal()) };
    },
    numbers: coefficient,
  },
  slope: {
    question: { metric: 'slope', columns: { value: 'value', x: 'x', covariates: ['age', 'stage'] } },
    table: (random) => {
      const x = list(28, () => random.uniform());
      return {
        x,
        age: list(28, () => random.integer(40)),
        stage: list(28, (i) => ['I', 'II', 'III'][(i * 5) % 3]),
        value: x.map((one) => one + random.normal()),
      };
    },
    numbers: coefficient,
  },
  'slope of subjects': {
    question: { metric: 'slope', columns: { value: 'value', x: 'x' }, subject: 'subject' },
    table: (random) => ({
      subject: list(40, (i) => `m${(i * i) % 13}`),
      x: list(40, () => random.normal()),
      value: list(40, () => random.normal()),
    }),
    numbers: coefficient,
  },
  pearson: {
    question: association('pearson'),
    table: pairs,
    numbers: ({ estimate, low, high, details }) => [estimate, details.pClassical, low, high],
  },
  spearman: {
    question: association('spearman'),
    table: (random) => pairs(random, true),
    numbers: ({ estimate, details }) => [estimate, details.pClassical],
  },
  kendall: {
    question: association('kendall'),
    table: (random) => pairs(random, true),
    numbers: ({ estimate, details }) => [estimate, details.pClassical],
  },
  one_way: {
    question: { metric: 'one_way', columns: byGroup },
    table: manyGroups,
    numbers: ({ details }) => [details.F, details.pClassical],
  },
  one_way_ranks: {
    question: { metric: 'one_way_ranks', columns: byGroup },
    table: manyGroups,
    numbers: ({ details }) => [details.H],
  },
  two_way: {
    question: { metric: 'two_way', columns: { ...byGroup, second: 'second' } },
    table: cells,
    numbers: ({ details }) => [details.F, details.pClassical],
  },
  two_way_interaction: {
    question: { metric: 'two_way_interaction', columns: { ...byGroup, second: 'second' } },
    table: cells,
    numbers: ({ details }) => [details.F, details.pClassical],
  },
  proportion_difference: {
    question: {
      metric: 'proportion_difference',
      columns: { outcome: 'outcome', group: 'group' },
      groups: ['a', 'b'],
      happens: 'yes',
    },
    // Nobody of the second group: a cell of zero.
    table: (random) => {
      const { group, outcome } = twoByTwo(random);
      return { group, outcome: outcome.map((one, i) => (group[i] === 'b' ? 'no' : one)) };
    },
    numbers: ({ estimate, low, high, above, below }) => [estimate, low, high, above(0), below(0)],
  },
  odds_ratio: {
    question: {
      metric: 'odds_ratio',
      columns: { outcome: 'outcome', group: 'group' },
      groups: ['a', 'b'],
      happens: 'yes',
    },
    table: twoByTwo,
    numbers: ({ estimate, low, high, details }) => [estimate, low, high, details.pClassical],
    within: 1e-6,
  },
  log_hazard_ratio: {
    question: {
      metric: 'log_hazard_ratio',
      columns: { time: 'time', event: 'event', group: 'group' },
      groups: ['a', 'b'],
    },
    table: (random) => ({
      group: list(33, (i) => 'aab'[i % 3]),
      time: list(33, (i) => 1 + Math.floor(-(6 + (i % 3)) * Math.log(random.uniform()))),
      event: list(33, () => (random.uniform() < 0.7 ? 1 : 0)),
    }),
    numbers: ({ details }) => [details.chi2, details.pClassical],
  },
  trend: {
    question: { metric: 'trend', columns: byGroup, groups: ['a', 'b', 'c', 'd'] },
    table: manyGroups,
    numbers: ({ estimate, details }) => [estimate, details.pClassical],
  },
  mixed_slope: {
    question: { metric: 'mixed_slope', columns: { value: 'value', x: 'x' }, subject: 'subject' },
    table: (random) => {
      const own = list(8, () => 2 * random.normal());
      const rows = list(45, (i) => (i * i) % 8);
      const x = rows.map(() => random.normal());
      return {
        subject: rows.map((one) => `m${one}`),
        x,
        value: rows.map((one, i) => own[one] + 0.5 * x[i] + random.normal()),
      };
    },
    numbers: ({ estimate }) => [estimate],
    within: 1e-5,
  },
  circular_variance: {
    question: { metric: 'circular_variance', columns: { value: 'value', angle: 'angle' } },
    table: (random) => {
      const angle = list(50, (i) => ((i * 3) % 8) * 22.5);
      return { angle, value: angle.map((one) => 9 + 4 * Math.cos((one * Math.PI) / 90) + random.uniform()) };
    },
    numbers: ({ estimate }) => [estimate],
  },
  rate_difference: {
    question: { metric: 'rate_difference', columns: { ...byGroup, exposure: 'exposure' }, groups: ['a', 'b'] },
    table: (random) => ({
      group: unequal(),
      value: list(31, () => random.integer(9)),
      exposure: list(31, () => 1 + random.uniform()),
    }),
    numbers: ({ estimate, details }) => [estimate, details.firstRate, details.secondRate],
  },
};

/** What Python says of each question and table. */
const wanted = new Map<string, number[]>();
const drawnTable = (name: string, k: number) => asked[name].table(makeRandom(`${name} ${k}`));

test('every metric is among them', () => {
  const metrics = new Set(Object.values(asked).map(({ question }) => question.metric));
  expect(tableTests.flatMap((one) => one.metrics.map(({ name }) => name)).filter((name) => !metrics.has(name))).toEqual(
    [],
  );
});

describe.skipIf(!python)('every kind of question is answered as numpy, pandas and scipy answer it now', () => {
  const questions = Object.keys(asked).flatMap((name) => list(tables, (k) => ({ name, k })));
  test('which they do', () => {
    const input = JSON.stringify(questions.map(({ name, k }) => ({ kind: name, table: drawnTable(name, k) })));
    const { stdout, stderr, status } = spawnSync(python ?? '', [path.join(root, 'test/reference/table_questions.py')], {
      input,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    // SAFETY: the script gives a list of numbers for each question.
    for (const [i, numbers] of (JSON.parse(stdout) as number[][]).entries())
      wanted.set(`${questions[i].name} ${questions[i].k}`, numbers);
    expect(wanted.size).toBe(questions.length);
  });

  test.each(Object.keys(asked))('%s', async (name) => {
    const { question, numbers, within = 1e-9 } = asked[name];
    for (let k = 0; k < tables; k++) {
      const { measured } = await ask(drawnTable(name, k), question, true);
      const found = numbers(measured);
      const reference = wanted.get(`${name} ${k}`) ?? [];
      expect(found).toHaveLength(reference.length);
      reference.forEach((value, i) => {
        expect(
          Math.abs((found[i] ?? Number.NaN) - value),
          `${name} ${k}, number ${i}: ${found[i]} and ${value}`,
        ).toBeLessThan(within * Math.max(1, Math.abs(value)));
      });
    }
  });
});
