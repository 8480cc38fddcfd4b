import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import { rowsOf } from '../../catalogue/words.ts';
import type { App, Command } from '../app.ts';

/**
 * Adds a file of the person's own, and shows what was decided about it and its first rows in a notebook: the one in front, or a
 * new one. given: a file, from a menu or a drop.
 */
export const addData: Command = {
  async run(app, given, selected) {
    if (!app.folder) throw new BregmaError('missing', 'Data are kept in a folder.', { next: 'Open a folder first.' });
    app.places();
    const uris = await chosen(app.folder, given, selected);
    for (const uri of uris) await addOne(app, app.folder, uri);
    return uris.map(({ fsPath }) => fsPath);
  },
};

async function chosen(folder: vscode.Uri, given: unknown, selected: unknown): Promise<vscode.Uri[]> {
  if (Array.isArray(selected) && selected.length > 0) return selected.filter((one) => one instanceof vscode.Uri);
  if (given instanceof vscode.Uri) return [given];
  const picked = await vscode.window.showOpenDialog({
    title: 'Add Data: a table (CSV, TSV, Parquet, XLSX), an array (NPY), a recording',
    openLabel: 'Add Data',
    defaultUri: folder,
    canSelectMany: true,
  });
  return picked ?? [];
}

async function addOne(app: App, folder: vscode.Uri, { fsPath }: vscode.Uri): Promise<void> {
  const inside = path.relative(folder.fsPath, fsPath).replaceAll('\\', '/');
  const source = inside.startsWith('../') || path.isAbsolute(inside) ? fsPath : inside;
  const { addedCells, addedRelease, firstTable } = await import('../../catalogue/added.ts');
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Reading ${path.basename(fsPath)}`, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const { signal } = abort;
      const { activity, value } = await app.servers.call('atlas', 'add_data', { source }, { signal });
      const table = firstTable(value);
      const sql = table === undefined ? undefined : rowsOf(addedRelease(value), table);
      const query = sql && (await app.servers.call('atlas', 'query_data', { sql }, { signal }));
      return addedCells({ source, activity, value }, sql && query ? { sql, activity: query.activity } : undefined);
    },
  );
  const { insertCells } = await import('../catalogue/insert-cells.ts');
  await insertCells(app, text);
}
