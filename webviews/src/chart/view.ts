import { categoryColours } from '../kit/category-colours.ts';
import { colourBar } from '../kit/colour-bar.tsx';
import { extent } from '../kit/colour-scales.ts';
import { figure, nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import { inkOf } from '../kit/ink-of.ts';
import { legend } from '../kit/legend.tsx';
import { parsed } from '../kit/parsed.ts';
import { drawPlot, type PlotDrawing } from '../kit/plot.ts';
import { redrawn } from '../kit/redrawn.ts';
import { signOf } from '../kit/symbols.ts';
import type { View } from '../kit/view.ts';
import { ChartModel } from './model.ts';
import { chartOptions } from './options.ts';
import { pointsOf, tipsOf } from './reading.ts';
import { categoriesOf, usable } from './rows.ts';

/** A chart that is described by marks over named columns. */
export const chart: View<ChartModel> = {
  name: 'chart',
  parse: (value) => parsed(ChartModel, value, 'chart'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const { spec, rows } = now;
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const { marks, left } = usable(spec, rows, columns);
      let drawing: PlotDrawing | undefined;
      const frame = figure(el, {
        caption: now,
        host,
        picture: () => drawing?.svg(),
        table: () => ({ columns, rows: rows.map((row) => columns.map((name) => cell(row[name]))) }),
      });
      if (marks.every(({ mark, data }) => data.length === 0 && mark.mark !== 'rule')) {
        frame.body.append(
          nothing(
            rows.length === 0
              ? 'There are no rows to draw.'
              : `None of ${counted(rows.length, 'rows')} has a value in every channel.`,
          ),
        );
        return undefined;
      }
      const colours = categoriesOf(spec, rows);
      drawing = drawPlot(frame, {
        label: `Chart of ${[...new Set(spec.marks.map(({ mark }) => mark))].join(', ')} over ${counted(rows.length, 'rows')}.`,
        points: pointsOf(spec, marks),
        height: (width) => spec.heightPx ?? Math.max(240, Math.min(460, width * 0.5)),
        options: (ink, width) => {
          const options = chartOptions(spec, marks, colours, ink, width);
          return { ...options, marks: [...(options.marks ?? []), ...tipsOf(marks, ink)] };
        },
      });
      const ink = inkOf(el);
      const signed = colours.kind === 'category' && spec.marks.some(({ symbol }) => symbol === colours.column);
      if (colours.kind === 'category')
        frame.body.append(
          legend(
            colours.names.slice(0, 40).map((name, i) => ({
              name,
              colour: categoryColours(colours.names.length, ink)[i],
              sign: signed ? signOf(i) : undefined,
            })),
            colours.column,
          ),
        );
      if (colours.kind === 'number') {
        const span = extent(rows.map((row) => Number(row[colours.column] ?? Number.NaN)));
        if (span)
          frame.body.append(
            colourBar(
              colours.scale,
              span[0],
              span[1],
              [spec.colour?.label ?? colours.column, spec.colour?.unit && `(${spec.colour.unit})`]
                .filter(Boolean)
                .join(' '),
            ),
          );
      }
      if (left > 0) frame.hint(`${shown(left)} of ${counted(rows.length, 'rows')} not drawn: a value is not measured.`);
      return drawing.dispose;
    });
  },
};

function cell(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
