import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import * as vscode from 'vscode';
import type { ReadOptions } from '../../catalogue/preview.ts';
import { rowsOf } from '../../catalogue/words.ts';
import type { App, Command } from '../app.ts';

/**
 * Adds a file of the person's own: first shows how it would be read, then puts what was decided and its first rows into a notebook,
 * the one in front or a new one. given: a file, from a menu or a drop; for callers without a dialog `{ resourceUri, options }`.
 */
export const addData: Command = {
  async run(app, given, selected) {
    if (!app.folder) throw new BregmaError('missing', 'Data are kept in a folder.', { next: 'Open a folder first.' });
    app.places();
    const asked = memberOf(given, 'resourceUri');
    if (asked instanceof vscode.Uri) {
      // SAFETY: callers without a dialog give an object; add_data itself looks at each option.
      await addOne(app, app.folder, asked, (memberOf(given, 'options') ?? {}) as ReadOptions);
      return [asked.fsPath];
    }
    const added: string[] = [];
    for (const uri of await chosen(app.folder, given, selected)) {
      const { previewData } = await import('../catalogue/preview-data.ts');
      const options = await previewData(app, uri.fsPath);
      if (!options) continue;
      await addOne(app, app.folder, uri, options);
      added.push(uri.fsPath);
    }
    return added;
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

async function addOne(app: App, folder: vscode.Uri, { fsPath }: vscode.Uri, options: ReadOptions): Promise<void> {
  const inside = path.relative(folder.fsPath, fsPath).replaceAll('\\', '/');
  const source = inside.startsWith('../') || path.isAbsolute(inside) ? fsPath : inside;
  const { addedCells, addedRelease, firstTable } = await import('../../catalogue/added.ts');
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Reading ${path.basename(fsPath)}`, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const { signal } = abort;
      const { activity, value } = await app.servers.call('atlas', 'add_data', { source, options }, { signal });
      const table = firstTable(value);
      const sql = table === undefined ? undefined : rowsOf(addedRelease(value), table);
      const query = sql && (await app.servers.call('atlas', 'query_data', { sql }, { signal }));
      return addedCells(
        { source, activity, value, options },
        sql && query ? { sql, activity: query.activity } : undefined,
      );
    },
  );
  const { insertCells } = await import('../catalogue/insert-cells.ts');
  await insertCells(app, text);
}
