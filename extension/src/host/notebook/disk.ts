import { stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Notebook } from '../../notebook/document.ts';
import { nextStep } from '../../notebook/in-step.ts';
import { mergeNotebooks } from '../../notebook/merge.ts';
import { parse } from '../../notebook/parse.ts';
import { serialize } from '../../notebook/serialize.ts';
import type { App } from '../app.ts';
import { notebookOf, notebookType } from './cells.ts';
import { compareWithFile, offerComparison } from './compare-with-file.ts';
import { reloadAndMerge, turnInto } from './merge-in.ts';
import { decode } from './serializer.ts';

/** This long without typing before the two versions are merged, ms. */
const quietMs = 350;
/** A file that says the same after this long is whole, ms. */
const wholeMs = 40;
/** After a save the file is looked at so often, ms: what was written right after it VS Code takes for what it saved itself. */
const looksAfterSaveMs = [0, 150, 600, 1500];
/** This long after a save VS Code may take a file that it has not read for its own, ms. */
const doubtMs = 2500;
/** VS Code gets this long to begin to read a file of which it has heard, right after a save and else, ms. */
const readingMs = { doubtful: 150, sure: 1000 };
/** It hears of a change within this time, and is told at most so often of one text. */
const hearingMs = 700;
const mostTold = 4;
/** A look that failed is tried again so often: VS Code may be in the middle of something. */
const mostFailures = 8;
/** A file that VS Code reads is in the notebook after this long, ms, or never. */
const loadedMs = 10_000;

/** What is known of an open notebook. */
interface Known {
  /** The text that both sides started from; undefined: not known. */
  base?: string;
  /** What the editor wrote last. */
  written?: string;
  typedAt: number;
  savedAt: number;
  /** When VS Code last heard that the file was changed. */
  heardAt: number;
  /** What the notebook said after a person typed, until anything else changes. */
  typed?: Notebook;
  timer?: NodeJS.Timeout;
  /** How often looking has failed, one time after the other. */
  failures: number;
  /** A look is going on, or a person is asked; `again`: something happened meanwhile. */
  busy: boolean;
  again: boolean;
  /** The newest text that VS Code did not load: since when, and when and how often it was told. */
  unread: { text: string; since: number; told: number; toldAt: number };
  /** The text of which VS Code was told so that it does not write over it. */
  guarded?: string;
  /** The file was merged in behind another editor: VS Code has to reload it before the notebook can be saved. */
  behind: boolean;
  /** The file is being reloaded under unsaved work, which is then put on top. */
  merging: boolean;
}

/**
 * Keeps open notebooks and their files in step. VS Code reloads a clean notebook by itself, unless the file was written within
 * milliseconds after its own save: then it is told. It leaves an unclean one alone, so that saving would overwrite what an agent
 * wrote meanwhile: then both are merged.
 */
export class DiskChanges {
  private readonly app: App;
  private readonly known = new Map<string, Known>();
  /** Texts that VS Code read from files lately. */
  private readonly reads: string[] = [];
  private readAt = 0;
  private readonly later = new Set<NodeJS.Timeout>();

  constructor(app: App) {
    this.app = app;
  }

  start(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.bregma.md');
    for (const notebook of vscode.workspace.notebookDocuments) this.opened(notebook);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange((uri) => this.written(uri)),
      watcher.onDidCreate((uri) => this.written(uri)),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.opened(notebook)),
      vscode.workspace.onDidSaveNotebookDocument((notebook) => this.saved(notebook)),
      vscode.workspace.onDidCloseNotebookDocument(({ uri }) => {
        clearTimeout(this.known.get(uri.toString())?.timer);
        this.known.delete(uri.toString());
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges, metadata }) => {
        // Outputs are in no file.
        const inside = contentChanges.length === 0 && !metadata && cellChanges.some(({ document }) => document);
        if (inside || contentChanges.length > 0 || metadata || cellChanges.some((cell) => cell.metadata))
          this.changed(notebook, inside);
      }),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => editor && this.soon(editor.notebook.uri)),
      offerComparison(),
      {
        dispose: () => {
          for (const timer of [...this.later, ...[...this.known.values()].map(({ timer: own }) => own)])
            clearTimeout(timer);
        },
      },
    );
  }

  /** VS Code reads a file into a notebook. */
  read(text: string): void {
    if (this.reads.unshift(text) > 8) this.reads.pop();
    this.readAt = Date.now();
  }

  /** VS Code is about to write a notebook. It does not say which: the one that says this. */
  wrote(text: string): void {
    for (const notebook of vscode.workspace.notebookDocuments) {
      const known = this.known.get(notebook.uri.toString());
      if (known && serialize(notebookOf(notebook)) === text) known.written = text;
    }
  }

  private opened(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType || notebook.uri.scheme !== 'file') return;
    const known: Known = {
      typedAt: 0,
      savedAt: 0,
      heardAt: 0,
      failures: 0,
      busy: false,
      again: false,
      unread: { text: '', since: 0, told: 0, toldAt: 0 },
      behind: false,
      merging: false,
    };
    this.known.set(notebook.uri.toString(), known);
    if (!notebook.isDirty) known.base = serialize(notebookOf(notebook));
    // Work that was restored from the last session: it started from the file.
    else
      read(notebook.uri).then(
        (text) => {
          known.base ??= text;
        },
        () => {},
      );
  }

  private written(uri: vscode.Uri): void {
    const known = this.known.get(uri.toString());
    if (known) known.heardAt = Date.now();
    this.soon(uri);
    // Unsaved work may be saved over it at any moment.
    if (find(uri)?.isDirty) this.lookNow(uri);
  }

  private saved(notebook: vscode.NotebookDocument): void {
    const known = this.known.get(notebook.uri.toString());
    if (!known) return;
    known.base = notebook.isDirty ? (known.written ?? known.base) : serialize(notebookOf(notebook));
    known.behind = false;
    known.savedAt = Date.now();
    if (!notebook.isDirty) known.typed = undefined;
    for (const ms of looksAfterSaveMs) {
      const timer = setTimeout(() => {
        this.later.delete(timer);
        this.lookNow(notebook.uri);
      }, ms);
      this.later.add(timer);
    }
  }

  /** inside: in the text of a cell, which VS Code never does by itself. */
  private changed(notebook: vscode.NotebookDocument, inside: boolean): void {
    const known = this.known.get(notebook.uri.toString());
    if (!known) return;
    const { typed, base } = known;
    const now = notebookOf(notebook);
    known.typed = inside ? now : undefined;
    // VS Code says what was typed before it says that a notebook is unclean: only what it has read is a reloaded file.
    const text = Date.now() - this.readAt < loadedMs ? serialize(now) : undefined;
    if (text === undefined || !this.reads.includes(text)) known.typedAt = Date.now();
    else if (inside || notebook.isDirty || known.merging) this.soon(notebook.uri);
    else {
      known.base = text;
      if (typed && base !== undefined && text !== base) this.bringBack(notebook, known, parse(base), typed, now);
    }
    if (known.timer) this.soon(notebook.uri);
  }

  /** What was typed while VS Code read the file anew, it takes for a part of the old file and drops. */
  private bringBack(
    notebook: vscode.NotebookDocument,
    known: Known,
    base: Notebook,
    mine: Notebook,
    theirs: Notebook,
  ): void {
    const { notebook: wanted, conflicts } = mergeNotebooks(base, mine, theirs);
    // Where both changed the same, the next look asks.
    if (conflicts.length > 0) known.base = serialize(base);
    turnInto(this.app, notebook, theirs, wanted).then(
      () => this.soon(notebook.uri),
      (error) => this.app.log.error(`merge: ${error.message}`),
    );
  }

  private soon(uri: vscode.Uri, ms = quietMs): void {
    const known = this.known.get(uri.toString());
    if (!known) return;
    clearTimeout(known.timer);
    known.timer = setTimeout(() => {
      known.timer = undefined;
      this.lookNow(uri);
    }, ms);
  }

  private lookNow(uri: vscode.Uri): void {
    const known = this.known.get(uri.toString());
    if (!known) return;
    if (known.busy) {
      known.again = true;
      return;
    }
    known.busy = true;
    known.again = false;
    this.look(uri, known)
      .then(
        () => {
          known.failures = 0;
        },
        (error) => {
          this.app.log.error(`merge: ${error.message}`);
          known.again ||= ++known.failures < mostFailures;
        },
      )
      .finally(() => {
        known.busy = false;
        if (known.again) this.soon(uri);
      });
  }

  private async look(uri: vscode.Uri, known: Known): Promise<void> {
    const disk = await read(uri).catch(() => undefined);
    const notebook = find(uri);
    // A file that is gone leaves the notebook as it is: saving brings it back.
    if (!notebook || disk === undefined) return;
    const inFront = vscode.window.activeNotebookEditor?.notebook === notebook;
    const step = nextStep({ base: known.base, mine: notebookOf(notebook), disk, dirty: notebook.isDirty });
    if (step.is === 'agree') known.base = disk;
    if (step.is === 'reload') return this.tell(uri, known, disk);
    if ((step.is === 'wait' || step.is === 'agree') && !(known.behind && inFront && notebook.isDirty)) return;
    // A file is seen empty, or half, while it is written.
    await new Promise((resolve) => setTimeout(resolve, wholeMs));
    if ((await read(uri)) !== disk) return this.soon(uri);
    const quiet = Date.now() - known.typedAt >= quietMs;
    if ((!quiet || step.is === 'ask') && inDoubt(known) && known.guarded !== disk) {
      known.guarded = disk;
      await touch(uri);
    }
    if (!quiet) return this.soon(uri);
    if (step.is === 'ask') return this.ask(notebook, known, step.conflicts);
    await this.bring(notebook, known, disk);
  }

  /** VS Code shows another text than the file. Unless it reads the file by itself, it is told that the file has changed. */
  private async tell(uri: vscode.Uri, known: Known, text: string): Promise<void> {
    const now = Date.now();
    if (known.unread.text !== text) known.unread = { text, since: now, told: 0, toldAt: 0 };
    const { unread } = known;
    if (unread.told >= mostTold) return;
    const { mtimeMs } = await stat(uri.fsPath);
    const heard = known.heardAt >= mtimeMs;
    let due = heard ? known.heardAt + (inDoubt(known) ? readingMs.doubtful : readingMs.sure) : unread.since + hearingMs;
    if (unread.told > 0) due = unread.toldAt + hearingMs;
    else if (this.reads.includes(text)) due = unread.since + readingMs.sure;
    if (now < due) return this.soon(uri, due - now);
    unread.told++;
    unread.toldAt = now;
    await touch(uri);
    this.soon(uri, hearingMs);
  }

  private async ask(notebook: vscode.NotebookDocument, known: Known, names: string[]): Promise<void> {
    const file = path.basename(notebook.uri.fsPath);
    const [mine, disk, compare] = ['Keep Mine', 'Take the File’s', 'Compare'];
    const chosen = await vscode.window.showWarningMessage(
      `${file} was changed on disk in ${names.length === 1 ? 'a place' : `${names.length} places`} that you changed too: ${names.slice(0, 3).join(', ')}. All other changes are merged by either choice.`,
      mine,
      disk,
      compare,
    );
    if (chosen === compare) {
      await compareWithFile(notebook);
      return this.ask(notebook, known, names);
    }
    if (chosen === undefined || notebook.isClosed) return;
    await this.bring(notebook, known, await read(notebook.uri), chosen === mine ? 'mine' : 'theirs');
  }

  /** Merges the file into unsaved work. chosen: whose part is kept where both changed the same. */
  private async bring(
    notebook: vscode.NotebookDocument,
    known: Known,
    disk: string,
    chosen?: 'mine' | 'theirs',
  ): Promise<void> {
    const base = parse(known.base ?? disk);
    // A person who answered comes back to the notebook; nobody else is taken away from where they type.
    if (chosen) await vscode.window.showNotebookDocument(notebook);
    if (vscode.window.activeNotebookEditor?.notebook === notebook) {
      known.merging = true;
      const { theirs, conflicts } = await reloadAndMerge(this.app, notebook, base, chosen ?? 'mine').finally(() => {
        known.merging = false;
      });
      known.behind = false;
      // The file was changed once more, where the person changed it too: the next look asks.
      if (!chosen && conflicts.length > 0) return this.soon(notebook.uri);
      known.base = serialize(theirs);
    } else {
      const now = notebookOf(notebook);
      const { notebook: merged } = mergeNotebooks(base, now, parse(disk));
      if (!(await turnInto(this.app, notebook, now, merged))) throw new Error('the notebook could not be edited');
      known.base = disk;
      known.behind = true;
    }
    this.app.log.info(`${path.basename(notebook.uri.fsPath)}: merged what was written on disk with unsaved work`);
    vscode.window.setStatusBarMessage('Merged the file’s changes with your unsaved ones', 5000);
  }
}

const find = (uri: vscode.Uri) =>
  vscode.workspace.notebookDocuments.find(
    (notebook) =>
      notebook.notebookType === notebookType && notebook.uri.fsPath === uri.fsPath && notebook.uri.scheme === 'file',
  );

const inDoubt = ({ savedAt }: Known) => Date.now() - savedAt < doubtMs;

/** Gives a file a time of change that VS Code has not seen: it then reads it, and does not write over it. */
async function touch({ fsPath }: vscode.Uri): Promise<void> {
  const { mtimeMs } = await stat(fsPath);
  const next = new Date(Math.max(Date.now(), Math.floor(mtimeMs) + 1));
  await utimes(fsPath, next, next);
}

const read = async (uri: vscode.Uri) => decode(await vscode.workspace.fs.readFile(uri));
