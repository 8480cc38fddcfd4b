import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { cellGiven, cellOf } from '../notebook/cells.ts';

/** Writes the whole table behind a cell's result: all rows, not those that are shown. to: its path, for callers without a dialog. */
export const saveResult: Command = {
  async run(app, given, to) {
    const cell = cellGiven(given);
    const content = cell && cellOf(cell);
    if (!content || content.kind === 'prose' || !content.info.activity)
      throw new BregmaError('missing', 'This cell has no result.', { next: 'Run it first.' });
    const name = content.info.name ?? content.info.activity;
    const target =
      typeof to === 'string'
        ? vscode.Uri.file(to)
        : await vscode.window.showSaveDialog({
            title: 'Save Result',
            defaultUri: app.folder && vscode.Uri.joinPath(app.folder, `${name}.csv`),
            filters: { CSV: ['csv'], Parquet: ['parquet'] },
          });
    return target && save(app, content.info.activity, target);
  },
};

async function save({ store }: App, activity: string, target: vscode.Uri): Promise<void> {
  const format = path.extname(target.fsPath) === '.parquet' ? 'parquet' : 'csv';
  const bytes = await store?.ask.notebookResultFile(activity, format);
  if (!bytes) return;
  await vscode.workspace.fs.writeFile(target, bytes);
  vscode.window.setStatusBarMessage(`Wrote ${path.basename(target.fsPath)}`, 5000);
}
