import { BregmaError } from '@bregma/core/errors';
import type { Cell } from '@bregma/notebooks/document';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import type * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookOfData, toNotebookData } from './cells.ts';
import { factsOf } from './marks.ts';
import { errorOutput, outputOf } from './outputs.ts';
import { show } from './show.ts';

/** Outputs that the store has not given after this long are left for later: opening a notebook never waits longer. */
const longestMs = 5_000;

/** Reads a file into the editor, with outputs drawn anew from the store. */
export async function readNotebook(app: App, text: string): Promise<vscode.NotebookData> {
  const notebook = parse(text);
  const own = await knowing(app, notebook.cells);
  const data = toNotebookData(notebook);
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, longestMs, 'late'));
  await Promise.all(
    data.cells.map(async (cell, i) => {
      cell.outputs = await outputsOf(own, notebook.cells, i, late);
    }),
  );
  return data;
}

/** VS Code does not say which file it reads: the results of a notebook lie in the folder whose records know the most of them. */
async function knowing(app: App, cells: Cell[]): Promise<App> {
  const folders = app.folders();
  if (folders.length < 2) return app;
  const apps = folders.map(app.at);
  const known = await Promise.all(
    apps.map(async (one) => Object.keys((await factsOf(one, cells).catch(() => undefined))?.recorded ?? {}).length),
  );
  return apps[known.indexOf(Math.max(...known))];
}

async function outputsOf(
  app: App,
  cells: Cell[],
  index: number,
  late: Promise<'late'>,
): Promise<vscode.NotebookCellOutput[]> {
  try {
    const shown = await Promise.race([show(app, cells, index), late]);
    if (shown === undefined) return [];
    if (shown === 'late')
      throw new BregmaError('failed', 'The store has not given this result yet.', { next: 'Reopen the notebook.' });
    return [outputOf(shown)];
  } catch (error) {
    // SAFETY: every cell has an info but prose, which has none.
    const { info } = cells[index] as { info?: { activity?: string } };
    // A chart over a cell that never ran shows nothing, and no complaint.
    return info?.activity || cells[index].kind === 'hypothesis' ? [errorOutput(error)] : [];
  }
}

/** The text of a notebook that the editor holds. */
export const writeNotebook = (data: vscode.NotebookData): string => serialize(notebookOfData(data));
