import * as vscode from 'vscode';
import type { App, Feature } from '../app.ts';
import { notebookType } from '../notebook/cells.ts';

/** Notebooks in Markdown: opened, run, marked stale, and kept in step with the file. Loaded when the first one is opened. */
export const notebooks: Feature = {
  name: 'notebooks',
  activate(app: App) {
    let started: Promise<vscode.NotebookSerializer> | undefined;
    const start = () => {
      started ??= import('../notebook/start.ts').then(({ startNotebooks }) => startNotebooks(app));
      return started;
    };
    app.context.subscriptions.push(
      vscode.workspace.registerNotebookSerializer(
        notebookType,
        {
          deserializeNotebook: async (bytes, token) => (await start()).deserializeNotebook(bytes, token),
          serializeNotebook: async (data, token) => (await start()).serializeNotebook(data, token),
        },
        { transientOutputs: true },
      ),
    );
    if (vscode.workspace.notebookDocuments.some((notebook) => notebook.notebookType === notebookType)) void start();
  },
};
