import type { Question } from '@bregma/core/contracts/question';
import { analyse } from '@bregma/core/questions/analyse';
import type { Columns } from '@bregma/core/questions/sample';
import { distinctOrders } from '@bregma/core/statistics/multiset';
import { makeRandom } from '@bregma/core/statistics/random';
import { SqlStatistics } from '@bregma/readers/sql-statistic';
import { afterAll, describe, expect, test } from 'vitest';
import reference from '../../fixtures/table-tests.json' with { type: 'json' };

const statistics = new SqlStatistics({ signal: new AbortController().signal, timeoutMs: 120_000 });
afterAll(() => statistics.close());

const ask = async (table: Columns, question: Omit<Question, 'metric'>) => {
  const asked = { seed: 1, openStatistic: statistics.open };
  const { answers } = await analyse(table, { ...question, metric: 'custom' }, asked);
  const [{ measured, p }] = answers;
  if (!measured) throw new Error(answers[0].refused);
  return { measured, p };
};

const difference = "SELECT avg(rate) FILTER (drug = 'yes') - avg(rate) FILTER (drug = 'no') FROM rows";
const columns = { exchange: 'drug', with: ['rate'] };
const grouped = (yes: number[], no: number[]): Columns => ({
  rate: [...yes, ...no],
  drug: [...yes.map(() => 'yes'), ...no.map(() => 'no')],
});
const random = makeRandom('custom');
const draw = (count: number, centre = 0) => Array.from({ length: count }, () => centre + random.normal());

test('all different orders are gone through once, within blocks', () => {
  const { count, orders } = distinctOrders([0, 0, 1, 5, 5], ['a', 'a', 'a', 'b', 'b']);
  expect(count).toBe(3);
  expect(Array.from(orders(), (way) => [...way].join(''))).toEqual(['00155', '01055', '10055']);
  expect(Array.from(distinctOrders([0, 1, 2, 1]).orders())).toHaveLength(12);
});

describe('a statistic in SQL', () => {
  const { a, b } = reference;

  test("equals scipy's permutation test of every way", async () => {
    const sql = `SELECT (avg(rate) FILTER (drug = 'yes') - avg(rate) FILTER (drug = 'no')) / sqrt(var_samp(rate) FILTER (drug = 'yes')
      / count(*) FILTER (drug = 'yes') + var_samp(rate) FILTER (drug = 'no') / count(*) FILTER (drug = 'no')) FROM rows; -- Welch`;
    const { p, measured } = await ask(grouped(a.slice(0, 4), b.slice(0, 4)), { columns, sql });
    expect(p).toBeCloseTo(reference.smallWelch, 12);
    expect(measured.how).toMatch(/exact permutation, 70 ways/);
  });

  test('of a group difference says what the built-in test says, with an interval', async () => {
    const table = grouped(draw(20, 1), draw(20));
    const { measured, p } = await ask(table, { columns, sql: difference });
    const built = await analyse(
      table,
      { metric: 'mean_difference', columns: { value: 'rate', group: 'drug' }, groups: ['yes', 'no'] },
      { seed: 1 },
    );
    const [{ measured: known, p: expected }] = built.answers;
    expect(measured.estimate).toBeCloseTo(known?.estimate ?? 0, 12);
    expect(Math.abs((measured.low ?? 0) - (known?.low ?? 0))).toBeLessThan(0.2);
    expect(Math.abs((measured.high ?? 0) - (known?.high ?? 0))).toBeLessThan(0.2);
    expect(Math.abs((p ?? 1) - (expected ?? 1))).toBeLessThan(0.01);
  });

  test('is exchanged whole mouse by mouse, and within sessions where blocks say so', async () => {
    const mice = Array.from({ length: 8 }, (_, mouse) => Array.from({ length: 5 }, () => mouse)).flat();
    const table = {
      rate: mice.map((mouse) => 10 * mouse + random.normal()),
      drug: mice.map((mouse) => (mouse % 2 ? 'yes' : 'no')),
      mouse: mice.map((mouse) => `m${mouse}`),
      cage: mice.map((mouse) => Math.floor(mouse / 2)),
    };
    const whole = await ask(table, { columns, sql: difference, subject: 'mouse' });
    expect(whole.measured.n).toEqual({ count: 8, of: 'mouse' });
    expect(whole.measured.how).toMatch(/exact permutation, 70 ways/);
    const within = await ask(table, { columns, sql: difference, subject: 'mouse', blocks: ['cage'] });
    expect(within.measured.above(0)).toBe(1 / 16);
    expect(within.measured.how).toMatch(/within blocks: exact permutation, 16 ways/);
  });

  test('that DuckDB cannot ask of all exchanges at once is asked one by one, with the same numbers', async () => {
    const sql =
      "SELECT max(place) FROM (SELECT row_number() OVER (ORDER BY rate) AS place, drug FROM rows) WHERE drug = 'yes'";
    const { measured } = await ask(grouped([1, 2, 3], [4, 5, 6]), { columns, sql });
    expect(measured.estimate).toBe(3);
    expect(measured.below(0)).toBe(1 / 20);
  });
});

describe('is refused, and says why', () => {
  const table = {
    ...grouped(draw(6), draw(6)),
    row: Array.from({ length: 12 }, (_, i) => i),
    one: Array(12).fill('x'),
  };
  test.each([
    ['text', "SELECT 'much' FROM rows LIMIT 1", /must give one number; it gives a VARCHAR/],
    ['two columns', 'SELECT avg(rate), 1 FROM rows', /2 columns/],
    ['many rows', 'SELECT rate FROM rows', /12 rows/],
    ['no row', 'SELECT rate FROM rows WHERE rate > 1e9', /0 rows/],
    ['NULL', "SELECT avg(rate) FROM rows WHERE drug = 'other'", /NULL/],
    ['infinity', "SELECT 1e308 * 10 * count(*) FROM rows WHERE drug = 'yes'", /Infinity/],
    ['the order of rows', 'SELECT first(rate) FROM rows', /in another order/],
    ['chance', "SELECT random() + avg(rate) FILTER (drug = 'yes') FROM rows", /chance/],
    ['what is not exchanged', 'SELECT avg(rate) FROM rows', /however drug is exchanged/],
    ['a column that was not named', 'SELECT avg(row) FROM rows', /row/],
    ['another table', 'SELECT count(*) FROM cells', /there is table rows alone/],
    ['a file', "SELECT count(*) FROM read_csv('/etc/passwd')", /read_csv is not allowed/],
    ['a second statement', 'SELECT 1; DROP TABLE rows', /One statement at a time/],
    ['a change', 'CREATE TABLE t AS SELECT 1', /not allowed/],
    ['a plan', 'EXPLAIN SELECT avg(rate) FROM rows', /plan/],
    ['no SQL', 'the difference of means', /syntax error|not allowed/],
  ])('%s', async (_, sql, message) => {
    await expect(ask(table, { columns, sql })).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  test('a column that is exchanged and does not vary, units in two groups, too few, no sql', async () => {
    const sql = difference;
    await expect(ask(table, { columns: { exchange: 'one', with: ['rate'] }, sql })).rejects.toThrow(/does not vary/);
    const mouse = Array.from({ length: 12 }, (_, i) => `m${i % 3}`);
    await expect(ask({ ...table, mouse }, { columns, sql, subject: 'mouse' })).rejects.toThrow(/more than one drug/);
    await expect(ask(grouped([1], [2, 3]), { columns, sql })).rejects.toThrow(/too few/);
    await expect(ask(table, { columns })).rejects.toThrow(/needs its statistic as sql/);
    await expect(ask(table, { columns, sql, groups: ['yes', 'no'] })).rejects.toThrow(/takes no groups/);
  });

  test('one that does not end, in the time that it has', async () => {
    const short = new SqlStatistics({ signal: new AbortController().signal, timeoutMs: 2000 });
    const sql = 'SELECT sum(a.range * b.range) + (SELECT avg(rate) FROM rows) FROM range(1000000) a, range(1000000) b';
    const asked = { seed: 1, openStatistic: short.open };
    await expect(analyse(table, { metric: 'custom', columns, sql }, asked)).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});
