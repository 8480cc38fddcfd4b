import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { notebookType } from '../notebook/cells.ts';

/** The side bar shows the records of the notebook that came to the front last, or those that a person chose since. */
export const shownFolder: Feature = {
  name: 'shown-folder',
  activate(app) {
    const follow = (editor: vscode.NotebookEditor | undefined) => {
      if (editor?.notebook.notebookType !== notebookType) return;
      const own = vscode.workspace.getWorkspaceFolder(editor.notebook.uri)?.uri;
      if (own?.scheme === 'file') void app.choose(own);
    };
    follow(vscode.window.activeNotebookEditor);
    app.context.subscriptions.push(vscode.window.onDidChangeActiveNotebookEditor(follow));
  },
};
