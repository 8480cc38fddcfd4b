import { BregmaError } from '@bregma/core/errors';
import type { Cell } from '@bregma/notebooks/document';
import type { Picture } from '@bregma/notebooks/draw/draw';
import { drawCell, isChart, madeOf, type Shown, type Source, showCell } from '@bregma/notebooks/show';
import type { App } from '../app.ts';

/** Pictures of activities that were drawn lately. An activity never changes, so neither does its picture. */
const kept = new Map<string, Promise<Picture[]>>();
const mostKept = 100;
/** Bytes of a picture that is kept; a larger one is read from the store each time. */
const mostKeptBytes = 1_000_000;

/** The pictures of an activity. Throws what the store says. */
export function picturesOf(app: App, activity: string): Promise<Picture[]> {
  let pictures = kept.get(activity);
  if (!pictures) {
    pictures = storeOf(app).ask.notebookPictures(activity);
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

function storeOf({ store }: App) {
  if (store) return store;
  throw new BregmaError('missing', 'Results and hypotheses are kept in a folder: open one.');
}

/** The thread of the store, as cells ask it. */
const sourceOf = (app: App): Source => ({
  pictures: async (activity) => picturesOf(app, activity),
  rows: async (activity) => storeOf(app).ask.notebookRows(activity),
  hypothesis: async (id) => storeOf(app).ask.notebookHypothesis(id),
  view: async (raw, activity) => storeOf(app).ask.notebookView(raw, activity),
  program: app.context.asAbsolutePath('servers/chart-worker.mjs'),
});

/** Charts that were drawn lately, by what they were drawn from: a reloaded notebook shows them at once. */
const charts = new Map<string, Picture>();

/** What a cell shows without running anything: from the store. undefined: there is nothing to show yet. */
export async function show(app: App, cells: Cell[], index: number, signal?: AbortSignal): Promise<Shown | undefined> {
  const cell = cells[index];
  if (!isChart(cell)) return showCell(sourceOf(app), cells, index, signal);
  const drawn = madeOf(cells, index);
  const key = JSON.stringify([cell.kind, cell.info.name, drawn]);
  const known = charts.get(key);
  if (known) return { pictures: [known], drawn };
  const picture = await drawCell(sourceOf(app), cell, drawn, signal);
  if (isLarge([picture])) return { pictures: [picture], drawn };
  charts.set(key, picture);
  const [oldest] = charts.keys();
  if (charts.size > mostKept) charts.delete(oldest);
  return { pictures: [picture], drawn };
}
