import type { Question } from '@bregma/core/contracts/question';
import { analyse, standing } from '@bregma/core/questions/analyse';
import type { Columns } from '@bregma/core/questions/sample';
import { expect, test } from 'vitest';

const ask = async (table: Columns, question: Question) => {
  const { answers } = await analyse(table, question, { seed: 1 });
  const [{ measured }] = answers;
  if (!measured) throw new Error(answers[0].refused);
  return { ...answers[0], measured };
};
const two = (first: number[], second: number[]): Columns => ({
  value: [...first, ...second],
  group: [...first.map(() => 'a'), ...second.map(() => 'b')],
});
const mean: Question = { metric: 'mean_difference', columns: { value: 'value', group: 'group' } };

test('three values that all lie above three others are the rarest of 20 ways', async () => {
  const { measured, p } = await ask(two([4.1, 5.2, 6.3], [1.4, 2.5, 3.6]), mean);
  expect(measured.above(0)).toBeCloseTo(1 / 20, 12);
  expect(measured.below(0)).toBe(1);
  expect(p).toBeCloseTo(2 / 20, 12);
  expect(measured.how).toBe('exact permutation, 20 ways');
});

test('a group that is larger by a constant is not larger by more than it', async () => {
  const { measured } = await ask(two([11, 12, 13, 14], [1, 2, 3, 4]), mean);
  const { pFor, pAgainst } = standing(measured, { direction: 'greater', size: 10 });
  expect(pFor).toBeGreaterThan(0.5);
  expect(pAgainst).toBeGreaterThan(0.5);
  expect(standing(measured, { direction: 'greater', size: 2 }).pFor).toBeCloseTo(1 / 70, 12);
  expect(standing(measured, { direction: 'greater', size: 20 }).pAgainst).toBeCloseTo(1 / 70, 12);
});

test('repeats of a subject are one unit, and parts of a subject are not subjects', async () => {
  const table: Columns = {
    value: [1, 3, 5, 7, 9, 11, 2, 4],
    group: ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'],
    mouse: ['m1', 'm1', 'm2', 'm2', 'm3', 'm3', 'm4', 'm4'],
  };
  const { measured } = await ask(table, { ...mean, subject: 'mouse' });
  expect(measured.n).toEqual({ count: 4, of: 'mouse' });
  expect(measured.estimate).toBe((2 + 6) / 2 - (10 + 3) / 2);
});

test('a subject in both groups is a pair, or a mistake', async () => {
  const table: Columns = {
    value: [1.1, 2.1, 3.2, 4.1, 5.6, 1, 2, 3, 4, 5],
    group: [...Array(5).fill('after'), ...Array(5).fill('before')],
    mouse: ['1', '2', '3', '4', '5', '1', '2', '3', '4', '5'],
  };
  await expect(ask(table, { ...mean, subject: 'mouse' })).rejects.toThrow(/in more than one group/);
  const { measured } = await ask(table, { ...mean, subject: 'mouse', paired: true });
  expect(measured.above(0)).toBeCloseTo(1 / 32, 12);
  expect(measured.estimate).toBeCloseTo(0.22, 12);
});

test('rows that repeat another in everything are one measurement, and values that are merely equal are not', async () => {
  const once = two([1.23456, 2.34567, 3.45678], [4.56789, 5.6789, 6.78901]);
  const twice = Object.fromEntries(Object.entries(once).map(([name, values]) => [name, [...values, ...values]]));
  const [first, second] = [await ask(once, mean), await ask(twice, mean)];
  expect(second.leftOut?.copies).toBe(6);
  expect(second.p).toBe(first.p);
  const counts = await ask(two([1, 1, 2, 2], [3, 3, 4, 4]), mean);
  expect(counts.leftOut?.copies).toBe(0);
});

test('what was not measured takes no part and is counted', async () => {
  const { measured, leftOut } = await ask(two([1, 2, Number.NaN, 3], [4, 5, 6]), mean);
  expect(measured.n.count).toBe(6);
  expect(leftOut?.missing).toBe(1);
});

test.each(['pearson', 'spearman', 'kendall'])(
  '%s of five ordered pairs is the rarest of 120 orders',
  async (metric) => {
    const table: Columns = { x: [1, 2, 3, 4, 5], y: [2.1, 3.9, 6.2, 7.8, 10.1] };
    const { measured } = await ask(table, { metric, columns: { x: 'x', y: 'y' } });
    expect(measured.how).toBe('exact permutation, 120 ways');
    expect(measured.above(0)).toBeLessThanOrEqual(2 / 120);
    expect(measured.estimate).toBeGreaterThan(0.99);
  },
);

test('each member of a family is asked by itself, and one that cannot be is named', async () => {
  const table: Columns = {
    value: [1, 2, 3, 7, 8, 9, 1, 2],
    group: ['a', 'a', 'a', 'b', 'b', 'b', 'a', 'a'],
    neuron: ['n1', 'n1', 'n1', 'n1', 'n1', 'n1', 'n2', 'n2'],
  };
  const { answers } = await analyse(table, { ...mean, family: 'neuron' }, { seed: 1 });
  expect(answers.map(({ member }) => member)).toEqual(['n1', 'n2']);
  expect(answers[0].p).toBeCloseTo(0.1, 12);
  expect(answers[1].refused).toMatch(/groups/);
});

test('a column, a role and a metric that do not exist are answered with the nearest', async () => {
  const table = two([1, 2, 3], [4, 5, 6]);
  await expect(ask(table, { ...mean, metric: 'mean_diference' })).rejects.toThrow(/mean_difference/);
  await expect(ask(table, { ...mean, columns: { value: 'vale', group: 'group' } })).rejects.toThrow(/value/);
  await expect(ask(table, { ...mean, columns: { value: 'value', grop: 'group' } })).rejects.toThrow(/group/);
  await expect(ask({ ...table, value: ['x', 'y'] }, mean)).rejects.toThrow(/finite numbers/);
});

test('two groups without any scatter are the rarest of their ways, and have no interval', async () => {
  const { measured, p } = await ask(two([5, 5, 5, 5, 5, 5], [6, 6, 6, 6, 6, 6]), mean);
  expect(p).toBeCloseTo(2 / 924, 12);
  expect([measured.low, measured.high, measured.details.pClassical]).toEqual([null, null, null]);
});

test('levels that are numbers stand in their order, in a trend too', async () => {
  const doses = [0, 1, 2, 10, 20].flatMap((dose) => [1, 2, 3].map((i) => ({ dose, value: dose + i / 10 })));
  const table: Columns = { value: doses.map(({ value }) => value), dose: doses.map(({ dose }) => dose) };
  const { measured } = await ask(table, { metric: 'trend', columns: { value: 'value', group: 'dose' } });
  expect(measured.estimate).toBeGreaterThan(0.97);
  const pair = await ask(
    { value: [1, 2, 3, 4.5, 5.5, 7], dose: [10, 10, 10, 2, 2, 2] },
    { metric: 'mean_difference', columns: { value: 'value', group: 'dose' } },
  );
  expect(pair.measured.groups?.map(({ name }) => name)).toEqual(['2', '10']);
  const words = { value: [1, 2, 3, 4, 5, 6], dose: ['low', 'low', 'mid', 'mid', 'top', 'top'] };
  await expect(ask(words, { metric: 'trend', columns: { value: 'value', group: 'dose' } })).rejects.toThrow(
    'words in an order that you say',
  );
});

test.each([
  ['t_test', 'mean_difference'],
  ['Mann-Whitney', 'one_way_ranks'],
  ['log-rank', 'log_hazard_ratio'],
  ['ANOVA', 'one_way'],
  ['chi2', 'odds_ratio, cramers_v'],
  ['logistic', 'log_odds_slope'],
  ['coxph', 'log_hazard_slope'],
  ['lmer', 'mixed_slope'],
])('%s is known by the name of its metric', async (metric, meant) => {
  await expect(ask(two([1, 2], [3, 4]), { ...mean, metric })).rejects.toThrow(`Did you mean ${meant}?`);
});

test('a column that holds no numbers is told with the word that is none, and with the SQL that makes some', async () => {
  const table: Columns = { value: ['86', '90+', '71'], day: ['2016-06-01', '2016-06-02', '2016-06-03'], x: [1, 2, 3] };
  const of = (y: string) => ask(table, { metric: 'pearson', columns: { x: 'x', y } }).catch((error) => error);
  expect((await of('value')).message).toBe(
    'Column value holds "90+" among numbers that are text: finite numbers are needed.',
  );
  expect((await of('day')).next).toContain("date_diff('day'");
});
