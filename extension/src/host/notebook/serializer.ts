import { BregmaError } from '@bregma/core/errors';
import type { Cell } from '@bregma/notebooks/document';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import type * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookOfData, toNotebookData } from './cells.ts';
import { errorOutput, outputOf } from './outputs.ts';
import { show } from './show.ts';

/** Outputs that the store has not given after this long are left for later: opening a notebook never waits longer. */
const longestMs = 5_000;

/** Reads a file into the editor, with outputs drawn anew from the store. */
export async function readNotebook(app: App, text: string): Promise<vscode.NotebookData> {
  const notebook = parse(text);
  const data = toNotebookData(notebook);
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, longestMs, 'late'));
  await Promise.all(
    data.cells.map(async (cell, i) => {
      cell.outputs = await outputsOf(app, notebook.cells, i, late);
    }),
  );
  return data;
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

export const writeNotebook = (data: vscode.NotebookData): string => serialize(notebookOfData(data));
