import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import type { Ink } from '../kit/ink.ts';
import { panelsOf } from './categories.ts';
import type { ChartSpec } from './model.ts';
import type { UsableMark } from './rows.ts';

/** Panels narrower than this are put into further rows, px. */
const narrowest = 150;
/** Height of a row of panels, px. */
const rowPx = 190;
/** Columns that say where a panel stands; no column of a table is called so. */
const place = { column: '\u0000column', row: '\u0000row' };

/** Panels of one column of the table, in several rows. */
interface Wrapped {
  names: unknown[];
  columns: number;
  rows: number;
}

/** How panels side by side are put into rows; undefined where one row holds them, or they have rows of their own. */
export function wrapOf(marks: UsableMark[], width: number): Wrapped | undefined {
  const names = panelsOf('panelX', marks);
  if (names.length * narrowest <= width - 80 || marks.some(({ mark }) => mark.panelY !== undefined)) return undefined;
  const fit = Math.max(1, Math.floor((width - 80) / narrowest));
  const rows = Math.ceil(names.length / fit);
  return { names, rows, columns: Math.ceil(names.length / rows) };
}

/** Height that a chart takes where nothing says it, px. usual: of a chart that is not wrapped. */
export function heightOf({ heightPx }: ChartSpec, marks: UsableMark[], width: number, usual: number): number {
  const wrapped = wrapOf(marks, width);
  return heightPx ?? (wrapped ? wrapped.rows * rowPx + 40 : usual);
}

/** Marks whose panels stand in rows and columns, and the names of the panels as a mark. */
export function wrappedMarks(
  marks: UsableMark[],
  { names, columns }: Wrapped,
  ink: Ink,
): { marks: UsableMark[]; titles: Plot.Markish } {
  const at = new Map(names.map((name, i) => [name, i]));
  const titles = names.map((name, i) => ({ name, column: i % columns, row: Math.floor(i / columns) }));
  return {
    marks: marks.map(({ mark, data }) => {
      const { panelX } = mark;
      if (panelX === undefined) return { mark, data };
      const placed = data.map((row) => {
        const i = at.get(row[panelX]) ?? 0;
        return { ...row, [place.column]: i % columns, [place.row]: Math.floor(i / columns) };
      });
      return { mark: { ...mark, panelX: place.column, panelY: place.row }, data: placed };
    }),
    titles: Plot.text(titles, {
      fx: 'column',
      fy: 'row',
      text: ({ name }: { name: unknown }) => plain(name, 40),
      frameAnchor: 'top',
      dy: -8,
      fill: ink.text,
    }),
  };
}
