import { saidBy } from '@bregma/core/errors';
import { codeOf } from '@bregma/core/storage';
import type { BoardModel } from '@bregma/webviews/board/model';
import * as vscode from 'vscode';
import type { ExperimentsModel } from '../../experiments/listing.ts';
import type { App } from '../app.ts';
import { oneAtATime } from '../one-at-a-time.ts';

/** How often is looked again while an experiment runs: its trials and the death of its process leave no record, ms. */
const lookEveryMs = 1000;

/** Records that change what the lab shows. Calls of tools do not: an agent may make many. */
export const labKinds = ['hypothesis', 'test', 'plan', 'approval', 'experiment', 'stop', 'twin'] as const;

/** What the lab shows: hypotheses as a board, experiments as they run. */
export interface LabView {
  board: BoardModel;
  experiments: ExperimentsModel;
}

/** What trees, status bar and notifications show, read once for all of them whenever the ledger has grown. */
export class LabWatch {
  private readonly changed = new vscode.EventEmitter<LabView>();
  readonly onChanged = this.changed.event;
  private readonly failed = new vscode.EventEmitter<string>();
  /** The ledger is there and cannot be read: why, and what to do. */
  readonly onFailed = this.failed.event;
  private readonly gone = new vscode.EventEmitter<void>();
  /** Another folder is shown, and it has no ledger. */
  readonly onGone = this.gone.event;
  /** Undefined until there is a ledger that can be read. */
  now: LabView | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Looks again now: something changed that leaves no record. */
  look: () => void = () => {};

  constructor({ store, context, log }: App) {
    if (!store) return;
    this.look = oneAtATime(async () => {
      try {
        const trusted = vscode.workspace.isTrusted;
        const [board, experiments] = await Promise.all([
          store.ask.hypothesisBoard(trusted),
          store.ask.experimentList(),
        ]);
        this.now = { board, experiments };
        this.changed.fire(this.now);
      } catch (error) {
        const { message, next } = saidBy(error);
        if (codeOf(error) !== 'missing') {
          log.warn(`lab: ${message}`);
          this.failed.fire([message, next].filter(Boolean).join(' '));
        } else if (this.now) {
          this.now = undefined;
          this.gone.fire();
        }
      }
      clearTimeout(this.timer);
      const running = this.now?.experiments.experiments.some(
        ({ state }) => state === 'running' || state === 'elsewhere',
      );
      if (running || this.now?.experiments.killSwitch) this.timer = setTimeout(this.look, lookEveryMs);
    });
    this.look();
    context.subscriptions.push(store.onGrown(this.look, labKinds), this.changed, this.failed, this.gone, {
      dispose: () => clearTimeout(this.timer),
    });
  }
}

const watches = new Map<App, LabWatch>();

/** Looks again in every folder: something changed that leaves no record. */
export function lookAgain(): void {
  for (const watch of watches.values()) watch.look();
}

/** The one watch of the folder that is shown, or of one folder. */
export function labWatch(app: App): LabWatch {
  let watch = watches.get(app);
  if (!watch) {
    watch = new LabWatch(app);
    watches.set(app, watch);
  }
  return watch;
}

/** A watch of each folder: what runs is told and stopped whichever folder is shown. */
export function labWatches(app: App): { folder: vscode.Uri | undefined; watch: LabWatch }[] {
  const folders = app.folders();
  if (folders.length < 2) return [{ folder: app.folder, watch: labWatch(app) }];
  return folders.map((folder) => ({ folder, watch: labWatch(app.at(folder)) }));
}
