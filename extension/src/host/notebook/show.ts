import { BregmaError } from '@bregma/core/errors';
import { namesUsed } from '../../notebook/call.ts';
import { drawChart } from '../../notebook/chart.ts';
import type { Cell, FencedCell } from '../../notebook/document.ts';
import type { Picture } from '../../notebook/draw/draw.ts';
import { viewSpec } from '../../notebook/plot/form.ts';
import type { App } from '../app.ts';
import type { Shown } from './outputs.ts';

/** Pictures of activities that were drawn lately. An activity never changes, so neither does its picture. */
const kept = new Map<string, Promise<Picture[]>>();
const mostKept = 100;
/** Bytes of a picture that is kept; a larger one is read from the store each time. */
const mostKeptBytes = 1_000_000;

/** The pictures of an activity. Throws what the store says. */
export function picturesOf({ store }: App, activity: string): Promise<Picture[]> {
  if (!store) return Promise.reject(new BregmaError('missing', 'Results are kept in a folder: open one.'));
  let pictures = kept.get(activity);
  if (!pictures) {
    pictures = store.ask.notebookPictures(activity);
    pictures.then(
      (drawn) => isLarge(drawn) && kept.delete(activity),
      () => kept.delete(activity),
    );
    kept.set(activity, pictures);
    const [oldest] = kept.keys();
    if (kept.size > mostKept) kept.delete(oldest);
  }
  return pictures;
}

/** Whether the tables, images and volumes among these pictures hold many bytes. */
function isLarge(pictures: Picture[]): boolean {
  let bytes = 0;
  const visit = (value: unknown, depth: number): void => {
    if (value instanceof Uint8Array) bytes += value.byteLength;
    else if (depth > 0 && typeof value === 'object' && value !== null)
      for (const item of Object.values(value).slice(0, 1000)) visit(item, depth - 1);
  };
  visit(
    pictures.map(({ model }) => model),
    5,
  );
  return bytes > mostKeptBytes;
}

/** The activity behind the newest cell of this name above `index`. Throws when there is none. */
export function activityAbove(cells: Cell[], index: number, name: string): string {
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
    });
  }
  if (cells.filter((cell) => cell.kind !== 'prose' && cell.info.name === name).length > 1)
    throw new BregmaError('conflict', `Several cells have the name '${name}'.`, {
      next: 'Give all but one another name, by “Name…” below the cell.',
    });
  if (!found.info.activity) throw new BregmaError('missing', `'${name}' has no result yet.`, { next: 'Run it first.' });
  return found.info.activity;
}

/** What a cell shows without running anything: from the store. undefined: there is nothing to show yet. */
export async function show(app: App, cells: Cell[], index: number, signal?: AbortSignal): Promise<Shown | undefined> {
  const cell = cells[index];
  if (cell.kind === 'prose') return undefined;
  if (cell.kind === 'hypothesis') return { pictures: [await hypothesis(app, cell.text.trim())] };
  if (cell.kind === 'plot' || cell.kind === 'vega-lite') return chart(app, cells, index, signal);
  return cell.info.activity ? { pictures: await picturesOf(app, cell.info.activity) } : undefined;
}

function hypothesis({ store }: App, id: string): Promise<Picture> {
  if (!store) throw new BregmaError('missing', 'Hypotheses are kept in a folder: open one.');
  return store.ask.notebookHypothesis(id);
}

/** Charts that were drawn lately, by what they were drawn from: a reloaded notebook shows them at once. */
const charts = new Map<string, Picture>();

async function chart(app: App, cells: Cell[], index: number, signal?: AbortSignal): Promise<Shown> {
  // SAFETY: only cells of the kinds plot and vega-lite come here, and those are fenced.
  const cell = cells[index] as FencedCell;
  const activities = Object.fromEntries(namesUsed(cell).map((name) => [name, activityAbove(cells, index, name)]));
  const dataOf = (name: string) => {
    if (!app.store) throw new BregmaError('missing', 'Results are kept in a folder: open one.');
    return app.store.ask.notebookRows(activities[name]);
  };
  const drawn = { text: cell.text, activities };
  const key = JSON.stringify([cell.kind, cell.info.name, drawn]);
  const known = charts.get(key);
  if (known) return { pictures: [known], drawn };
  const picture = await draw();
  if (isLarge([picture])) return { pictures: [picture], drawn };
  charts.set(key, picture);
  const [oldest] = charts.keys();
  if (charts.size > mostKept) charts.delete(oldest);
  return { pictures: [picture], drawn };

  function draw(): Promise<Picture> {
    const view = cell.kind === 'plot' ? viewSpec(cell.text) : undefined;
    if (!view) return drawChart(cell, dataOf, app.context.asAbsolutePath('chart-worker.js'), signal);
    if (!app.store) throw new BregmaError('missing', 'Results are kept in a folder: open one.');
    return app.store.ask.notebookView(view, Object.values(activities)[0]);
  }
}
