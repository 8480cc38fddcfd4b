import { studentQuantile } from '@bregma/core/statistics/student';
import { present, type Row } from './rows.ts';

/** The values of one column at one place: a category or a number on the other axis, one colour, one panel. */
export interface Group {
  at: unknown;
  /** Undefined where no column gives colours. */
  colour: unknown;
  panelX: unknown;
  panelY: unknown;
  values: number[];
}

/** Columns by which rows are put together, and the one whose values are. */
export interface GroupKeys {
  at?: string;
  value?: string;
  colour?: string;
  panelX?: string;
  panelY?: string;
}

/** Rows with a finite value in `value`, put together by the other columns, in the order in which the rows name them. */
export function groupsOf(rows: Row[], { at, value, colour, panelX, panelY }: GroupKeys): Group[] {
  const groups = new Map<string, Group>();
  const part = (row: Row, name: string | undefined) => (name === undefined ? undefined : row[name]);
  for (const row of rows) {
    const number = part(row, value);
    if (typeof number !== 'number' || !Number.isFinite(number)) continue;
    if (at !== undefined && !present(row[at])) continue;
    const places = [at, colour, panelX, panelY].map((name) => part(row, name));
    const key = JSON.stringify(places.map((place) => [typeof place, String(place)]));
    const group = groups.get(key);
    if (group) group.values.push(number);
    else groups.set(key, { at: places[0], colour: places[1], panelX: places[2], panelY: places[3], values: [number] });
  }
  return [...groups.values()];
}

/** What is said of the values of a group. */
export interface Summary {
  n: number;
  mean: number;
  /** With n − 1; NaN of one value. */
  sd: number;
  median: number;
  /** Quartiles by linear interpolation (type 7 of Hyndman & Fan 1996, as NumPy and R). */
  q1: number;
  q3: number;
  min: number;
  max: number;
}

/** values: at least one, finite. */
export function summaryOf(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    n,
    mean,
    sd: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN,
    median: quantile(sorted, 0.5),
    q1: quantile(sorted, 0.25),
    q3: quantile(sorted, 0.75),
    min: sorted[0],
    max: sorted[n - 1],
  };
}

/** sorted: ascending, at least one. */
export function quantile(sorted: readonly number[], p: number): number {
  const place = (sorted.length - 1) * p;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** What a whisker around a mean shows. */
export type Spread = 'sd' | 'sem' | 'ci';

/** Half the length of a whisker around the mean; 0 of one value, which has none. ci: Student's 95 % interval. */
export function halfWidth({ n, sd }: Pick<Summary, 'n' | 'sd'>, spread: Spread): number {
  if (n < 2) return 0;
  if (spread === 'sd') return sd;
  const sem = sd / Math.sqrt(n);
  return spread === 'sem' ? sem : sem * studentQuantile(0.975, n - 1);
}

/**
 * Density of values at `at`: Gaussian kernel with Scott's bandwidth sd·n^(−1/5) (Scott 1992); 0 everywhere when all values are one.
 */
export function densityAt(values: readonly number[], at: readonly number[]): number[] {
  const { sd, n } = summaryOf(values);
  const bandwidth = sd * n ** -0.2;
  if (!(bandwidth > 0)) return at.map(() => 0);
  return at.map((place) => {
    let sum = 0;
    for (const value of values) sum += Math.exp(-0.5 * ((place - value) / bandwidth) ** 2);
    return sum / (n * bandwidth * Math.sqrt(2 * Math.PI));
  });
}
