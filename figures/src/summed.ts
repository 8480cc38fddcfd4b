import { groupsOf } from '@bregma/webviews/chart/groups';
import type { ChartSpec } from '@bregma/webviews/chart/model';
import type { Row } from '@bregma/webviews/chart/rows';

/** Most rows that lie in one bar, and are shown as their sum; 0 where every bar is one row. */
export function summed({ marks }: ChartSpec, rows: Row[]): number {
  const counts = marks
    .filter(({ mark }) => mark === 'bar')
    .flatMap(({ x, y, colour, panelX, panelY }) => {
      const upright = rows.some((row) => typeof row[y ?? ''] === 'number');
      const [at, value] = upright ? [x, y] : [y, x];
      return groupsOf(rows, { at, value, colour, panelX, panelY }).map(({ values }) => values.length);
    });
  const most = Math.max(0, ...counts);
  return most > 1 ? most : 0;
}

/** Most rows that lie in one cell, of which the last alone is seen; 0 where every cell is one row. */
export function covered({ marks }: ChartSpec, rows: Row[]): number {
  const counts = new Map<string, number>();
  for (const [i, { x, y, panelX, panelY }] of marks.filter(({ mark }) => mark === 'cell').entries())
    for (const row of rows) {
      const key = JSON.stringify([i, ...[x, y, panelX, panelY].map((name) => (name === undefined ? null : row[name]))]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const most = Math.max(0, ...counts.values());
  return most > 1 ? most : 0;
}
