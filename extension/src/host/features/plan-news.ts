import { brief } from '@bregma/core/contracts/plain-text';
import * as vscode from 'vscode';
import type { NewPlan } from '../../store/queries/new-plans.ts';
import type { App, Feature } from '../app.ts';
import { oneAtATime } from '../one-at-a-time.ts';

/** Number of the newest record that this window, or one before it on the same folder, has looked at. */
const place = 'bregma.seenPlansTo';

/**
 * Says once that a plan waits for a person. What was there when the folder was first opened is not news; what came while it was
 * closed is.
 */
export const planNews: Feature = {
  name: 'planNews',
  activate(app) {
    const folders = app.folders();
    if (folders.length < 2) return follow(app, place);
    for (const folder of folders) follow(app.at(folder), `${place} ${folder}`);
  },
};

function follow(app: App, place: string): void {
  const { store, context, log } = app;
  if (!store) return;
  let seen = context.workspaceState.get<number>(place);
  const look = oneAtATime(async () => {
    const seq = store.seq();
    if (seen === undefined || seq < seen) seen = seq;
    else if (seq > seen) {
      try {
        const plans = await store.ask.newPlans(seen);
        seen = seq;
        if (plans.length > 0) void tell(plans);
      } catch (error) {
        log.warn(`plan news: ${error instanceof Error ? error.message : error}`);
        return;
      }
    }
    await context.workspaceState.update(place, seen);
  });
  const tell = async (plans: NewPlan[]) => {
    const [first] = plans;
    const review = plans.length === 1 ? 'Review Plan' : 'Show Plans';
    const answer = await vscode.window.showInformationMessage(sayOf(plans), review);
    if (!answer) return;
    if (plans.length === 1) await (await import('../lab/plan.ts')).openPlan(app, first.id);
    else await vscode.commands.executeCommand('bregma.experiments.focus');
  };
  context.subscriptions.push(store.onGrown(look, ['plan']));
}

function sayOf(plans: NewPlan[]): string {
  if (plans.length > 1) return `${plans.length} experiment plans wait for your approval.`;
  const [{ client, about, claim }] = plans;
  return `${brief(client ?? 'An agent', 60)} asks to run an experiment: ${brief(about, 120)}. It tests “${brief(claim, 120)}”`;
}
