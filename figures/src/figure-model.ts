import { BregmaError, saidBy } from '@bregma/core/errors';
import { type ChartModel, type ChartSpec, readChart } from '@bregma/webviews/chart/model';

export type { Theme } from './inks.ts';

/** What a figure is drawn from: a chart over rows, with what stands below it. */
export type FigureModel = ChartModel;

/** "rate by area": what a chart without a title is about. */
export function titleOf({ marks, x, y }: ChartSpec): string {
  const across = x?.label ?? marks.find((mark) => mark.x)?.x;
  const up = y?.label ?? marks.find((mark) => mark.y ?? mark.y1)?.y ?? marks.find((mark) => mark.colour)?.colour;
  const cell = marks.find(({ mark }) => mark === 'cell');
  if (cell) return `${cell.colour ?? 'Count'} by ${[...new Set([cell.y, cell.x])].join(' and ')}`;
  const bar = marks.find((mark) => mark.mark === 'bar' && (mark.x === undefined || mark.y === undefined));
  if (bar) return `Count by ${bar.x ?? bar.y}`;
  if (marks.some(({ mark }) => mark === 'histogram')) return `Distribution of ${across}`;
  return [up, across].filter(Boolean).join(' by ') || 'Chart';
}

/** A chart as an agent or a person wrote it, in the grammar of `plot` cells. Throws `bad-input`, naming the member. */
export function readFigure(raw: unknown): ChartSpec {
  try {
    return readChart(raw);
  } catch (error) {
    throw new BregmaError('bad-input', `The chart cannot be read: ${saidBy(error).message}`, {
      next: 'For example {"marks": ["violin", "points", "mean"], "x": "area", "y": {"column": "rate", "unit": "Hz"}}.',
    });
  }
}
