import { copiesIn } from '@bregma/notebooks/copied';
import { decode } from '@bregma/notebooks/decode';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { applyEdits, cellsOf, infoEdit, markProse, notebookType } from './cells.ts';
import { offerCompletions } from './completion.ts';
import { createController } from './controller.ts';
import { DiskChanges } from './disk.ts';
import { Marks } from './marks.ts';
import { connectOutputs } from './messages.ts';
import { readNotebook, writeNotebook } from './serializer.ts';
import { statusItems } from './status.ts';

/** Everything about notebooks that works once the first one is opened. */
export function startNotebooks(app: App): vscode.NotebookSerializer {
  const marks = new Marks(app);
  const disk = new DiskChanges(app);
  const controller = createController(app, marks);
  const soon = () => marks.soon();
  app.context.subscriptions.push(
    controller,
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
      const added = contentChanges.flatMap(({ addedCells }) => addedCells);
      const copies = disk.isRead(notebook)
        ? []
        : copiesIn(
            cellsOf(notebook),
            added.map(({ index }) => index),
          );
      const edits = [
        ...markProse(added),
        ...copies.map((at) => infoEdit(notebook.cellAt(at), { activity: undefined })),
      ];
      if (edits.length > 0) void applyEdits(notebook, edits);
      for (const at of copies) void emptied(controller, notebook.cellAt(at));
    }),
  );
  for (const folder of app.folders()) {
    const grown = app.at(folder).store?.onGrown(soon);
    if (grown) app.context.subscriptions.push(grown);
  }
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

/** Takes the output from a cell that has not run. */
async function emptied(controller: vscode.NotebookController, cell: vscode.NotebookCell): Promise<void> {
  const execution = controller.createNotebookCellExecution(cell);
  execution.start();
  await execution.clearOutput();
  execution.end(undefined);
}
