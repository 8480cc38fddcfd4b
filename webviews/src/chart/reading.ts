import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import { shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import type { PlotPoint } from '../kit/plot.tsx';
import { tipOf } from '../kit/tip.ts';
import type { ChartMark, ChartSpec } from './model.ts';
import { present, type Row, type UsableMark } from './rows.ts';

/** The box that follows the pointer and says the row below it. */
export function tipsOf(marks: UsableMark[], ink: Ink): Plot.Markish[] {
  const tipped = marks.find(({ mark }) => ['dot', 'line', 'bar', 'interval', 'cell', 'points'].includes(mark.mark));
  const { x, y } = tipped?.mark ?? {};
  if (!tipped || !x || !y) return [];
  return [
    Plot.tip(
      tipped.data.filter((row) => present(row[x]) && present(row[y])),
      Plot.pointer({
        x,
        y,
        fx: tipped.mark.panelX,
        fy: tipped.mark.panelY,
        title: (row: Row) => describe(tipped.mark, row).replaceAll(', ', '\n'),
        ...tipOf(ink),
      }),
    ),
  ];
}

/** The mark's own rows as points for the arrow keys, at most 2,000. */
export function pointsOf(spec: ChartSpec, marks: UsableMark[]): PlotPoint[] {
  const panels = spec.marks.some(({ panelX, panelY }) => panelX || panelY);
  return marks
    .filter(({ mark }) => mark.mark !== 'rule' && mark.mark !== 'histogram')
    .flatMap(({ mark, data }) =>
      data.slice(0, 2000).map((row) => ({
        // SAFETY: rows hold numbers, texts and times; `drawPlot` asks whether a place is finite before it goes there.
        x: (panels ? undefined : row[mark.x ?? mark.x1 ?? '']) as number,
        // SAFETY: as of x.
        y: (row[mark.y ?? mark.y1 ?? ''] ?? null) as number | null,
        text: describe(mark, row),
      })),
    );
}

function describe(mark: ChartMark, row: Row): string {
  const named = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'colour', 'symbol', 'text', 'panelX', 'panelY'] as const;
  const names = [...new Set(named.flatMap((channel) => mark[channel] ?? []))];
  return plain(names.map((name) => `${name}: ${valueText(row[name])}`).join(', '), 300);
}

const valueText = (value: unknown) =>
  // SAFETY: as was just looked at; `shown` takes undefined, too.
  typeof value === 'number' || value === null || value === undefined ? shown(value as number | null) : String(value);
