import type { readFigure } from '@bregma/figures/figure-model';

type Row = Record<string, unknown>;

/**
 * Rows of a table sorted by categories that count ("Braak 0", "Braak III"; "day 2", "day 10"), where they come in no order of their own.
 * Other names, and rows that somebody put one category after the other, keep the order in which they stand.
 */
export function inOrder(rows: Row[], { marks }: ReturnType<typeof readFigure>): Row[] {
  const columns = [...new Set(marks.flatMap(({ x, y }) => [x, y]))].filter((column) => column !== undefined);
  return columns.reduce(sortedBy, rows);
}

function sortedBy(rows: Row[], column: string): Row[] {
  const names = [...new Set(rows.map((row) => row[column]))];
  const runs = rows.filter((row, i) => i === 0 || row[column] !== rows[i - 1][column]).length;
  const places = runs > names.length ? placesOf(names) : undefined;
  return places ? rows.toSorted((a, b) => (places.get(a[column]) ?? 0) - (places.get(b[column]) ?? 0)) : rows;
}

const counted = /^(.*?)(\d+|[IVX]+)$/;

/** What each name counts, behind a stem that all share; undefined where one does not, or two count the same. Not measured is last. */
function placesOf(names: unknown[]): Map<unknown, number> | undefined {
  const parts = names.filter((name) => name !== null).map((name) => counted.exec(String(name)));
  const stems = new Set(parts.map((part) => part?.[1]));
  const places = parts.map((part) => numberOf(part?.[2] ?? ''));
  if (stems.size !== 1 || stems.has(undefined) || new Set(places).size < places.length) return undefined;
  const numbers = new Map(parts.map((part, i) => [part?.[0], places[i]]));
  return new Map(names.map((name) => [name, numbers.get(String(name)) ?? Number.POSITIVE_INFINITY]));
}

const roman: Record<string, number> = { I: 1, V: 5, X: 10 };

/** A number in digits or in Roman ones: a smaller one before a larger is taken from it. */
function numberOf(written: string): number {
  if (/^\d/.test(written)) return Number(written);
  const values = [...written].map((one) => roman[one]);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
