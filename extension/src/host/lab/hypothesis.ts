import { brief } from '@bregma/core/contracts/plain-text';
import { unknownName } from '@bregma/core/errors';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { openDraft } from './draft.ts';
import { freeze } from './freeze.ts';
import { openFolder } from './guards.ts';
import { labKinds } from './lab-watch.ts';
import { showLive } from './live-panel.ts';
import { openPlan } from './plan.ts';

const Id = z.object({ id: z.string().max(40) });

/** Opens the card of a hypothesis. */
export async function openHypothesis(app: App, id: string): Promise<void> {
  const { store } = openFolder(app);
  const first = await store.ask.hypothesisCard(id, vscode.workspace.isTrusted);
  if (!first) throw unknownName('hypothesis', id, [], undefined, 'in this folder');
  await showLive(app, {
    view: 'hypothesis',
    key: `hypothesis ${id}`,
    about: id,
    title: brief(first.claim, 40),
    kinds: labKinds,
    model: async () => (await store.ask.hypothesisCard(id, vscode.workspace.isTrusted)) ?? undefined,
    intents: {
      edit: () => openDraft(app, 'edit', id),
      supersede: () => openDraft(app, 'supersede', id),
      freeze: () => freeze(app, id),
      'open-hypothesis': (payload) => openHypothesis(app, Id.parse(payload).id),
      'open-plan': (payload) => openPlan(app, Id.parse(payload).id),
      'open-record': (payload) => vscode.commands.executeCommand('bregma.showRecord', Id.parse(payload).id),
    },
  });
}
