import { unknownName } from '@bregma/core/errors';
import { SignRequest } from '@bregma/webviews/approval/model';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { openFolder } from './guards.ts';
import { labKinds } from './lab-watch.ts';
import { showLive } from './live-panel.ts';
import { signPlan } from './sign-plan.ts';
import { keptKey } from './signing-key.ts';
import { stop } from './stop.ts';

const Id = z.object({ id: z.string().max(40) });
/** How often a panel looks again at what changes without a record: the trials of a running experiment, ms. */
const lookEveryMs = 2000;

/** Opens a plan for the person who may sign it. */
export async function openPlan(app: App, id: string): Promise<void> {
  const { store } = openFolder(app);
  const model = async () => {
    const plan = await store.ask.planCard(id);
    if (!plan) return undefined;
    const key = await keptKey(app);
    return {
      ...plan,
      key: key ? { name: key.name, fingerprint: key.key.fingerprint } : null,
      trusted: vscode.workspace.isTrusted,
    };
  };
  if (!(await model())) throw unknownName('plan', id, [], undefined, 'in this folder');
  await showLive(app, {
    view: 'approval',
    key: `plan ${id}`,
    about: id,
    title: `Plan ${id.slice(5, 11)}`,
    kinds: labKinds,
    model,
    everyMs: lookEveryMs,
    intents: {
      sign: (payload) => signPlan(app, id, SignRequest.parse(payload)),
      stop: (payload) => stop(app, Id.parse(payload).id),
      'open-hypothesis': (payload) => vscode.commands.executeCommand('bregma.openHypothesis', Id.parse(payload).id),
      'open-plan': (payload) => openPlan(app, Id.parse(payload).id),
      'open-record': (payload) => vscode.commands.executeCommand('bregma.showRecord', Id.parse(payload).id),
    },
  });
}
