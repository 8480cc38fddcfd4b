import type { ChartMark, ChartScale, ChartSpec } from './model.ts';
import { present, type Row, type UsableMark } from './rows.ts';

/** Marks whose x, or y where they lie on their side, is always a list of categories. */
const banded = new Set<ChartMark['mark']>(['box', 'violin', 'points', 'bar', 'cell']);

/** Whether a column stands on its axis as a list of names: as the scale says, else where it holds texts. */
export function isCategory(scale: ChartScale | undefined, column: string | undefined, data: Row[]): boolean {
  if (scale?.type) return scale.type === 'category';
  return (
    column !== undefined && data.some((row) => typeof row[column] === 'string' || typeof row[column] === 'boolean')
  );
}

/** Whether categories stand on y and numbers on x. */
export const isSideways = (mark: ChartMark, spec: ChartSpec, data: Row[]): boolean =>
  isCategory(spec.y, mark.y, data) && !isCategory(spec.x, mark.x, data);

/**
 * Names on an axis of categories: texts in the order of the data, numbers ascending; undefined for an axis of numbers or times.
 * band: categories have a width.
 */
export function categoriesOn(
  axis: 'x' | 'y',
  spec: ChartSpec,
  marks: UsableMark[],
): { names: unknown[]; band: boolean } | undefined {
  const scale = spec[axis];
  if (scale?.type && scale.type !== 'category') return undefined;
  const across = (mark: ChartMark, data: Row[]) => (isSideways(mark, spec, data) ? 'y' : 'x') === axis;
  const band = marks.some(({ mark, data }) => banded.has(mark.mark) && (mark.mark === 'cell' || across(mark, data)));
  const texts = marks.some(({ mark, data }) => isCategory(scale, mark[axis], data));
  if (!band && !texts) return undefined;
  const tick = axis === 'y' && marks.some(({ mark }) => mark.mark === 'tick');
  const values = new Set(
    marks.flatMap(({ mark, data }) => data.map((row): unknown => row[mark[axis] ?? '']).filter(present)),
  );
  const numbers = [...values].every((value) => typeof value === 'number');
  // SAFETY: every one is a number, as was just asked.
  const names = numbers ? ([...values] as number[]).sort((a, b) => a - b) : [...values];
  return { names: axis === 'y' ? asOnX(names, marks) : names, band: band || tick };
}

/** Names of rows in the order of the columns, where both are the same: the diagonal of a matrix is one. */
function asOnX(names: unknown[], marks: UsableMark[]): unknown[] {
  const across = new Set(
    marks.flatMap(({ mark, data }) => (mark.mark === 'cell' ? data.map((row): unknown => row[mark.x ?? '']) : [])),
  );
  const own = [...across].filter(present);
  return own.length === names.length && names.every((name) => across.has(name)) ? own : names;
}

/** Domain of the panels along one side, in the order of the data. */
export const panelsOf = (side: 'panelX' | 'panelY', marks: UsableMark[]): unknown[] => [
  ...new Set(marks.flatMap(({ mark, data }) => (mark[side] === undefined ? [] : data.map((row) => row[mark[side]!])))),
];
