import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cellChanges } from '@bregma/notebooks/cell-changes';
import { type Notebook, plainLines } from '@bregma/notebooks/document';
import { Meanwhile } from '@bregma/notebooks/meanwhile';
import { mergeNotebooks } from '@bregma/notebooks/merge';
import { serialize } from '@bregma/notebooks/serialize';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { applyEdits, notebookOf, textEdit, toCellData } from './cells.ts';
import { outputOf } from './outputs.ts';
import { show } from './show.ts';

/** A person who types all the time makes an edit fail this often before it is given up. */
const mostTries = 20;
/** VS Code reads a file again within this time after it was written, ms. */
const mostWaitMs = 1500;

interface Reloading {
  /** Whose part is kept where both changed the same. */
  prefer: 'mine' | 'theirs';
  /** Whether a notebook says what VS Code has just read. */
  isRead(notebook: vscode.NotebookDocument): boolean;
  /** What the file says once nobody writes it any more; undefined: it does not come to rest. */
  whole(): Promise<string | undefined>;
}

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
  { prefer, isRead, whole }: Reloading,
): Promise<Reloaded> {
  const mine = notebookOf(notebook);
  // What is done until the file's cells are there is unsaved work too. VS Code may put them there by itself, before it is asked.
  const meanwhile = new Meanwhile(mine);
  const changed = () => meanwhile.changed(notebookOf(notebook), isRead(notebook));
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (notebook.getCells().some((cell) => cell.document === document)) changed();
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook: which, metadata, contentChanges }) => {
      if (which === notebook && (metadata || contentChanges.length > 0)) changed();
    }),
  );
  let backup: string;
  try {
    backup = await backUp(app, notebook, mine);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await readWhole(meanwhile, await whole());
  } finally {
    listening.dispose();
  }
  if (!meanwhile.theirs && notebook.isDirty) throw new Error('the notebook could not be reloaded; nothing was changed');
  const { theirs = notebookOf(notebook) } = meanwhile;
  const { notebook: wanted, conflicts } = meanwhile.over(base, theirs, prefer);
  if (!(await turnInto(app, notebook, meanwhile.theirs ? meanwhile.now : theirs, wanted)))
    throw new Error(`the merged cells could not be put into the notebook; your text is in ${backup}`);
  await rm(backup, { force: true });
  return { theirs, conflicts };
}

/** VS Code may have read a file that was being written, and then reads it again by itself. */
async function readWhole(meanwhile: Meanwhile, whole: string | undefined): Promise<void> {
  const torn = () => meanwhile.theirs && whole !== undefined && serialize(meanwhile.theirs) !== whole;
  for (const end = Date.now() + mostWaitMs; torn() && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
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
    const { edits, texts } = await editsTo(app, notebook, now, next);
    if (notebook.version !== version) continue;
    if (edits.length + texts.length === 0 || (await applyEdits(notebook, edits, texts))) return true;
  }
  return false;
}

async function editsTo(
  app: App,
  notebook: vscode.NotebookDocument,
  now: Notebook,
  next: Notebook,
): Promise<{ edits: vscode.NotebookEdit[]; texts: { cell: vscode.NotebookCell; edit: vscode.TextEdit }[] }> {
  const { replaced, respelled, retyped } = cellChanges(now.cells, next.cells);
  const texts = retyped.map(({ at, text }) => ({
    cell: notebook.cellAt(at),
    edit: textEdit(notebook.cellAt(at), plainLines(text)),
  }));
  const edits = [...respelled, ...retyped].map(({ at, raw }) =>
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
  return { edits, texts };
}

async function backUp(app: App, notebook: vscode.NotebookDocument, mine: Notebook): Promise<string> {
  const folder = path.join((app.context.storageUri ?? app.context.globalStorageUri).fsPath, 'unsaved');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${Date.now()}-${path.basename(notebook.uri.fsPath)}`);
  await writeFile(file, serialize(mine));
  return file;
}
