import { describeChart } from '@bregma/figures/describe-chart';
import { readFigure } from '@bregma/figures/figure-model';
import { expect, test } from 'vitest';
import { inOrder } from '../../../mcp-servers/atlas/src/category-order.ts';

const spec = readFigure({ marks: ['dot'], x: 'stage', y: 'score' });
const rows = (...stages: string[]) => stages.map((stage, score) => ({ stage, score }));
const stagesOf = (sorted: Record<string, unknown>[]) => sorted.map(({ stage }) => stage);

test.each([
  [
    'stages that count',
    ['Braak IV', 'Braak 0', 'Braak VI', 'Braak I', 'Braak 0'],
    'Braak 0, Braak 0, Braak I, Braak IV, Braak VI',
  ],
  ['days that count', ['day 10', 'day 2', 'day 10'], 'day 2, day 10, day 10'],
  ['names that do not', ['V1', 'LM', 'AL', 'V1'], 'V1, LM, AL, V1'],
  ['numbers that somebody put in an order', ['day 10', 'day 10', 'day 2'], 'day 10, day 10, day 2'],
])('%s', (_, stages, wanted) => {
  expect(stagesOf(inOrder(rows(...stages), spec)).join(', ')).toBe(wanted);
});

test('points over categories are counted and summarised by category', () => {
  expect(describeChart({ spec, rows: rows('I', 'II', 'I', 'II') })).toBe(
    'score by stage: I: n 2, mean 1 ± 1.414 SD, median 1 (quartiles 0.5 to 1.5); II: n 2, mean 2 ± 1.414 SD, median 2 (quartiles 1.5 to 2.5).',
  );
});
