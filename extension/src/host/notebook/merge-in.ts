import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cellChanges } from '@bregma/notebooks/cell-changes';
import type { Notebook } from '@bregma/notebooks/document';
import { mergeNotebooks } from '@bregma/notebooks/merge';
import { serialize } from '@bregma/notebooks/serialize';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { applyEdits, notebookOf, toCellData } from './cells.ts';
import { outputOf } from './outputs.ts';
import { show } from './show.ts';

/** A person who types all the time makes an edit fail this often before it is given up. */
const mostTries = 20;

interface Reloaded {
  /** What the file said. */
  theirs: Notebook;
  /** What both had changed, in words. */
  conflicts: string[];
}

/**
 * Reloads the file, so that VS Code knows which version of it the notebook holds and lets it be saved, and puts the unsaved work
 * on top. VS Code reloads only the editor in front. The unsaved text is kept in a file until it is there again.
 */
export async function reloadAndMerge(
  app: App,
  notebook: vscode.NotebookDocument,
  base: Notebook,
  prefer: 'mine' | 'theirs',
): Promise<Reloaded> {
  let mine = notebookOf(notebook);
  let theirs: Notebook | undefined;
  // What is typed until the file's cells are there is unsaved work too. VS Code may put them there by itself, before it is asked.
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!notebook.getCells().some((cell) => cell.document === document)) return;
      if (theirs) theirs = notebookOf(notebook);
      else mine = notebookOf(notebook);
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook: changed, metadata, contentChanges }) => {
      if (changed === notebook && (metadata || contentChanges.length > 0)) theirs = notebookOf(notebook);
    }),
  );
  let backup: string;
  try {
    backup = await backUp(app, notebook, mine);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  } finally {
    listening.dispose();
  }
  if (!theirs && notebook.isDirty) throw new Error('the notebook could not be reloaded; nothing was changed');
  theirs ??= notebookOf(notebook);
  const { notebook: wanted, conflicts } = mergeNotebooks(base, mine, theirs, prefer);
  if (!(await turnInto(app, notebook, theirs, wanted)))
    throw new Error(`the merged cells could not be put into the notebook; your text is in ${backup}`);
  await rm(backup, { force: true });
  return { theirs, conflicts };
}

/** Turns a notebook that said `was` into `wanted`, with what was typed since. False: it cannot be edited. */
export async function turnInto(
  app: App,
  notebook: vscode.NotebookDocument,
  was: Notebook,
  wanted: Notebook,
): Promise<boolean> {
  for (let tries = 0; tries < mostTries && !notebook.isClosed; tries++) {
    const { version } = notebook;
    const now = notebookOf(notebook);
    // What is typed into the very cell at that moment stays, and the other text is put below it.
    const next = mergeNotebooks(was, now, wanted, 'both').notebook;
    const edits = await editsTo(app, notebook, now, next);
    if (notebook.version !== version) continue;
    if (edits.length === 0 || (await applyEdits(notebook, edits))) return true;
  }
  return false;
}

async function editsTo(
  app: App,
  notebook: vscode.NotebookDocument,
  now: Notebook,
  next: Notebook,
): Promise<vscode.NotebookEdit[]> {
  const { replaced, respelled } = cellChanges(now.cells, next.cells);
  const edits = respelled.map(({ at, raw }) =>
    vscode.NotebookEdit.updateCellMetadata(at, { ...notebook.cellAt(at).metadata, raw }),
  );
  for (const { from, to, first, last } of replaced) {
    const cells = await Promise.all(
      next.cells.slice(first, last).map(async (cell, i) => {
        const data = toCellData(cell);
        const shown = await show(app.at(notebook.uri), next.cells, first + i).catch(() => undefined);
        data.outputs = shown ? [outputOf(shown)] : [];
        return data;
      }),
    );
    edits.push(vscode.NotebookEdit.replaceCells(new vscode.NotebookRange(from, to), cells));
  }
  if (now.frontMatter !== next.frontMatter)
    edits.push(
      vscode.NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, frontMatter: next.frontMatter ?? null }),
    );
  return edits;
}

async function backUp(app: App, notebook: vscode.NotebookDocument, mine: Notebook): Promise<string> {
  const folder = path.join((app.context.storageUri ?? app.context.globalStorageUri).fsPath, 'unsaved');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${Date.now()}-${path.basename(notebook.uri.fsPath)}`);
  await writeFile(file, serialize(mine));
  return file;
}
