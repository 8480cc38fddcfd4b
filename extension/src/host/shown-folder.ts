import path from 'node:path';
import * as vscode from 'vscode';
import type { App } from './app.ts';

/** The name of a folder as the workspace calls it. */
export const folderName = (folder: vscode.Uri): string =>
  vscode.workspace.getWorkspaceFolder(folder)?.name ?? path.basename(folder.fsPath);

/** Says beside the title of a view whose records it shows, where the window has several folders. */
export function sayFolder(app: App, ...views: vscode.TreeView<unknown>[]): vscode.Disposable {
  const say = () => {
    const name = app.folder && app.folders().length > 1 ? folderName(app.folder) : undefined;
    for (const view of views) view.description = name;
  };
  say();
  return vscode.Disposable.from(app.onShown(say), vscode.workspace.onDidChangeWorkspaceFolders(say));
}
