import * as vscode from 'vscode';
import type { App, Feature } from '../app.ts';
import { notebookType } from '../notebook/cells.ts';
import { offerCompletions } from '../notebook/completion.ts';
import { createController } from '../notebook/controller.ts';
import { DiskChanges } from '../notebook/disk.ts';
import { Marks } from '../notebook/marks.ts';
import { connectOutputs } from '../notebook/messages.ts';
import { readNotebook, writeNotebook } from '../notebook/serializer.ts';
import { statusItems } from '../notebook/status.ts';

/** Notebooks in Markdown: opened, run, marked stale, and kept in step with the file. */
export const notebooks: Feature = {
  name: 'notebooks',
  activate(app: App) {
    const marks = new Marks(app);
    const soon = () => marks.soon();
    app.context.subscriptions.push(
      vscode.workspace.registerNotebookSerializer(
        notebookType,
        {
          deserializeNotebook: (bytes) => readNotebook(app, bytes),
          serializeNotebook: writeNotebook,
        },
        { transientOutputs: true },
      ),
      createController(app, marks),
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, {
        onDidChangeCellStatusBarItems: (listener) => marks.onChanged(() => listener()),
        provideCellStatusBarItems: (cell) => statusItems(cell, marks),
      }),
      connectOutputs(app, marks),
      offerCompletions(app),
      new DiskChanges(app).start(),
      vscode.workspace.onDidOpenNotebookDocument(soon),
      vscode.workspace.onDidChangeNotebookDocument(soon),
    );
    if (app.store) app.context.subscriptions.push(app.store.onGrown(soon));
    soon();
  },
};
