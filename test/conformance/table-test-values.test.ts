import type { Question } from '@bregma/core/contracts/question';
import type { Columns } from '@bregma/core/questions/sample';
import { describe, expect, test } from 'vitest';
import { ask, byGroup, grouped } from '../fixtures/ask-table.ts';
import reference from '../fixtures/table-tests.json' with { type: 'json' };

const close = (found: (number | null)[], wanted: number[]) => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) =>
    expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value))),
  );
};

describe('equals scipy 1.15.3 and statsmodels 0.14.4 (test/reference/table_tests.py)', () => {
  const { a, b, c, x, y, z, xt, yt, t, e, g } = reference;

  test("Welch's t, and a paired t with its interval", async () => {
    const { measured } = await ask(grouped(a, b), { metric: 'mean_difference', columns: byGroup }, true);
    const { t: statistic, degrees, pClassical } = measured.details;
    close([statistic, degrees, pClassical, measured.low, measured.high], reference.welch);
    const pairs = { ...grouped(a, b.slice(0, 12)), mouse: [...a.keys(), ...a.keys()].map(String) };
    const question = { metric: 'mean_difference', columns: byGroup, subject: 'mouse', paired: true };
    const paired = await ask(pairs, question, false, 0.001);
    const { details, low, high } = paired.measured;
    close([details.t, details.pClassical, low, high, paired.measured.above(0)], [...reference.paired, reference.signs]);
  });

  test('a permutation test of every way', async () => {
    const { p } = await ask(grouped(a.slice(0, 4), b.slice(0, 4)), { metric: 'mean_difference', columns: byGroup });
    close([p], [reference.smallWelch]);
  });

  test.each([
    ['pearson', x, y, reference.pearson],
    ['spearman', xt, yt, reference.spearman],
    ['kendall', xt, yt, reference.kendall],
  ] as const)('%s', async (metric, left, right, wanted) => {
    const table = { x: left, y: right, id: left.map((_, i) => i) };
    const { measured } = await ask(table, { metric, columns: { x: 'x', y: 'y' } }, true);
    close([measured.estimate, measured.details.pClassical, measured.low, measured.high].slice(0, wanted.length), [
      ...wanted,
    ]);
  });

  test('analysis of variance and Kruskal and Wallis', async () => {
    const { measured } = await ask(grouped(a, b, c), { metric: 'one_way', columns: byGroup }, true);
    close([measured.details.F, measured.details.pClassical], reference.anova);
    const ranked = await ask(grouped(a, b, c), { metric: 'one_way_ranks', columns: byGroup }, true);
    close([ranked.measured.details.H], reference.kruskal);
  });

  test('the interval of η², where it reaches 0, too', async () => {
    const { eta, twoWay } = reference;
    const interval = async (table: Columns, question: Question) => {
      const { low, high } = (await ask(table, question, true)).measured;
      return [low, high];
    };
    const oneWay = { metric: 'one_way', columns: byGroup };
    close(await interval(grouped(a, b, c), oneWay), eta.plain);
    close(await interval(grouped(a, b, eta.shifted), oneWay), eta.moved);
    const { value, group, second } = twoWay;
    const columns = { value: 'value', group: 'group', second: 'second' };
    close(await interval({ value, group, second }, { metric: 'two_way', columns }), eta.group);
    close(await interval({ value, group, second }, { metric: 'two_way_interaction', columns }), eta.interaction);
  });

  test("Fisher's exact test, the odds ratio's interval and Newcombe's", async () => {
    const table = grouped([...Array(9).fill(1), ...Array(3).fill(0)], [...Array(4).fill(1), ...Array(12).fill(0)]);
    const columns = { outcome: 'value', group: 'group' };
    const { measured } = await ask(table, { metric: 'odds_ratio', columns });
    close([measured.above(1), measured.below(1)], [reference.fisher.greater, reference.fisher.less]);
    expect(Math.abs((measured.low ?? 0) - reference.odds[0])).toBeLessThan(1e-6);
    expect(Math.abs((measured.high ?? 0) - reference.odds[1])).toBeLessThan(1e-6 * reference.odds[1]);
    const shares = await ask(table, { metric: 'proportion_difference', columns });
    close([shares.measured.low, shares.measured.high], reference.newcombe);
  });

  test('least squares with a covariate', async () => {
    const { measured } = await ask(
      { x, y, z },
      { metric: 'slope', columns: { value: 'y', x: 'x', covariates: ['z'] } },
      true,
    );
    const { standardError, t: statistic, pClassical } = measured.details;
    close([measured.estimate, standardError, statistic, pClassical, measured.low, measured.high], reference.ols);
  });

  test('two-way analysis of variance, type II', async () => {
    const { value, group, second, group_F, interaction } = reference.twoWay;
    const columns = { value: 'value', group: 'group', second: 'second' };
    for (const [metric, wanted] of [
      ['two_way', group_F],
      ['two_way_interaction', interaction],
    ] as const) {
      const { measured } = await ask({ value, group, second }, { metric, columns }, true);
      close([measured.details.F, measured.details.pClassical], wanted);
    }
  });

  test('a mixed model with subject as random effect, as far as the optimiser of statsmodels goes', async () => {
    const { x: mx, y: my, subject, fit } = reference.mixed;
    const question = { metric: 'mixed_slope', columns: { value: 'y', x: 'x' }, subject: 'subject' };
    const { measured } = await ask({ x: mx, y: my, subject }, question, true);
    expect(Math.abs(measured.estimate - fit[0])).toBeLessThan(1e-5);
    // Its error comes from a numerical Hessian.
    expect(Math.abs((measured.details.standardError ?? 0) / fit[1] - 1)).toBeLessThan(1e-2);
  });

  test('the log-rank test', async () => {
    const table = { time: t, event: e, group: g.map(String) };
    const columns = { time: 'time', event: 'event', group: 'group' };
    const { measured } = await ask(table, { metric: 'log_hazard_ratio', columns }, true);
    close([measured.details.chi2, measured.details.pClassical], reference.logrank);
  });
});
