import { BregmaError } from '@bregma/core/errors';
import { namesUsed } from './call.ts';
import { drawChart } from './chart.ts';
import type { Cell, FencedCell } from './document.ts';
import type { ChartData } from './draw/chart-rows.ts';
import type { Picture } from './draw/draw.ts';
import type { DrawnFrom } from './freshness.ts';
import { viewSpec } from './plot/form.ts';

/** What a cell shows: the pictures of its result, and what is to be said of it. */
export interface Shown {
  pictures: Picture[];
  said?: string[];
  /** Of a chart: what it was made of. */
  drawn?: DrawnFrom;
}

/** Where what cells show comes from: records of one folder, asked in a thread or read at once. Each throws what is wrong. */
export interface Source {
  /** Of what an activity answered. */
  pictures(activity: string): Promise<Picture[]>;
  /** Rows that a chart over this activity's answer is drawn from. */
  rows(activity: string): Promise<ChartData>;
  /** A hypothesis as it stands now. */
  hypothesis(id: string): Promise<Picture>;
  /** What a plot cell with `view:` shows, over an activity or over the data set that it names. */
  view(raw: unknown, activity: string | undefined): Promise<Picture>;
  /** The bundled chart-worker, which draws Vega-Lite. */
  program: URL | string;
}

/** The activity behind the newest cell of this name above `index`. Throws when there is none. */
export function activityAbove(cells: Cell[], index: number, name: string): string {
  // SAFETY: prose is left out, and every other cell is fenced.
  const found = cells.slice(0, index).findLast((cell) => cell.kind !== 'prose' && cell.info.name === name) as
    | FencedCell
    | undefined;
  if (!found) {
    const names = cells.slice(0, index).flatMap((cell) => (cell.kind !== 'prose' && cell.info.name) || []);
    throw new BregmaError('unknown-name', `There is no earlier cell '${name}'.`, {
      next:
        names.length > 0
          ? `Named above: ${names.join(', ')}.`
          : 'Name one with name=… behind its kind, or by “Name…” below the cell.',
      fields: { what: 'cell', id: name },
    });
  }
  if (cells.filter((cell) => cell.kind !== 'prose' && cell.info.name === name).length > 1)
    throw new BregmaError('conflict', `Several cells have the name '${name}'.`, {
      next: 'Give all but one another name, by “Name…” below the cell.',
    });
  if (!found.info.activity) throw new BregmaError('missing', `'${name}' has no result yet.`, { next: 'Run it first.' });
  return found.info.activity;
}

/** What the chart in this place is made of now. Throws when a cell that it names has no result. */
export function madeOf(cells: Cell[], index: number): DrawnFrom {
  const cell = cells[index];
  const activities = namesUsed(cell).map((name) => [name, activityAbove(cells, index, name)]);
  return { text: cell.text, activities: Object.fromEntries(activities) };
}

/** Whether a cell is a chart of what other cells found, or of a data set. */
export const isChart = (cell: Cell): cell is FencedCell & { kind: 'plot' | 'vega-lite' } =>
  cell.kind === 'plot' || cell.kind === 'vega-lite';

/** The picture of the chart cell in this place. */
export function drawCell(source: Source, cell: FencedCell, made: DrawnFrom, signal?: AbortSignal): Promise<Picture> {
  const view = cell.kind === 'plot' ? viewSpec(cell.text) : undefined;
  if (view) return source.view(view, Object.values(made.activities)[0]);
  return drawChart(cell, (name) => source.rows(made.activities[name]), source.program, signal);
}

/** What a cell shows without running anything. undefined: there is nothing to show yet. */
export async function showCell(
  source: Source,
  cells: Cell[],
  index: number,
  signal?: AbortSignal,
): Promise<Shown | undefined> {
  const cell = cells[index];
  if (cell.kind === 'prose') return undefined;
  if (cell.kind === 'hypothesis') return { pictures: [await source.hypothesis(cell.text.trim())] };
  if (isChart(cell)) {
    const drawn = madeOf(cells, index);
    return { pictures: [await drawCell(source, cell, drawn, signal)], drawn };
  }
  return cell.info.activity ? { pictures: await source.pictures(cell.info.activity) } : undefined;
}
