import { HypothesisState } from '@bregma/core/contracts/hypothesis';
import { BregmaError, unknownName } from '@bregma/core/errors';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { openDraft } from './draft.ts';
import { freeze } from './freeze.ts';
import { openFolder } from './guards.ts';
import { openHypothesis } from './hypothesis.ts';
import { labKinds } from './lab-watch.ts';
import { showLive } from './live-panel.ts';

const Id = z.object({ id: z.string().max(40) });
const MoveRequest = Id.extend({ to: HypothesisState });

/** Opens the board of hypotheses. */
export async function openBoard(app: App): Promise<void> {
  const { store } = openFolder(app);
  await showLive(app, {
    view: 'board',
    key: 'board',
    title: 'Hypotheses',
    kinds: labKinds,
    model: () => store.ask.hypothesisBoard(vscode.workspace.isTrusted),
    intents: {
      open: (payload) => openHypothesis(app, Id.parse(payload).id),
      new: () => openDraft(app, 'new'),
      move: (payload) => {
        const { id, to } = MoveRequest.parse(payload);
        return move(app, id, to);
      },
    },
  });
}

/** Moves a card, as the life cycle allows it now. Throws `not-allowed` with the reason. */
async function move(app: App, id: string, to: HypothesisState): Promise<void> {
  const card = await openFolder(app).store.ask.hypothesisCard(id, vscode.workspace.isTrusted);
  if (!card) throw unknownName('hypothesis', id, [], undefined, 'in this folder');
  const wanted = card.moves[to];
  if ('refused' in wanted) throw new BregmaError('not-allowed', wanted.refused);
  if (wanted.action === 'freeze') await freeze(app, id);
  else await openDraft(app, 'supersede', id);
}
