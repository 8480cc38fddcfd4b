import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Cell, type Notebook, sameContent } from '../../notebook/document.ts';
import { mergeCells } from '../../notebook/merge.ts';
import { parse } from '../../notebook/parse.ts';
import { serialize } from '../../notebook/serialize.ts';
import type { App } from '../app.ts';
import { applyEdits, notebookOf, notebookType, toCellData } from './cells.ts';
import { outputOf } from './outputs.ts';
import { decode } from './serializer.ts';
import { show } from './show.ts';

/** After the file changed, this long without typing before the two versions are merged, ms. */
const quietMs = 350;
const scheme = 'bregma-unsaved';

/**
 * Brings changes of the file into a notebook with unsaved work. VS Code reloads a clean notebook by itself and leaves an unclean
 * one alone, so that saving it later would overwrite what an agent wrote meanwhile.
 */
export class DiskChanges {
  private readonly app: App;
  /** Notebook → the text that both sides started from. */
  private readonly bases = new Map<string, string>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly asking = new Set<string>();

  constructor(app: App) {
    this.app = app;
  }

  start(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.bregma.md');
    const saved = (notebook: vscode.NotebookDocument) => void this.remember(notebook);
    for (const notebook of vscode.workspace.notebookDocuments) saved(notebook);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange((uri) => this.soon(uri)),
      watcher.onDidCreate((uri) => this.soon(uri)),
      vscode.workspace.onDidOpenNotebookDocument(saved),
      vscode.workspace.onDidSaveNotebookDocument(saved),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => void this.bases.delete(uri.toString())),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => this.typed(notebook)),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => editor && this.soon(editor.notebook.uri)),
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: ({ path: file }) => {
          const notebook = find(vscode.Uri.file(file));
          return notebook ? serialize(notebookOf(notebook)) : '';
        },
      }),
    );
  }

  private async remember(notebook: vscode.NotebookDocument): Promise<void> {
    if (notebook.notebookType !== notebookType || notebook.uri.scheme !== 'file') return;
    const text = await read(notebook.uri).catch(() => undefined);
    if (text !== undefined) this.bases.set(notebook.uri.toString(), text);
  }

  private typed(notebook: vscode.NotebookDocument): void {
    const key = notebook.uri.toString();
    if (this.waiting.has(key)) this.soon(notebook.uri);
    // What was just reloaded, or undone back to the file, is the file.
    else if (!notebook.isDirty) void this.remember(notebook);
  }

  private soon(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => {
        this.waiting.delete(key);
        this.look(uri).catch((error) => this.app.log.error(`merge: ${error.message}`));
      }, quietMs),
    );
  }

  private async look(uri: vscode.Uri): Promise<void> {
    const notebook = find(uri);
    const key = uri.toString();
    if (!notebook || this.asking.has(key)) return;
    if (!notebook.isDirty) return this.remember(notebook);
    const [base, text] = [this.bases.get(key), await read(uri)];
    if (base === undefined || text === base) return;
    const theirs = parse(text);
    const { conflicts } = mergeCells(parse(base).cells, notebookOf(notebook).cells, theirs.cells);
    if (conflicts.length === 0) return this.bring(notebook, parse(base), theirs, 'mine');
    this.asking.add(key);
    try {
      await this.ask(
        notebook,
        parse(base),
        conflicts.map(({ mine, theirs: other }) => nameOf(mine ?? other)),
      );
    } finally {
      this.asking.delete(key);
    }
  }

  private async ask(notebook: vscode.NotebookDocument, base: Notebook, names: string[]): Promise<void> {
    const file = path.basename(notebook.uri.fsPath);
    const [mine, disk, compare] = ['Keep Mine', 'Take the File’s', 'Compare'];
    const chosen = await vscode.window.showWarningMessage(
      `${file} was changed on disk in ${names.length === 1 ? 'a cell' : `${names.length} cells`} that you changed too: ${names.slice(0, 3).join(', ')}. All other changes are merged by either choice.`,
      mine,
      disk,
      compare,
    );
    if (chosen === compare) {
      const unsaved = notebook.uri.with({ scheme });
      await vscode.commands.executeCommand('vscode.diff', notebook.uri, unsaved, `${file}: on disk ↔ unsaved`);
      return this.ask(notebook, base, names);
    }
    if (chosen === undefined) return;
    await this.bring(notebook, base, parse(await read(notebook.uri)), chosen === mine ? 'mine' : 'theirs');
  }

  /** Reloads the file and puts the unsaved work on top of it. The unsaved text is kept in a file until it is there again. */
  private async bring(
    notebook: vscode.NotebookDocument,
    base: Notebook,
    theirs: Notebook,
    prefer: 'mine' | 'theirs',
  ): Promise<void> {
    if (vscode.window.activeNotebookEditor?.notebook !== notebook) {
      await vscode.window.showNotebookDocument(notebook);
    }
    const mine = notebookOf(notebook);
    const backup = await this.backUp(notebook, mine);
    const { cells } = mergeCells(base.cells, mine.cells, theirs.cells, prefer);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    if (notebook.isDirty) throw new Error('the notebook could not be reloaded; nothing was changed');
    this.bases.set(notebook.uri.toString(), serialize(theirs));
    if (!(await this.replace(notebook, cells)))
      throw new Error(`the merged cells could not be put into the notebook; your text is in ${backup}`);
    await rm(backup, { force: true });
    this.app.log.info(`${path.basename(notebook.uri.fsPath)}: merged what was written on disk with unsaved work`);
    vscode.window.setStatusBarMessage('Merged the file’s changes with your unsaved ones', 5000);
  }

  private async replace(notebook: vscode.NotebookDocument, cells: Cell[]): Promise<boolean> {
    const now = notebookOf(notebook).cells;
    let first = 0;
    while (first < Math.min(now.length, cells.length) && sameContent(now[first], cells[first])) first++;
    let same = 0;
    while (
      same < Math.min(now.length, cells.length) - first &&
      sameContent(now[now.length - 1 - same], cells[cells.length - 1 - same])
    )
      same++;
    const changed = await Promise.all(
      cells.slice(first, cells.length - same).map(async (cell, i) => {
        const data = toCellData(cell);
        const shown = await show(this.app, cells, first + i).catch(() => undefined);
        data.outputs = shown ? [outputOf(shown)] : [];
        return data;
      }),
    );
    const range = new vscode.NotebookRange(first, now.length - same);
    if (range.isEmpty && changed.length === 0) return true;
    return applyEdits(notebook, [vscode.NotebookEdit.replaceCells(range, changed)]);
  }

  private async backUp(notebook: vscode.NotebookDocument, mine: Notebook): Promise<string> {
    const folder = path.join((this.app.context.storageUri ?? this.app.context.globalStorageUri).fsPath, 'unsaved');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${Date.now()}-${path.basename(notebook.uri.fsPath)}`);
    await writeFile(file, serialize(mine));
    return file;
  }
}

const find = (uri: vscode.Uri) =>
  vscode.workspace.notebookDocuments.find(
    (notebook) =>
      notebook.notebookType === notebookType && notebook.uri.fsPath === uri.fsPath && notebook.uri.scheme === 'file',
  );

const read = async (uri: vscode.Uri) => decode(await vscode.workspace.fs.readFile(uri));

const nameOf = (cell: Cell | undefined): string =>
  (cell && cell.kind !== 'prose' && cell.info.name) || `“${(cell?.text ?? '').trim().split('\n')[0].slice(0, 40)}”`;
