import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { benjaminiHochberg } from '@bregma/core/statistics/adjust';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { rowsOf } from '../../fixtures/table-rows.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  const a = Array.from({ length: 12 }, (_, i) => `a,${((i * 37) % 23) + 0.25 * i},${i}`);
  const b = Array.from({ length: 9 }, (_, i) => `b,${((i * 17) % 19) + 4 + 0.5 * i},${i}`);
  writeFileSync(path.join(space.folder, 'rates.csv'), `area,rate,depth\n${[...a, ...b].join('\n')}\n`);
  await atlas.call('add_data', { source: 'rates.csv', id: 'rates' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const difference = { metric: 'mean_difference', columns: { value: 'rate', group: 'area' } };

describe('analyse_data', () => {
  test('takes a statistic in SQL, and refuses one that reads a file or gives no number', async () => {
    const own = (sql: string) => ({
      data: 'rates.rates',
      digits: 12,
      question: { metric: 'custom', columns: { exchange: 'area', with: ['rate'] }, sql },
    });
    const sql = "SELECT avg(rate) FILTER (area = 'a') - avg(rate) FILTER (area = 'b') FROM rows";
    const [answer] = (await atlas.call('analyse_data', own(sql))).value.answers;
    expect(answer.estimate).toBeCloseTo(-3.597222222222223, 9);
    // scipy 1.17.1: permutation_test of the difference of means, every way, two-sided: 0.22671
    expect(answer.p).toBeGreaterThan(0.2);
    expect(answer.p).toBeLessThan(0.25);
    expect(await atlas.fail('analyse_data', own("SELECT count(*) FROM read_csv('rates.csv')"))).toMatchObject({
      code: 'not-allowed',
    });
    expect(await atlas.fail('analyse_data', own('SELECT max(area) FROM rows'))).toMatchObject({
      message: expect.stringMatching(/one number; it gives a VARCHAR/),
    });
  });

  test('a test that stands elsewhere, and a table named alone, are answered with what to write', async () => {
    const asked = async (metric: string) =>
      (await atlas.fail('analyse_data', { data: 'rates.rates', question: { ...difference, metric } })).next;
    expect(await asked('Shapiro-Wilk')).toMatch(/checks and doubtful/);
    expect(await asked('tukey_hsd')).toMatch(/Ask one_way: its answer has pairs/);
    const alone = await atlas.fail('query_data', { sql: 'SELECT avg(rate) FROM rates' });
    expect(alone.message).toBe("There is no table 'rates'. Did you mean rates.rates?");
  });

  test('gives the difference, its interval, t and p of Welch as scipy does', async () => {
    const { value, n, uncertainty } = await atlas.call('analyse_data', {
      data: 'rates.rates',
      question: difference,
      digits: 12,
    });
    const [answer] = value.answers;
    // scipy 1.17.1: stats.ttest_ind(a, b, equal_var=False) of the rows above, and its confidence_interval(0.95).
    expect(answer.estimate).toBeCloseTo(-3.597222222222223, 9);
    expect(answer.low).toBeCloseTo(-9.360695579274283, 9);
    expect(answer.high).toBeCloseTo(2.166251134829837, 9);
    expect(answer.details).toMatchObject({
      t: expect.closeTo(-1.306347709665005, 9),
      degrees: expect.closeTo(18.998971756935912, 9),
      pClassical: expect.closeTo(0.20702887705682066, 9),
    });
    expect(rowsOf(answer.groups).map(({ name, n: count }) => [name, count])).toEqual([
      ['a', 12],
      ['b', 9],
    ]);
    expect(answer.checks).toMatchObject({ 'largest variance by smallest': expect.any(Number) });
    expect(answer.doubtful).toBeUndefined();
    expect(n).toEqual({ count: 21, of: 'rows' });
    expect(uncertainty).toMatchObject({ method: "Welch's t", level: 0.95 });
    expect(value.status).toBe('exploratory');
    const short = await atlas.call('analyse_data', { data: 'rates.rates', question: difference });
    expect(short.value.answers[0].estimate).toBe(-3.59722);
    const store = openWorkspace(space.folder);
    const record = store.ledger.find('activity', short.activity);
    store.close();
    expect(record?.body).toMatchObject({ answer: { value: { answers: [{ estimate: -3.59722222222 }] } } });
  });

  test('doubts a number that may stand for "not measured", and reads it all the same', async () => {
    const { value } = await atlas.call('analyse_data', {
      sql: `SELECT area, CASE depth WHEN 3 THEN -999 ELSE rate END AS rate FROM rates.rates`,
      question: difference,
    });
    expect(Object.entries(value.answers[0].doubtful)).toContainEqual([
      expect.stringMatching(/^rows in which rate is -999, far from all others/),
      expect.any(Number),
    ]);
    expect(rowsOf(value.answers[0].groups)[0].mean).toBeLessThan(-50);
  });

  test('gives r and its p as scipy does, of a query', async () => {
    const { value } = await atlas.call('analyse_data', {
      digits: 12,
      sql: "SELECT depth, rate FROM rates.rates WHERE area = 'a'",
      question: { metric: 'pearson', columns: { x: 'depth', y: 'rate' } },
    });
    // scipy 1.17.1: stats.pearsonr(range(12), a).
    expect(value.answers[0].estimate).toBeCloseTo(0.3263925728953734, 9);
    expect(value.answers[0]).toMatchObject({
      low: expect.closeTo(-0.3045580044773421, 9),
      high: expect.closeTo(0.75825918353858, 9),
    });
    expect(Object.values(value.answers[0].details)).toContainEqual(expect.closeTo(0.3004658759149841, 9));
  });

  test('asks each member of a family, and adjusts p over those that were asked', async () => {
    const { value } = await atlas.call('analyse_data', {
      digits: 12,
      sql: 'SELECT k AS neuron, (i * 7 + k) % 11 AS x, (i * (k + 3)) % 13 + 0.1 * k * i AS y FROM range(11) t(i), range(4) u(k)',
      question: { metric: 'pearson', columns: { x: 'x', y: 'y' }, family: 'neuron' },
    });
    type One = { member: string; p: number; adjusted: number; estimate: number };
    // SAFETY: columns of the answer.
    const answers = rowsOf(value.answers) as One[];
    expect(answers.map(({ member }) => member).sort()).toEqual(['0', '1', '2', '3']);
    expect(answers.map(({ adjusted }) => adjusted)).toEqual(benjaminiHochberg(answers.map(({ p }) => p)));
    const byMember = new Map(answers.map(({ member, estimate }) => [member, estimate]));
    // scipy 1.17.1: stats.pearsonr of each.
    for (const [k, r] of [0.14948701855038712, 0.1319212323981604, 0.4310527248642597, 0.22201613048451466].entries())
      expect(byMember.get(String(k))).toBeCloseTo(r, 9);
    expect(value.family).toEqual({ members: 4, adjusted: 'Benjamini & Hochberg' });
    expect(value.each).toMatchObject({ n: 11, degrees: 9, how: expect.stringMatching(/^permutation/) });
    expect(value.answers.columns).not.toContain('how');
  });

  test('is the same in every run, and on record with what it read', async () => {
    const ask = () => atlas.call('analyse_data', { data: 'rates.rates', question: difference });
    const [one, two] = [await ask(), await ask()];
    expect(two.value).toEqual(one.value);
    const store = openWorkspace(space.folder);
    const record = store.ledger.find('activity', two.activity);
    store.close();
    expect(record?.body).toMatchObject({ tool: 'analyse_data', releases: one.release });
  });

  test.each([
    ['mean_difference', { value: 'rate', group: 'area' }, {}, 'rate by area'],
    ['pearson', { x: 'depth', y: 'rate' }, {}, 'least squares rate'],
    [
      'mean_difference',
      { value: 'rate', group: 'area' },
      { paired: true, subject: 'depth' },
      'one for each depth|rate along area',
    ],
    ['odds_ratio', { outcome: 'deep', group: 'area' }, {}, 'Bars of share'],
    ['log_hazard_ratio', { time: 'depth', event: 'event', group: 'area' }, {}, 'share along depth'],
    ['pearson', { x: 'depth', y: 'rate' }, { family: 'area' }, 'least squares rate'],
  ])('draws the figure of %s over %o %o with its answer', async (metric, columns, more, shows) => {
    const result = await atlas.client.callTool(
      {
        name: 'analyse_data',
        arguments: {
          sql: 'SELECT *, depth > 4 AS deep, (depth % 3 > 0)::INT AS event FROM rates.rates',
          question: { metric, columns, ...more },
          draw: true,
        },
      },
      { timeout: 290_000 },
    );
    // SAFETY: what a tool answers, and what a picture in it is.
    const [text, image] = result.content as { type: string; text?: string; data?: string }[];
    expect([result.isError, image?.type, text.text?.includes('"png"')]).toEqual([undefined, 'image', true]);
    const { value } = JSON.parse(text.text ?? '{}');
    const store = openWorkspace(space.folder);
    const svg = store.objects.get(store.objects.beginningWith(value.svg)).toString('utf8');
    store.close();
    expect(svg).toMatch(new RegExp(shows));
    expect(svg).toMatch(/Source: rates@/);
  });

  test('names what is wrong in a question, with the next step', async () => {
    const ask = (question: unknown) => atlas.fail('analyse_data', { data: 'rates.rates', question });
    expect((await ask({ ...difference, metric: 'mean_diference' })).message).toContain('mean_difference');
    expect((await ask({ ...difference, columns: { value: 'rates', group: 'area' } })).message).toContain(
      'Did you mean rate',
    );
    expect((await ask({ ...difference, gruop: 'area' })).message).toContain('gruop');
    expect((await ask({ ...difference, groups: ['a', 'c'] })).message).toContain('are needed');
    expect((await ask({ ...difference, columns: { value: 'area', group: 'depth' } })).message).toContain(
      'numbers are needed',
    );
  });
});
