import type { ChartMark, ChartSpec } from './model.ts';

/** A row of a chart's table: column → value. */
export type Row = Record<string, unknown>;

const channels = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'colour', 'symbol', 'text', 'each', 'panelX', 'panelY'] as const;
const positions = ['x', 'y', 'x1', 'x2', 'y1', 'y2'] as const;

/** A mark with the rows that it can draw. */
export interface UsableMark {
  mark: ChartMark;
  data: Row[];
}

/**
 * The rows that each mark can draw: those with a value in every position that it names. Lines and bands keep all rows, so that a
 * gap stays a gap. left: rows that some mark leaves out. Throws when a mark names a column that no row has.
 */
export function usable(spec: ChartSpec, rows: Row[], columns: string[]): { marks: UsableMark[]; left: number } {
  const out = new Set<number>();
  // A logarithm has no place for zero and what is below it.
  const logs = new Set<string>((['x', 'y'] as const).filter((axis) => spec[axis]?.type === 'log'));
  const marks = spec.marks.map((mark) => {
    for (const channel of channels) {
      const name = mark[channel];
      if (name !== undefined && rows.length > 0 && !columns.includes(name))
        throw new Error(
          `There is no column “${name.slice(0, 60)}” for ${channel} of ${mark.mark}.${meant(name, columns)} The columns are ${columns.slice(0, 12).join(', ')}.`,
        );
    }
    if (mark.mark === 'rule' && mark.at !== undefined) return { mark, data: [] };
    const data = rows.filter((row, i) => {
      const whole = positions.every((channel) => {
        const name = mark[channel];
        return name === undefined || (present(row[name]) && !(logs.has(channel[0]) && Number(row[name]) <= 0));
      });
      if (!whole) out.add(i);
      return whole || mark.mark === 'line' || mark.mark === 'band' || mark.mark === 'area';
    });
    return { mark, data };
  });
  return { marks, left: out.size };
}

/** SQL does not tell capitals from small letters; a chart's columns are those of its rows. */
function meant(name: string, columns: string[]): string {
  const same = columns.find((column) => column.toLowerCase() === name.toLowerCase());
  return same === undefined ? '' : ` Did you mean ${same.slice(0, 60)}?`;
}

/** True for a value that can be drawn: there, and no NaN or infinity. */
export const present = (value: unknown) =>
  value !== null && value !== undefined && !(typeof value === 'number' && !Number.isFinite(value));

/** What colour stands for in a chart. */
export type Colours =
  | { kind: 'none' }
  | { kind: 'category'; column: string; names: string[] }
  | { kind: 'number'; column: string; scale: 'sequential' | 'diverging' };

/** What colour stands for: categories in the order of their rows, or numbers. */
export function categoriesOf(spec: ChartSpec, rows: Row[]): Colours {
  const column = spec.marks.find(({ colour }) => colour !== undefined)?.colour;
  if (column === undefined) return { kind: 'none' };
  const values = rows.map((row) => row[column]).filter(present);
  const numeric = values.length > 0 && values.every((value) => typeof value === 'number');
  if (numeric && spec.colour?.type !== 'category')
    return { kind: 'number', column, scale: spec.colour?.type === 'diverging' ? 'diverging' : 'sequential' };
  return { kind: 'category', column, names: [...new Set(values.map(String))] };
}
