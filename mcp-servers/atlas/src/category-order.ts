import { levelsInOrder } from '@bregma/core/questions/units';
import type { readFigure } from '@bregma/figures/figure-model';

type Row = Record<string, unknown>;

/**
 * Rows of a table whose categories come in no order of their own, sorted by them: each name stands in many places, as stages of
 * donors do. Rows of one category each, or one after the other, keep the order in which somebody put them.
 */
export function inOrder(rows: Row[], { marks }: ReturnType<typeof readFigure>): Row[] {
  const columns = [...new Set(marks.flatMap(({ x, y }) => [x, y]))].filter((column) => column !== undefined);
  return columns.reduce((sorted, column) => (isScattered(sorted, column) ? byLevel(sorted, column) : sorted), rows);
}

/** Whether a column holds words of which one comes again after another. */
function isScattered(rows: Row[], column: string): boolean {
  if (!rows.some((row) => typeof row[column] === 'string')) return false;
  const runs = rows.filter((row, i) => row[column] !== rows[i - 1]?.[column]).length;
  return runs > new Set(rows.map((row) => row[column])).size;
}

function byLevel(rows: Row[], column: string): Row[] {
  const names = levelsInOrder(rows.map((row) => String(row[column])));
  const place = new Map(names.map((name, i) => [name, i]));
  return rows.toSorted((a, b) => (place.get(String(a[column])) ?? 0) - (place.get(String(b[column])) ?? 0));
}
