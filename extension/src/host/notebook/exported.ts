import path from 'node:path';
import { saidBy } from '@bregma/core/errors';
import { drawInProcess } from '@bregma/notebooks/chart';
import type { ExportedCell } from '@bregma/notebooks/export/html';
import { toIpynb } from '@bregma/notebooks/export/ipynb';
import { publishedHtml } from '@bregma/notebooks/export/published';
import { toQuarto } from '@bregma/notebooks/export/quarto';
import type * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookOf } from './cells.ts';
import { freshnessOf } from './marks.ts';
import { show } from './show.ts';

/** What a notebook can be written as. */
export type ExportFormat = 'html' | 'ipynb' | 'qmd';

/** A notebook of the editor as one file of another form, with outputs from the store. */
export async function exported(
  app: App,
  document: vscode.NotebookDocument,
  format: ExportFormat,
  signal: AbortSignal,
): Promise<string> {
  const notebook = notebookOf(document);
  const states = await freshnessOf(app, document);
  const cells = await Promise.all(
    notebook.cells.map(async (cell, i): Promise<ExportedCell> => {
      try {
        const shown = await show(app, notebook.cells, i);
        return { cell, pictures: shown?.pictures ?? [], freshness: states[i] };
      } catch (error) {
        return { cell, pictures: [], freshness: states[i], problem: saidBy(error).message };
      }
    }),
  );
  const drawSvg = (request: Parameters<typeof drawInProcess>[0]) => {
    signal.throwIfAborted();
    return drawInProcess(request, app.context.asAbsolutePath('servers/chart-worker.mjs'));
  };
  const file = path.basename(document.uri.fsPath);
  if (format === 'html')
    return publishedHtml(notebook, cells, drawSvg, file, async (shown) => app.store?.ask.publishPage(shown));
  return format === 'qmd' ? toQuarto(notebook, cells, drawSvg) : toIpynb(notebook, cells, drawSvg);
}
