import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { applyEdits, markProse, notebookType } from './cells.ts';
import { offerCompletions } from './completion.ts';
import { createController } from './controller.ts';
import { DiskChanges } from './disk.ts';
import { Marks } from './marks.ts';
import { connectOutputs } from './messages.ts';
import { decode, readNotebook, writeNotebook } from './serializer.ts';
import { statusItems } from './status.ts';

/** Everything about notebooks that works once the first one is opened. */
export function startNotebooks(app: App): vscode.NotebookSerializer {
  const marks = new Marks(app);
  const disk = new DiskChanges(app);
  const soon = () => marks.soon();
  app.context.subscriptions.push(
    createController(app, marks),
    vscode.notebooks.registerNotebookCellStatusBarItemProvider(notebookType, {
      onDidChangeCellStatusBarItems: (listener) => marks.onChanged(() => listener()),
      provideCellStatusBarItems: (cell) => statusItems(cell, marks),
    }),
    connectOutputs(app, marks),
    offerCompletions(app),
    disk.start(),
    vscode.workspace.onDidOpenNotebookDocument(soon),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      soon();
      if (notebook.notebookType !== notebookType) return;
      const edits = markProse(contentChanges.flatMap(({ addedCells }) => addedCells));
      if (edits.length > 0) void applyEdits(notebook, edits);
    }),
  );
  if (app.store) app.context.subscriptions.push(app.store.onGrown(soon));
  soon();
  return {
    deserializeNotebook(bytes) {
      const text = decode(bytes);
      disk.read(text);
      return readNotebook(app, text);
    },
    serializeNotebook(data) {
      const text = writeNotebook(data);
      disk.wrote(text);
      return new TextEncoder().encode(text);
    },
  };
}
