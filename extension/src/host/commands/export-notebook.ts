import path from 'node:path';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { longWork } from '../long-work.ts';
import type { ExportFormat } from '../notebook/exported.ts';
import { notebookInFront } from '../notebook/new-notebook.ts';
import { say } from '../say.ts';

const formats: { label: string; description: string; format: ExportFormat }[] = [
  { label: 'HTML', description: 'one file to read, with its pictures and the ids of its activities', format: 'html' },
  { label: 'Jupyter', description: '.ipynb, nbformat 4.5', format: 'ipynb' },
  { label: 'Quarto', description: '.qmd, the same text with what its cells show; nothing in it runs', format: 'qmd' },
];

/** Writes the notebook in front as HTML, as a Jupyter notebook or for Quarto. given: format and target, for callers without a dialog. Gives the path. */
export const exportNotebook: Command = {
  async run(app, given) {
    const notebook = notebookInFront();
    // SAFETY: callers without a dialog give this; the menus give something without these members, or nothing.
    const wanted = given as { format?: ExportFormat; target?: string } | undefined;
    const format =
      formats.find((one) => one.format === wanted?.format) ??
      (await vscode.window.showQuickPick(formats, { title: 'Export Notebook' }));
    if (!format) return undefined;
    const base = path.basename(notebook.uri.fsPath).replace(/\.bregma\.md$/, '');
    const beside = vscode.Uri.joinPath(notebook.uri, '..', `${base}.${format.format}`);
    const target =
      typeof wanted?.target === 'string'
        ? vscode.Uri.file(wanted.target)
        : await vscode.window.showSaveDialog({
            title: `Export as ${format.label}`,
            defaultUri: beside,
            filters: { [format.label]: [format.format] },
          });
    if (!target) return undefined;
    const { exported } = await import('../notebook/exported.ts');
    const text = await longWork(`Exporting ${base}`, (signal) =>
      exported(app.at(notebook.uri), notebook, format.format, signal),
    );
    if (text === undefined) return undefined;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    say(`Wrote ${path.basename(target.fsPath)}.`, { Open: () => vscode.env.openExternal(target) });
    return target.fsPath;
  },
};
