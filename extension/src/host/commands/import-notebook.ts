import path from 'node:path';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { openNew } from '../notebook/new-notebook.ts';

/** Makes a notebook from one of Jupyter or Quarto; their file stays as it is. */
export const importNotebook: Command = {
  async run(app, given) {
    const chosen =
      given instanceof vscode.Uri
        ? given
        : (
            await vscode.window.showOpenDialog({
              title: 'Import Jupyter or Quarto Notebook',
              filters: { 'Jupyter and Quarto': ['ipynb', 'qmd'] },
            })
          )?.[0];
    if (!chosen) return undefined;
    const { serialize } = await import('@bregma/notebooks/serialize');
    const { decode } = await import('@bregma/notebooks/decode');
    const text = decode(await vscode.workspace.fs.readFile(chosen));
    const { notebook, others } = /\.qmd$/i.test(chosen.fsPath)
      ? (await import('@bregma/notebooks/export/quarto')).fromQuarto(text)
      : (await import('@bregma/notebooks/export/ipynb')).fromIpynb(text);
    const opened = await openNew(app, path.basename(chosen.fsPath).replace(/\.(ipynb|qmd)$/i, ''), serialize(notebook));
    if (others > 0)
      void vscode.window.showInformationMessage(
        `${others} cell${others === 1 ? '' : 's'} of another language ${others === 1 ? 'is' : 'are'} kept as text: Bregma runs SQL and its own tools.`,
      );
    return opened;
  },
};
