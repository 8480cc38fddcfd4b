import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookType } from './cells.ts';

/** The Bregma notebook in front. Throws when there is none. */
export function notebookInFront(): vscode.NotebookDocument {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (notebook?.notebookType === notebookType) return notebook;
  throw new BregmaError('missing', 'Open a Bregma notebook (*.bregma.md) first.');
}

/** A name beside `near` that no file has: `wiring.bregma.md`, `wiring-2.bregma.md`… */
async function freeName(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let n = 1; ; n++) {
    const uri = vscode.Uri.joinPath(folder, `${name}${n === 1 ? '' : `-${n}`}.bregma.md`);
    const taken = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!taken) return uri;
  }
}

/** Writes a new notebook beside the others and opens it. */
export async function openNew(app: App, name: string, text: string): Promise<vscode.NotebookDocument> {
  if (!app.folder) throw new BregmaError('missing', 'A notebook works on the records of a folder: open one first.');
  if (!vscode.workspace.isTrusted)
    throw new BregmaError('not-allowed', 'This workspace is not trusted: nothing is written in it.', {
      next: 'Trust it by “Workspaces: Manage Workspace Trust”.',
    });
  const uri = await freeName(app.folder, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}
