import { realpath, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { broughtBack } from '@bregma/notebooks/brought-back';
import { decode } from '@bregma/notebooks/decode';
import {
  type DiskEffect,
  type DiskEvent,
  type DiskState,
  diskStep,
  type Moved,
  newDiskState,
  type Turn,
  wholeMs,
} from '@bregma/notebooks/disk-state';
import { plainLines } from '@bregma/notebooks/document';
import { mergeNotebooks } from '@bregma/notebooks/merge';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookOf, notebookType } from './cells.ts';
import { compareWithFile, offerComparison } from './compare-with-file.ts';
import { reloadAndMerge, turnInto } from './merge-in.ts';

/** A file that VS Code reads is in the notebook after this long, ms, or never. */
const loadedMs = 10_000;
/** A file that does not come to rest is looked at so often. */
const mostLooks = 50;
/** So many texts that VS Code read lately are known again. */
const mostReads = 8;

/** An open notebook. */
interface Known {
  state: DiskState;
  /** Where the notebook was reached by a symbolic link: VS Code tells of changes of the file itself alone. */
  linked?: vscode.Disposable;
  waiting?: NodeJS.Timeout;
  looks: Set<NodeJS.Timeout>;
}

/** Keeps open notebooks and their files in step: tells `notebook/disk-state.ts` what happens, and does what it says. */
export class DiskChanges {
  private readonly app: App;
  private readonly known = new Map<string, Known>();
  /** What was known of notebooks that are being renamed, by their new names. */
  private readonly moved = new Map<string, Moved>();
  /** Texts that VS Code read from files lately, and in which notebooks something had been typed then. */
  private readonly reads: { text: string; typed: Set<string> }[] = [];
  private readAt = 0;

  constructor(app: App) {
    this.app = app;
  }

  start(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.bregma.md');
    for (const notebook of vscode.workspace.notebookDocuments) this.opened(notebook);
    const heard = (uri: vscode.Uri) => this.tell(uri, { is: 'heard', dirty: find(uri)?.isDirty ?? false });
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(heard),
      watcher.onDidCreate(heard),
      vscode.workspace.onWillRenameFiles(({ files }) => this.renaming(files)),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.opened(notebook)),
      vscode.workspace.onDidSaveNotebookDocument((notebook) =>
        this.tell(notebook.uri, { is: 'saved', mine: notebookOf(notebook), dirty: notebook.isDirty }),
      ),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => this.forget(uri.toString())),
      vscode.workspace.onDidChangeNotebookDocument((change) => this.changed(change)),
      vscode.window.onDidChangeActiveNotebookEditor(
        (editor) => editor && this.tell(editor.notebook.uri, { is: 'shown' }),
      ),
      offerComparison(),
      { dispose: () => [...this.known.keys()].forEach((uri) => void this.forget(uri)) },
    );
  }

  /** VS Code reads a file, or a backup of unsaved work, into a notebook. */
  read(text: string): void {
    const typed = [...this.known].filter(([, { state }]) => state.typed).map(([name]) => name);
    if (this.reads.unshift({ text, typed: new Set(typed) }) > mostReads) this.reads.pop();
    this.readAt = Date.now();
  }

  /** Whether a notebook says what VS Code has just read from a file. */
  isRead = (notebook: vscode.NotebookDocument): boolean => this.readOf(notebook) !== undefined;

  private readOf(notebook: vscode.NotebookDocument) {
    if (Date.now() - this.readAt >= loadedMs) return undefined;
    // VS Code has line ends of its own in a cell.
    const says = plainLines(serialize(notebookOf(notebook)));
    return this.reads.find(({ text }) => plainLines(text) === says);
  }

  /** VS Code is about to write a notebook. It does not say which: the one that says this. */
  wrote(text: string): void {
    for (const notebook of vscode.workspace.notebookDocuments)
      if (this.known.has(notebook.uri.toString()) && serialize(notebookOf(notebook)) === text)
        this.tell(notebook.uri, { is: 'wrote', text });
  }

  private opened(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType || notebook.uri.scheme !== 'file') return;
    const name = notebook.uri.toString();
    this.forget(name);
    const state = newDiskState(notebookOf(notebook), Date.now(), this.moved.get(name));
    this.moved.delete(name);
    this.known.set(name, { state, looks: new Set() });
    void this.watchTarget(notebook.uri);
    const open = (disk?: string) => this.tell(notebook.uri, { is: 'opened', disk });
    read(notebook.uri).then(open, () => open());
  }

  /** Hears of changes of the file that a symbolic link, or one in its path, leads to. */
  private async watchTarget(uri: vscode.Uri): Promise<void> {
    const target = await realpath(uri.fsPath).catch(() => uri.fsPath);
    const known = this.known.get(uri.toString());
    if (!known || target === uri.fsPath) return;
    const at = new vscode.RelativePattern(vscode.Uri.file(path.dirname(target)), path.basename(target));
    const watcher = vscode.workspace.createFileSystemWatcher(at);
    const heard = () => this.tell(uri, { is: 'heard', dirty: find(uri)?.isDirty ?? false });
    known.linked = vscode.Disposable.from(watcher, watcher.onDidChange(heard), watcher.onDidCreate(heard));
  }

  /** Unsaved work travels with a notebook or a folder that is renamed, and so does what is known of the file below it. */
  private renaming(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): void {
    for (const notebook of vscode.workspace.notebookDocuments) {
      const name = notebook.uri.toString();
      const known = this.known.get(name);
      for (const { oldUri, newUri } of known ? files : []) {
        const from = oldUri.toString();
        if (known && (name === from || name.startsWith(`${from}/`)))
          this.moved.set(newUri.toString() + name.slice(from.length), {
            state: known.state,
            mine: notebookOf(notebook),
          });
      }
    }
  }

  private changed({ notebook, contentChanges, cellChanges, metadata }: vscode.NotebookDocumentChangeEvent): void {
    const text = cellChanges.some(({ document }) => document);
    // Outputs are in no file.
    if (contentChanges.length === 0 && !metadata && !text && !cellChanges.some((cell) => cell.metadata)) return;
    if (!this.known.has(notebook.uri.toString())) return;
    const mine = notebookOf(notebook);
    const read = this.readOf(notebook);
    this.tell(notebook.uri, {
      is: 'changed',
      mine,
      dirty: notebook.isDirty,
      inside: contentChanges.length === 0 && !metadata && text,
      loaded: read !== undefined,
      over: read?.typed.has(notebook.uri.toString()),
    });
  }

  private forget(name: string): void {
    const known = this.known.get(name);
    for (const timer of [known?.waiting, ...(known?.looks ?? [])]) clearTimeout(timer);
    known?.linked?.dispose();
    this.known.delete(name);
  }

  private tell(uri: vscode.Uri, event: DiskEvent): void {
    const known = this.known.get(uri.toString());
    if (!known) return;
    const [state, effects] = diskStep(known.state, event, Date.now());
    known.state = state;
    this.act(uri, known, effects).catch((error) => {
      this.app.log.error(`merge: ${error.message}`);
      if (this.known.get(uri.toString()) === known) this.tell(uri, { is: 'failed' });
    });
  }

  private async act(uri: vscode.Uri, known: Known, effects: DiskEffect[]): Promise<void> {
    for (const effect of effects) {
      const event = await this.done(uri, known, effect);
      // A notebook that was closed and opened again meanwhile is another one.
      if (event && this.known.get(uri.toString()) === known) this.tell(uri, event);
    }
  }

  /** Does one thing; what it came to, if it ends in something. */
  private async done(uri: vscode.Uri, known: Known, effect: DiskEffect): Promise<DiskEvent | undefined> {
    switch (effect.do) {
      case 'look':
        return this.lookLater(uri, known, effect.afterMs);
      case 'wait':
        clearTimeout(known.waiting);
        known.waiting = setTimeout(() => this.tell(uri, { is: 'due' }), effect.ms);
        return;
      case 'find':
        return this.find(uri);
      case 'findAgain':
        await new Promise((resolve) => setTimeout(resolve, effect.afterMs));
        return { is: 'foundAgain', was: effect.was, disk: await read(uri) };
      case 'touch':
        return touch(uri);
      case 'ask':
        return this.ask(uri, effect.conflicts);
      case 'merge':
        return this.merge(uri, effect);
      case 'turn':
        return this.turn(uri, effect);
    }
  }

  private lookLater(uri: vscode.Uri, { looks }: Known, afterMs: number[]): undefined {
    for (const ms of afterMs) {
      const timer = setTimeout(() => {
        looks.delete(timer);
        this.tell(uri, { is: 'look' });
      }, ms);
      looks.add(timer);
    }
  }

  private async find(uri: vscode.Uri): Promise<DiskEvent> {
    const disk = await read(uri).catch(() => undefined);
    const changedAtMs = disk === undefined ? 0 : (await stat(uri.fsPath)).mtimeMs;
    const notebook = find(uri);
    if (!notebook) return { is: 'found' };
    const inFront = vscode.window.activeNotebookEditor?.notebook === notebook;
    const seen = disk !== undefined && this.reads.some(({ text }) => text === disk);
    const found = { disk, changedAtMs, mine: notebookOf(notebook), dirty: notebook.isDirty, inFront, seen };
    return { is: 'found', found };
  }

  private async ask(uri: vscode.Uri, names: string[]): Promise<DiskEvent> {
    const [mine, theirs, compare] = ['Keep Mine', 'Take the File’s', 'Compare'];
    const chosen = await vscode.window.showWarningMessage(
      `${path.basename(uri.fsPath)} was changed on disk in ${names.length === 1 ? 'a place' : `${names.length} places`} that you changed too: ${names.slice(0, 3).join(', ')}. All other changes are merged by either choice.`,
      mine,
      theirs,
      compare,
    );
    const notebook = find(uri);
    if (chosen === compare && notebook) {
      await compareWithFile(notebook);
      return this.ask(uri, names);
    }
    if ((chosen !== mine && chosen !== theirs) || !notebook)
      return { is: 'answered', answer: 'later', disk: undefined };
    return { is: 'answered', answer: chosen === mine ? 'mine' : 'theirs', disk: await read(uri) };
  }

  /** Merges the file into unsaved work. */
  private async merge(
    uri: vscode.Uri,
    { base, disk, chosen }: Extract<DiskEffect, { do: 'merge' }>,
  ): Promise<DiskEvent> {
    const notebook = find(uri);
    if (!notebook) throw new Error('the notebook was closed');
    // A person who answered comes back to the notebook; nobody else is taken away from where they type.
    if (chosen) await vscode.window.showNotebookDocument(notebook);
    const event = { is: 'merged', chosen: chosen !== undefined, behind: false } as const;
    let merged: DiskEvent;
    if (vscode.window.activeNotebookEditor?.notebook === notebook) {
      // VS Code says only some moments later that there is unsaved work: a notebook that says what both sides started from has none.
      const now = notebookOf(notebook);
      const clean = !notebook.isDirty && serialize(now) === base;
      // VS Code reloads only what is unsaved: one without is made to say what its file says.
      if (clean) await turnInto(this.app, notebook, now, parse(disk));
      const { theirs, conflicts } = await reloadAndMerge(this.app, notebook, parse(clean ? disk : base), {
        prefer: chosen ?? 'mine',
        isRead: this.isRead,
        whole: () => readWhole(uri),
      });
      merged = { ...event, theirs: serialize(theirs), conflicts };
    } else {
      const now = notebookOf(notebook);
      const { notebook: wanted, conflicts } = mergeNotebooks(parse(base), now, parse(disk));
      if (!(await turnInto(this.app, notebook, now, wanted))) throw new Error('the notebook could not be edited');
      merged = { ...event, theirs: disk, conflicts, behind: true };
    }
    this.app.log.info(`${path.basename(uri.fsPath)}: merged what was written on disk with unsaved work`);
    vscode.window.setStatusBarMessage('Merged the file’s changes with your unsaved ones', 5000);
    return merged;
  }

  private async turn(uri: vscode.Uri, effect: Turn): Promise<DiskEvent | undefined> {
    const disk = await readWhole(uri);
    const notebook = find(uri);
    if (!notebook) return undefined;
    const log = (error: Error) => this.app.log.error(`merge: ${error.message}`);
    const now = this.isRead(notebook) ? notebookOf(notebook) : undefined;
    const { from, into, base } = broughtBack(effect, now, disk);
    await turnInto(this.app, notebook, from, into).catch(log);
    return { is: 'turned', mine: notebookOf(notebook), base };
  }
}

const find = (uri: vscode.Uri) =>
  vscode.workspace.notebookDocuments.find(
    (notebook) =>
      notebook.notebookType === notebookType && notebook.uri.fsPath === uri.fsPath && notebook.uri.scheme === 'file',
  );

/** Gives a file a time of change that VS Code has not seen. */
async function touch({ fsPath }: vscode.Uri): Promise<undefined> {
  const { mtimeMs } = await stat(fsPath);
  const next = new Date(Math.max(Date.now(), Math.floor(mtimeMs) + 1));
  await utimes(fsPath, next, next);
}

/** The text of a file once it is the same at two looks; undefined: there is none, or it does not come to rest. */
async function readWhole(uri: vscode.Uri): Promise<string | undefined> {
  let before: string | undefined;
  for (let looks = 0; looks < mostLooks; looks++) {
    const now = await read(uri).catch(() => undefined);
    if (looks > 0 && now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, wholeMs));
  }
  return undefined;
}

const read = async (uri: vscode.Uri) => decode(await vscode.workspace.fs.readFile(uri));
