import { describeChart } from '@bregma/figures/describe-chart';
import { readFigure } from '@bregma/figures/figure-model';
import { expect, test } from 'vitest';
import { inOrder } from '../../../mcp-servers/atlas/src/category-order.ts';

const spec = readFigure({ marks: ['dot'], x: 'stage', y: 'score' });
const rows = (...stages: string[]) => stages.map((stage, score) => ({ stage, score }));
const stagesOf = (sorted: Record<string, unknown>[]) => sorted.map(({ stage }) => stage);

test('stages that come again stand in their order, rows that somebody put in an order keep it', () => {
  expect(stagesOf(inOrder(rows('III', 'I', 'II', 'I', 'III'), spec))).toEqual(['I', 'I', 'II', 'III', 'III']);
  expect(stagesOf(inOrder(rows('May', 'April', 'June'), spec))).toEqual(['May', 'April', 'June']);
  expect(stagesOf(inOrder(rows('wt', 'wt', 'ko', 'ko'), spec))).toEqual(['wt', 'wt', 'ko', 'ko']);
});

test('points over categories are counted and summarised by category', () => {
  expect(describeChart({ spec, rows: rows('I', 'II', 'I', 'II') })).toBe(
    'score by stage: I: n 2, mean 1 ± 1.414 SD, median 1 (quartiles 0.5 to 1.5); II: n 2, mean 2 ± 1.414 SD, median 2 (quartiles 1.5 to 2.5).',
  );
});
