import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { applyEdits, notebookType, toCellData } from '../notebook/cells.ts';
import { openNew } from '../notebook/new-notebook.ts';
import { outputOf } from '../notebook/outputs.ts';
import { show } from '../notebook/show.ts';
import { newCells } from './new-cells.ts';

/** VS Code refuses an edit of a notebook that was changed meanwhile, by whomever: it is made anew so often. */
const mostTries = 20;

/**
 * Puts fenced cells where the person works: behind the selected cell of the notebook that they see, at the cursor of a
 * Markdown text in front, else into an open notebook, else into a new one. Of several notebooks they choose one.
 */
export async function insertCells(app: App, fenced: string): Promise<void> {
  const front = vscode.window.activeNotebookEditor;
  const seen = vscode.window.visibleNotebookEditors.flatMap(({ notebook }) => bregma(notebook));
  const isFront = front !== undefined && bregma(front.notebook).length > 0;
  if (isFront && new Set(seen).size < 2) return insertInto(app, front, fenced);
  const text = vscode.window.activeTextEditor;
  if (!isFront && text?.document.languageId === 'markdown') {
    await text.edit((builder) => builder.insert(text.selection.active, fenced));
    return;
  }
  const open = isFront ? [...new Set([front.notebook, ...seen])] : await inTabs();
  const chosen = open.length > 1 ? await choose(open) : (open[0] ?? 'new');
  if (chosen === 'new') await openNew(app, 'notebook', fenced);
  else if (chosen) await insertInto(app, await showOrFind(chosen), fenced);
}

const bregma = (notebook: vscode.NotebookDocument) =>
  notebook.notebookType === notebookType && !notebook.isClosed ? [notebook] : [];

/** The notebooks that have a tab: VS Code keeps those that were closed for a while, and does not load all that have one. */
function inTabs(): Promise<vscode.NotebookDocument[]> {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  const uris = tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputNotebook && input.notebookType === notebookType ? [input.uri.toString()] : [],
  );
  return Promise.all([...new Set(uris)].map((uri) => vscode.workspace.openNotebookDocument(vscode.Uri.parse(uri))));
}

async function choose(open: vscode.NotebookDocument[]): Promise<vscode.NotebookDocument | 'new' | undefined> {
  const items: (vscode.QuickPickItem & { notebook: vscode.NotebookDocument | 'new' })[] = [
    ...open.map((notebook) => ({ label: vscode.workspace.asRelativePath(notebook.uri), notebook })),
    { label: '$(new-file) New Notebook', notebook: 'new' },
  ];
  return (await vscode.window.showQuickPick(items, { title: 'Insert into Notebook' }))?.notebook;
}

/** The editor that shows a notebook, in the column where it is. */
function showOrFind(notebook: vscode.NotebookDocument): Thenable<vscode.NotebookEditor> {
  const shown = vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
  return vscode.window.showNotebookDocument(notebook, { viewColumn: shown?.viewColumn });
}

async function insertInto(app: App, editor: vscode.NotebookEditor, fenced: string): Promise<void> {
  const made = await newCells(fenced);
  const cells = await Promise.all(
    made.map(async (cell, i) => {
      const shown = await show(app.at(editor.notebook.uri), made, i).catch(() => undefined);
      return Object.assign(toCellData(cell), shown && { outputs: [outputOf(shown)] });
    }),
  );
  for (let tries = 0; tries < mostTries; tries++) {
    const at = Math.min(editor.selection.end, editor.notebook.cellCount);
    if (!(await applyEdits(editor.notebook, [vscode.NotebookEdit.insertCells(at, cells)]))) continue;
    editor.selection = new vscode.NotebookRange(at, at + cells.length);
    editor.revealRange(editor.selection);
    return;
  }
  throw new BregmaError('conflict', 'The notebook was changed while the cell was put into it.', {
    next: 'Insert it again.',
  });
}
