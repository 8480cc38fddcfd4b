import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { NotebookOutput, notebookOutputType, unpackOutput } from '@bregma/webviews/hosts/notebook-output';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';

/** The folder of this window. */
export function folder(): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  if (!first) throw new Error('No folder is open.');
  return first.uri.fsPath;
}

/** Path of a file in the folder of this window. */
export const inFolder = (name: string): string => path.join(folder(), name);

/** Writes a notebook into the folder and opens it in front. */
export async function openNotebook(name: string, text: string | Uint8Array): Promise<vscode.NotebookDocument> {
  writeFileSync(inFolder(name), text);
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(inFolder(name)));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

export const closeAll = () => vscode.commands.executeCommand('workbench.action.closeAllEditors');

/** Puts a text in place of a cell's. */
export async function write(cell: vscode.NotebookCell, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(cell.document.uri, new vscode.Range(0, 0, cell.document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('The cell could not be written.');
}

/** Asks VS Code to run cells, as its own run buttons do. */
export const execute = (notebook: vscode.NotebookDocument, start: number, end = start + 1) =>
  vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start, end }], document: notebook.uri });

/** Runs one cell and waits until VS Code says that it has ended. */
export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<vscode.NotebookCell> {
  const before = notebook.cellAt(index).executionSummary?.timing?.endTime;
  await execute(notebook, index);
  return ended(notebook, index, before);
}

/** Waits until a cell has ended once more than it had at `before`. */
export const ended = (notebook: vscode.NotebookDocument, index: number, before?: number) =>
  eventually(() => {
    const cell = notebook.cellAt(index);
    const end = cell.executionSummary?.timing?.endTime;
    if (end === undefined || end === before) throw new Error(`Cell ${index} has not ended: ${textOf(cell)}`);
    return cell;
  });

/** What the renderer is given to draw, or undefined where there is no output. */
export function shown(cell: vscode.NotebookCell): NotebookOutput | undefined {
  const item = cell.outputs[0]?.items.find(({ mime }) => mime === notebookOutputType);
  return item && NotebookOutput.parse(unpackOutput(item.data));
}

/** What a cell shows to whoever reads text. */
export function textOf(cell: vscode.NotebookCell): string {
  const item = cell.outputs[0]?.items.find(({ mime }) => mime === 'text/plain');
  return item ? new TextDecoder().decode(item.data) : '';
}
