import { tableMetric } from '@bregma/core/questions/analyse';
import { drawSample } from '@bregma/core/questions/sample';
import { normalQuantile } from '@bregma/core/statistics/distributions';
import { powerOfTable, powerOfTwoSamples, smallestFound } from '@bregma/core/statistics/power';
import { describe, expect, test } from 'vitest';
import { customEffect } from '../../../mcp-servers/lab/src/domain/custom-power.ts';
import { effectBySimulation } from '../../../mcp-servers/lab/src/domain/simulated-power.ts';
import type { UnitKeys } from '../../../mcp-servers/lab/src/domain/simulated-tables.ts';
import { openMeanDifference } from '../../fixtures/null-tables.ts';

const groups = (count: number): UnitKeys[] => Array.from({ length: count }, (_, i) => ({ group: 'ab'[i % 2] }));
const level = 0.2;
const breathe = async () => {};

const found = async (metric: string, units: UnitKeys[], more: object = {}, rest: object = {}) => {
  const prediction = { id: 'p1', metric, size: 0, between: [], unit: '', direction: 'greater' as const, ...rest };
  const answer = await effectBySimulation(
    { ...prediction, measured: { data: 'x', columns: {}, ...more } },
    units,
    level,
    breathe,
  );
  if (!answer) throw new Error(`nothing is simulated of ${metric}`);
  // Found as often as it says, as far as so many runs tell.
  expect(answer.power).toBeGreaterThanOrEqual(0.8);
  expect(answer.power).toBeLessThan(0.8 + 4 * answer.error + 0.05);
  expect(answer.error).toBeCloseTo(
    Math.sqrt((answer.power * (1 - answer.power)) / Number(/(\d+) tests/.exec(answer.assuming)?.[1])),
    9,
  );
  return answer.effect ?? Number.NaN;
};

/** What a t test of two groups would find. */
const ofT = (n: number) =>
  smallestFound((effect) => powerOfTwoSamples({ effect, n: n / 2, alpha: level, sides: 1 }), 0.8, {
    low: 0,
    high: 9,
  }) ?? 0;

describe('what a test could find, simulated as it will be run', () => {
  test('of rates is what a t test finds, and of medians more by the root of π / 2', async () => {
    const wanted = ofT(24);
    const rate = (await found('rate_difference', groups(24))) / wanted;
    expect(rate).toBeGreaterThan(0.75);
    expect(rate).toBeLessThan(1.3);
    const median = (await found('median_difference', groups(24), {}, { direction: 'less' })) / wanted;
    expect(median).toBeGreaterThan(0.95);
    expect(median).toBeLessThan(1.7);
  });

  test('by evidence is more than by p-values, and less with more units', async () => {
    const judge = { by: 'e-process' } as const;
    const few = await found('mean_difference', groups(20), { judge });
    expect(few).toBeGreaterThan(ofT(20));
    expect(await found('mean_difference', groups(40), { judge })).toBeLessThan(few);
    const sprt = { by: 'sprt', effect: 1, beta: 0.1 } as const;
    expect(await found('mean_difference', groups(24), { judge: sprt })).toBeLessThan(2);
  });

  test.each([
    ['two_way_interaction', { second: true }],
    ['log_hazard_ratio', {}],
    ['orientation_selectivity', { angle: true }],
  ] as const)('of %s is smaller with more units', async (metric, sort: { second?: boolean; angle?: boolean }) => {
    const units = (count: number): UnitKeys[] =>
      Array.from({ length: count }, (_, i) => ({
        group: 'ab'[i % 2],
        ...(sort.second && { second: 'cd'[(i >> 1) % 2] }),
        ...(sort.angle && { angle: (i % 8) * 45 }),
      }));
    const few = await found(metric, units(16));
    expect(await found(metric, units(40))).toBeLessThan(few);
  });

  test('of slopes of log odds and of a log hazard is what the formulas of large samples say', async () => {
    // Of a log odds slope at even shares a unit tells ¼ of x² (Hsieh, Bloch & Larsen 1998, Stat Med 17:1623), of a log hazard all of it.
    const [z, n] = [normalQuantile(1 - level) + normalQuantile(0.8), 60];
    const odds = (await found('log_odds_slope', groups(n))) / ((2 * z) / Math.sqrt(n));
    expect(odds).toBeGreaterThan(0.7);
    expect(odds).toBeLessThan(1.6);
    const hazard = (await found('log_hazard_slope', groups(n))) / (z / Math.sqrt(n));
    expect(hazard).toBeGreaterThan(0.7);
    expect(hazard).toBeLessThan(1.5);
    const judge = { by: 'bayes-factor' } as const;
    expect(await found('log_hazard_slope', groups(n), { judge })).toBeGreaterThan((hazard * z) / Math.sqrt(n));
  });

  test('of two words by evidence is more than χ² finds', async () => {
    const units = Array.from({ length: 60 }, (_, i) => ({ group: 'abc'[i % 3], second: 'de'[i % 2] }));
    const followed = await found('cramers_v', units, { judge: { by: 'bayes-factor' } });
    const byTable = smallestFound((v) => powerOfTable({ v, n: 60, rows: 2, columns: 3, alpha: level }), 0.8, {
      low: 0,
      high: 1,
    });
    expect(followed).toBeGreaterThan(byTable ?? 1);
  });

  test('of correlations and shares that are judged', async () => {
    const judge = { by: 'bayes-factor' } as const;
    const r = await found('pearson', groups(30), { judge });
    expect(r).toBeGreaterThan(0.25);
    expect(r).toBeLessThan(0.75);
    expect(await found('odds_ratio', groups(40), { judge }, { size: 1 })).toBeLessThan(2.5);
    // 12 counts of 10 in each group: a log ratio has a standard error of √(2 / 120).
    const rate = (await found('rate_difference', groups(24), { judge })) / Math.sqrt(2 / 120);
    expect(rate).toBeGreaterThan(2.5);
    expect(rate).toBeLessThan(6);
    const slope = (await found('slope', groups(24), { judge })) * Math.sqrt(24);
    expect(slope).toBeGreaterThan(2.5);
    expect(slope).toBeLessThan(7);
  });

  test('of more units than are simulated shrinks with their root', async () => {
    const judge = { by: 'bayes-factor' } as const;
    const [some, many] = [
      await found('pearson', groups(200), { judge }),
      await found('pearson', groups(800), { judge }),
    ];
    expect(many).toBeCloseTo(some / 2, 9);
  });

  test("of a statistic of one's own shifts the numbers along the labels with which they are exchanged", async () => {
    const table = {
      value: Array.from({ length: 24 }, (_, i) => i + 0.12345),
      group: groups(24).map(({ group = '' }) => group),
    };
    const question = { metric: 'custom', columns: { exchange: 'group', with: ['value'] }, sql: 'SELECT …' };
    const sample = drawSample(table, question, tableMetric('custom').test.roles);
    const prediction = { id: 'p1', metric: 'custom', size: 0, between: [], unit: '', direction: 'greater' as const };
    const answer = await customEffect(prediction, sample, level, openMeanDifference, breathe);
    expect(answer).toMatchObject({ of: 'standard deviations from the first to the last level of group' });
    expect((answer?.effect ?? 0) / ofT(24)).toBeGreaterThan(0.6);
    expect((answer?.effect ?? 9) / ofT(24)).toBeLessThan(1.7);
  });
});
