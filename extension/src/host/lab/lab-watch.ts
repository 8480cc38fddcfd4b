import type { BoardModel } from '@bregma/core/contracts/views/hypotheses';
import type { ExperimentsModel } from '@bregma/core/contracts/views/plan';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { oneAtATime } from './live-panel.ts';

/** How often is looked again while an experiment runs: its trials and the death of its process leave no record, ms. */
const lookEveryMs = 1000;

export interface LabView {
  board: BoardModel;
  experiments: ExperimentsModel;
}

/** What trees, status bar and notifications show, read once for all of them whenever the ledger has grown. */
export class LabWatch {
  private readonly changed = new vscode.EventEmitter<LabView>();
  readonly onChanged = this.changed.event;
  /** Undefined until there is a ledger that can be read. */
  now: LabView | undefined;
  /** Why the ledger cannot be read. */
  problem: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor({ store, context, log }: App) {
    if (!store) return;
    const look = oneAtATime(async () => {
      if (store.seq() === 0) return;
      try {
        const trusted = vscode.workspace.isTrusted;
        const [board, experiments] = await Promise.all([
          store.ask.hypothesisBoard(trusted),
          store.ask.experimentList(),
        ]);
        this.now = { board, experiments };
        this.problem = undefined;
        this.changed.fire(this.now);
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
        log.warn(`lab: ${this.problem}`);
      }
      clearTimeout(this.timer);
      const running = this.now?.experiments.experiments.some(
        ({ state }) => state === 'running' || state === 'elsewhere',
      );
      if (running || this.now?.experiments.killSwitch) this.timer = setTimeout(look, lookEveryMs);
    });
    look();
    context.subscriptions.push(store.onGrown(look), this.changed, { dispose: () => clearTimeout(this.timer) });
  }
}

let watch: LabWatch | undefined;

/** The one watch of this window. */
export function labWatch(app: App): LabWatch {
  watch ??= new LabWatch(app);
  return watch;
}
