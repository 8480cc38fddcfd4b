import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { ask } from '../../fixtures/ask-table.ts';

const logistic = { metric: 'log_odds_slope', columns: { outcome: 'yes', x: 'x', covariates: ['age', 'sex'] } };
const cox = { metric: 'log_hazard_slope', columns: { time: 'time', event: 'yes', x: 'x', covariates: ['age', 'sex'] } };

/** Units of which age, and not x, decides; x goes with age. */
function units(random: Random, n = 50) {
  const age = Array.from({ length: n }, () => random.normal());
  return {
    age,
    x: age.map((one) => 0.8 * one + 0.6 * random.normal()),
    sex: age.map(() => (random.uniform() < 0.5 ? 'f' : 'm')),
    yes: age.map((one) => Number(random.uniform() < 1 / (1 + Math.exp(-1.2 * one)))),
    time: age.map((one) => -Math.log(1 - random.uniform()) / Math.exp(one)),
  };
}

test.each([logistic, cox])(
  '$metric finds nothing in x beside the covariate that decides, as often as it says',
  async (question) => {
    const random = makeRandom(question.metric);
    const runs = 60;
    let found = 0;
    for (let k = 0; k < runs; k++) if (((await ask(units(random), question)).p ?? 1) <= 0.05) found++;
    expect(found / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    const { p, measured } = await ask(units(random, 200), {
      ...question,
      columns: { ...question.columns, x: 'age', covariates: 'x' },
    });
    expect([p, measured.low && measured.low > 0]).toEqual([expect.closeTo(0.002, 2), true]);
  },
);

describe('what has no coefficient is refused, and why', () => {
  const table = units(makeRandom('refused'));
  test.each([
    [logistic, { ...table, x: table.yes }, /tell without exception/],
    [cox, { ...table, x: table.time.map((one) => -one), yes: table.yes.map(() => 1) }, /tell without exception/],
    [logistic, { ...table, x: table.age }, /does not vary beyond what the covariates say/],
    [cox, { ...table, age: table.sex.map((one) => Number(one === 'f')) }, /say the same as one another/],
    [logistic, { ...table, yes: table.yes.map((_, i) => Number(i < 2)) }, /2 of 50 rows are 1: 3 of either/],
    [cox, { ...table, yes: table.yes.map((_, i) => Number(i < 2)) }, /It happened to 2 of 50 rows/],
  ])('$metric %#', async (question, rows, why) => {
    await expect(ask(rows, question)).rejects.toThrow(why);
  });
});
