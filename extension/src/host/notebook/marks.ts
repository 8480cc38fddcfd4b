import path from 'node:path';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import type { Cell } from '@bregma/notebooks/document';
import type { Freshness } from '@bregma/notebooks/freshness';
import { factsAsked, judge, noFacts } from '@bregma/notebooks/judge';
import type { NotebookFacts } from '@bregma/notebooks/queries/notebook-facts';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { notebookOf, notebookType } from './cells.ts';
import { outputState } from './outputs.ts';
import { toolForms } from './tool-forms.ts';

/** What stands beside a cell: whether its output is fresh, and how its value came to be. */
export interface Mark {
  freshness: Freshness;
  /** How the shown value came to be. */
  kind?: ValueKind;
}

/** How long changes are gathered before cells are judged again, ms. */
const quietMs = 120;

/** Keeps the marks of all open notebooks: fresh, stale and why, not run. */
export class Marks {
  private readonly app: App;
  private readonly marks = new WeakMap<vscode.NotebookCell, Mark>();
  private readonly changed = new vscode.EventEmitter<vscode.NotebookDocument>();
  private timer: NodeJS.Timeout | undefined;
  private readonly watched = new Set<string>();
  readonly onChanged = this.changed.event;

  constructor(app: App) {
    this.app = app;
  }

  of(cell: vscode.NotebookCell): Mark | undefined {
    return this.marks.get(cell);
  }

  /** Judges all open notebooks soon. */
  soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const notebook of vscode.workspace.notebookDocuments)
        if (notebook.notebookType === notebookType)
          this.judge(notebook).catch((error) => this.app.log.error(`marks: ${error.message}`));
    }, quietMs);
  }

  /** Judges again whenever a file changes of which data were made. */
  private watch(file: string): void {
    if (this.watched.has(file)) return;
    this.watched.add(file);
    const at = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
    const watcher = vscode.workspace.createFileSystemWatcher(at);
    const soon = () => this.soon();
    watcher.onDidChange(soon);
    watcher.onDidCreate(soon);
    watcher.onDidDelete(soon);
    this.app.context.subscriptions.push(watcher);
  }

  async judge(notebook: vscode.NotebookDocument): Promise<void> {
    const { states, kinds, files } = await judged(this.app.at(notebook.uri), notebook);
    for (const file of files) this.watch(file);
    for (const [i, cell] of notebook.getCells().entries()) {
      const state = states[i];
      if (state) this.marks.set(cell, { freshness: state, kind: kinds[i] });
      else this.marks.delete(cell);
    }
    this.changed.fire(notebook);
  }
}

/** Whether what each cell shows is what it would give now; undefined for prose. */
export const freshnessOf = async (app: App, notebook: vscode.NotebookDocument): Promise<(Freshness | undefined)[]> =>
  (await judged(app, notebook)).states;

async function judged(app: App, notebook: vscode.NotebookDocument) {
  const { cells, frontMatter } = notebookOf(notebook);
  const drawn = notebook.getCells().map((cell) => outputState(cell)?.drawn);
  const [tools, facts] = await Promise.all([toolForms(app), factsOf(app, cells)]);
  const states = judge({ cells, frontMatter }, tools, facts, (i) => drawn[i]);
  const kinds = cells.map((cell) => {
    const activity = cell.kind === 'prose' ? undefined : cell.info.activity;
    return activity ? facts.recorded[activity]?.kind : undefined;
  });
  return { states, kinds, files: facts.files.map(({ file }) => file) };
}

/** What the store knows of the activities that these cells name. */
export async function factsOf({ store }: App, cells: Cell[]): Promise<NotebookFacts> {
  const { activities, valuesOf } = factsAsked(cells);
  return store && store.seq() > 0 ? store.ask.notebookFacts(activities, valuesOf) : noFacts;
}
