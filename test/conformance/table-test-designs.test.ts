import type { Question } from '@bregma/core/contracts/question';
import { stopped } from '@bregma/core/questions/analyse';
import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { ask } from '../fixtures/ask-table.ts';
import { nulls } from '../fixtures/null-tables.ts';
import reference from '../fixtures/table-designs.json' with { type: 'json' };

const close = (found: (number | null | undefined)[], wanted: number[], within = 1e-9) => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) =>
    expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(within * Math.max(1, Math.abs(value))),
  );
};

type Judge = NonNullable<Question['judge']>;
const { rates, line, table: cells } = reference;

describe('equals scipy 1.17.1 and statsmodels 0.15.0 (test/reference/table_tests_designs.py)', () => {
  const eight = [...Array(8).keys()].flatMap((pair) => [`m${pair}`, `m${pair}`]);
  const counted = { count: rates.count, hours: rates.hours, mouse: eight, drug: eight.map((_, i) => 'ab'[i % 2]) };
  const rate = (judge?: Judge): Question => ({
    metric: 'rate_difference',
    columns: { value: 'count', exposure: 'hours', group: 'drug' },
    ...{ subject: 'mouse', paired: true, judge },
  });

  test('rates within pairs, and their Bayes factor, e-process and sequential test', async () => {
    const { measured } = await ask(counted, rate());
    const { t, pClassical } = measured.details;
    close([t, pClassical, measured.estimate, measured.low, measured.high], rates.rel);
    const factor = (await ask(counted, rate({ by: 'bayes-factor' }))).measured;
    close([factor.eAbove?.(0), factor.details.overdispersion], [rates.factor, rates.overdispersion]);
    expect(factor.how).toMatch(/given the sum of each pair/);
    const process = (await ask(counted, rate({ by: 'e-process' }))).measured;
    close([process.looks?.above(0)[4], process.looks?.above(0)[7]], [rates.after5, rates.factor]);
    const ratio = (await ask(counted, rate({ by: 'sprt', effect: 0.5, beta: 0.1 }))).measured;
    close([ratio.eAbove?.(0)], [rates.sprt]);
    expect(stopped(ratio, { direction: 'greater', size: 0 }, 0.05)?.units).toBeLessThan(8);
  });

  test('repeats of a unit are added up where its rate is judged', async () => {
    const halves = (values: readonly number[]) =>
      values.flatMap((value) => [Math.floor(value / 2), value - Math.floor(value / 2)]);
    const twice = <T>(values: readonly T[]) => values.flatMap((value) => [value, value]);
    const split = {
      count: halves(rates.count),
      hours: rates.hours.flatMap((value) => [value / 4, value - value / 4]),
      mouse: twice(counted.mouse),
      drug: twice(counted.drug),
    };
    const factor = (await ask(split, rate({ by: 'bayes-factor' }))).measured;
    close([factor.eAbove?.(0)], [rates.factor]);
  });

  const slope = (judge?: Judge): Question => ({
    metric: 'slope',
    columns: { value: 'y', x: 'x', covariates: ['age', 'sex', 'stage'] },
    judge,
  });

  test('a slope beside covariates that are numbers and words', async () => {
    const { measured } = await ask(line, slope(), true);
    const { t, degrees, standardError, pClassical } = measured.details;
    const { estimate, low, high } = measured;
    close([estimate, standardError, t, pClassical, low, high, degrees], line.ols);
  });

  test('a slope in sequence, by the noncentral t of the first 12, 25 and 40 units', async () => {
    const ratio = (await ask(line, slope({ by: 'sprt', effect: 0.4, beta: 0.1 }), true)).measured;
    close(
      [12, 25, 40].map((k) => ratio.looks?.above(0.1)[k - 1]),
      line.sprt,
    );
    const process = (await ask(line, slope({ by: 'e-process', scale: 0.3 }), true)).measured;
    close(
      [12, 25, 40].map((k) => process.looks?.above(0)[k - 1]),
      line.process,
      1e-7,
    );
    const usual = (await ask(line, slope({ by: 'e-process' }), true)).measured;
    close([usual.eAbove?.(0)], [line.default[1]], 1e-7);
    expect(usual.how).toContain(line.default[0].toPrecision(3));
    expect(usual.looks?.above(0)[8]).toBe(1);
  });

  test('two groupings of unequal numbers, with a combination that was not measured', async () => {
    const { v, g, h } = cells;
    for (const [metric, group, second, wanted] of [
      ['two_way', 'g', 'h', cells.group],
      ['two_way', 'h', 'g', cells.second],
      ['two_way_interaction', 'g', 'h', cells.interaction],
    ] as const) {
      const { measured } = await ask({ v, g, h }, { metric, columns: { value: 'v', group, second } }, true);
      const { F, between, within, pClassical } = measured.details;
      close([F, between, within, pClassical], wanted);
      expect(measured.checks[0]).toEqual({ what: 'combinations that were not measured', value: 2, fine: false });
    }
  });
});

describe('designs err no more often than they say', () => {
  const alpha = 0.05;
  const draw = (n: number, one: (random: Random) => number, random: Random) =>
    Array.from({ length: n }, () => one(random));
  const designs: Record<
    string,
    { runs: number; make: (one: (random: Random) => number, random: Random) => [Columns, Question] }
  > = {
    'rates within pairs whose own rates differ': {
      runs: 150,
      make: (one, random) => {
        const mouse = Array.from({ length: 14 }, (_, i) => `m${i % 7}`);
        const level = draw(7, () => 5 * random.uniform(), random);
        const hours = mouse.map(() => 1 + random.uniform());
        const value = mouse.map((_, i) => (level[i % 7] + one(random)) * hours[i]);
        return [
          { mouse, hours, value, drug: mouse.map((_, i) => (i < 7 ? 'a' : 'b')) },
          {
            metric: 'rate_difference',
            columns: { value: 'value', exposure: 'hours', group: 'drug' },
            ...{ subject: 'mouse', paired: true },
          },
        ];
      },
    },
    'a slope beside words': {
      runs: 120,
      make: (one, random) => {
        const stage = draw(14, () => random.integer(3), random).map((k) => ['I', 'II', 'III'][k]);
        const x = stage.map((name) => name.length + random.normal());
        const value = stage.map((name) => 3 * name.length + one(random));
        return [
          { stage, x, value, id: [...x.keys()] },
          { metric: 'slope', columns: { value: 'value', x: 'x', covariates: 'stage' } },
        ];
      },
    },
    'a difference beside a number and a word': {
      runs: 120,
      make: (one, random) => {
        const group = [...'aaaaaaabbbbbbbbb'];
        const age = group.map((name) => (name === 'a' ? 60 : 66) + 8 * random.uniform());
        const sex = group.map(() => 'fm'[random.integer(2)]);
        const value = age.map((years, i) => years / 4 + (sex[i] === 'm' ? 2 : 0) + one(random));
        return [
          { group, age, sex, value, id: [...group.keys()] },
          { metric: 'mean_difference', columns: { value: 'value', group: 'group', covariates: ['age', 'sex'] } },
        ];
      },
    },
    'two groupings of which a combination was not measured': {
      runs: 120,
      make: (one, random) => {
        const group = [...'aaaabbbbbbcc'];
        const second = [...'xxyyxxyyyyxx'];
        const value = second.map((name) => (name === 'x' ? 2 : 0) + one(random));
        return [
          { group, second, value, id: [...group.keys()] },
          { metric: 'two_way', columns: { value: 'value', group: 'group', second: 'second' } },
        ];
      },
    },
    'an interaction in what was measured': {
      runs: 120,
      make: (one, random) => {
        const group = [...'aaaabbbbbbcc'];
        const second = [...'xxyyxxyyyyxx'];
        const value = group.map((name, i) => 'abc'.indexOf(name) + (second[i] === 'x' ? 2 : 0) + one(random));
        return [
          { group, second, value, id: [...group.keys()] },
          { metric: 'two_way_interaction', columns: { value: 'value', group: 'group', second: 'second' } },
        ];
      },
    },
  };
  test.each(Object.keys(designs))('%s: normal, tied and heavy-tailed', async (name) => {
    const { runs, make } = designs[name];
    for (const sort of Object.keys(nulls)) {
      const random = makeRandom(`${name} ${sort}`);
      let [found, asked] = [0, 0];
      for (let k = 0; k < runs; k++) {
        const answer = await ask(...make(nulls[sort], random)).catch((error: Error & { code?: string }) => {
          expect(error.code).toBe('bad-input');
          return undefined;
        });
        if (!answer) continue;
        asked++;
        if ((answer.p ?? 1) <= alpha) found++;
      }
      expect(asked).toBeGreaterThan(runs / 2);
      expect(found / asked, sort).toBeLessThanOrEqual(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / asked));
    }
  });
});

describe('intervals of designs cover what is so about as often as they say', () => {
  const runs = 400;
  const truth = 0.8;
  const covers: Record<string, (one: (random: Random) => number, random: Random) => [Columns, Question]> = {
    // Each mouse has a rate of its own, and was watched for a time of its own; counts scatter as the case says.
    'of rates within pairs': (one, random) => {
      const mouse = Array.from({ length: 24 }, (_, i) => `m${i % 12}`);
      const own = Array.from({ length: 12 }, () => 4 + 2 * random.uniform());
      const hours = mouse.map(() => 2 + random.uniform());
      const rates = mouse.map((_, i) => own[i % 12] + (i < 12 ? truth : 0) + one(random));
      const drug = mouse.map((_, i) => (i < 12 ? 'a' : 'b'));
      return [
        { mouse, hours, drug, value: rates.map((rate, i) => rate * hours[i]) },
        {
          metric: 'rate_difference',
          columns: { value: 'value', exposure: 'hours', group: 'drug' },
          ...{ subject: 'mouse', paired: true },
        },
      ];
    },
    // Groups differ in age, and age in the value: without it the difference would be another.
    'of a difference beside covariates': (one, random) => {
      const group = [...'aaaaaaaabbbbbbbbbbbb'];
      const age = group.map((name) => (name === 'a' ? 60 : 64) + 10 * random.uniform());
      const sex = group.map(() => 'fm'[random.integer(2)]);
      const value = group.map(
        (name, i) => (name === 'a' ? truth : 0) + age[i] / 5 + (sex[i] === 'm' ? 1 : 0) + one(random),
      );
      return [
        { group, age, sex, value },
        { metric: 'mean_difference', columns: { value: 'value', group: 'group', covariates: ['age', 'sex'] } },
      ];
    },
  };
  test.each(Object.keys(covers))('%s', async (name) => {
    for (const sort of ['normal', 'laplace'] as const) {
      const random = makeRandom(`covers ${name} ${sort}`);
      const one = (draws: Random) =>
        sort === 'normal' ? draws.normal() : Math.sign(draws.uniform() - 0.5) * -Math.log(draws.uniform());
      let covered = 0;
      for (let k = 0; k < runs; k++) {
        const { low, high } = (await ask(...covers[name](one, random), true)).measured;
        if ((low ?? Number.NaN) <= truth && truth <= (high ?? Number.NaN)) covered++;
      }
      const error = 3 * Math.sqrt((0.05 * 0.95) / runs);
      expect(covered / runs, sort).toBeGreaterThan(0.95 - error);
      expect(covered / runs, sort).toBeLessThan(0.95 + error);
    }
  });
});

describe('says what a design does not allow', () => {
  const apart = { value: [1.5, 2.5, 3.25, 4.5, 5.125, 6, 7, 8.5], group: [...'aaaabbbb'], second: [...'xyxyzwzw'] };
  const columns = { value: 'value', group: 'group', second: 'second' };

  test('groups that share no level of the second grouping, by the combinations that are missing', async () => {
    await expect(ask(apart, { metric: 'two_way', columns })).rejects.toMatchObject({
      message: expect.stringMatching(
        /4 combination\(s\) were not measured \(a × w, a × z, b × x, b × y\): some groups share/,
      ),
      next: expect.stringMatching(/one_way within one level/),
    });
    await expect(ask(apart, { metric: 'two_way_interaction', columns })).rejects.toThrow(/none is left/);
    await expect(ask({ ...apart, second: apart.group.map(() => 'x') }, { metric: 'two_way', columns })).rejects.toThrow(
      /both need two/,
    );
  });

  test('a word of which a unit has two', async () => {
    const table = { ...apart, x: apart.value.map((value) => value ** 2), mouse: [...'mnopqrss'] };
    const question = { metric: 'slope', columns: { value: 'value', x: 'x', covariates: ['second'] }, subject: 'mouse' };
    await expect(ask(table, question)).rejects.toMatchObject({
      message: 'mouse s is in more than one second.',
      next: expect.stringMatching(/Leave second out/),
    });
  });

  test('x that does not vary at first, where a sequence has no scale', async () => {
    const x = [...Array(10).fill(0), ...Array.from({ length: 10 }, (_, i) => i)];
    const table = { x, value: x.map((one, i) => Math.sin(7 * i) + one) };
    const question = { metric: 'slope', columns: { value: 'value', x: 'x' }, judge: { by: 'e-process' as const } };
    await expect(ask(table, question)).rejects.toMatchObject({ next: expect.stringMatching(/judge\.scale/) });
    const scaled = { ...question, judge: { by: 'e-process' as const, scale: 0.5 } };
    expect((await ask(table, scaled)).measured.eAbove?.(0)).toBeGreaterThan(20);
  });
});
