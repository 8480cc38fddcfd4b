import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookType, toCellData } from '../notebook/cells.ts';
import { openNew } from '../notebook/new-notebook.ts';

/**
 * Puts fenced cells where the person works: behind the selected cell of the notebook in front, at the cursor of a
 * Markdown text in front, else into an open notebook, else into a new one.
 */
export async function insertCells(app: App, fenced: string): Promise<void> {
  const front = vscode.window.activeNotebookEditor;
  if (front?.notebook.notebookType === notebookType) return insertInto(front, fenced);
  const text = vscode.window.activeTextEditor;
  if (text?.document.languageId === 'markdown') {
    await text.edit((builder) => builder.insert(text.selection.active, fenced));
    return;
  }
  const open = vscode.workspace.notebookDocuments.filter((one) => one.notebookType === notebookType && !one.isClosed);
  if (open.length === 0) {
    await openNew(app, 'notebook', fenced);
    return;
  }
  const chosen = open.length === 1 ? open[0] : await choose(open);
  if (chosen) await insertInto(await vscode.window.showNotebookDocument(chosen), fenced);
}

async function choose(open: vscode.NotebookDocument[]): Promise<vscode.NotebookDocument | undefined> {
  const items = open.map((notebook) => ({ label: vscode.workspace.asRelativePath(notebook.uri), notebook }));
  return (await vscode.window.showQuickPick(items, { title: 'Insert into Notebook' }))?.notebook;
}

async function insertInto(editor: vscode.NotebookEditor, fenced: string): Promise<void> {
  const { parse } = await import('../../notebook/parse.ts');
  const cells = parse(fenced).cells.map(({ raw: _, ...cell }) => toCellData(cell));
  const at = Math.min(editor.selection.end, editor.notebook.cellCount);
  const edit = new vscode.WorkspaceEdit();
  edit.set(editor.notebook.uri, [vscode.NotebookEdit.insertCells(at, cells)]);
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new BregmaError('conflict', 'The notebook was changed while the cell was put into it.', {
      next: 'Insert it again.',
    });
  editor.selection = new vscode.NotebookRange(at, at + cells.length);
  editor.revealRange(editor.selection);
}
