import { brief } from '@bregma/core/contracts/plain-text';
import { BregmaError, unknownName } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { mustBeTrusted, openFolder } from './guards.ts';

/** Explains what freezing means, asks, and freezes through the lab server. */
export async function freeze(app: App, id: string): Promise<void> {
  mustBeTrusted('Freezing');
  const card = await openFolder(app).store.ask.hypothesisCard(id, true);
  if (!card) throw unknownName('hypothesis', id, [], undefined, 'in this folder');
  const allowed = card.moves.frozen;
  if ('refused' in allowed) throw new BregmaError('not-allowed', allowed.refused);
  const predictions = card.predictions.map(({ says, unit }) => `• ${brief(says, 300)}${unit ? ` (${unit})` : ''}`);
  const agreed = await vscode.window.showWarningMessage(
    'Freeze this hypothesis for good?',
    {
      modal: true,
      detail: [
        `“${brief(card.claim, 400)}”`,
        `${predictions.length === 1 ? 'Its prediction' : 'Its predictions'}:\n${predictions.join('\n')}`,
        'Claim, rivals and predictions are then fixed, with this moment in the ledger. Nobody can edit them or undo this, you included. Only experiments that begin afterwards can be evidence, and only a frozen hypothesis can be planned for or tested.',
        'If you change your mind, write a new version that supersedes it: both stay on record.',
      ].join('\n\n'),
    },
    'Freeze',
  );
  if (agreed !== 'Freeze') return;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Freezing' }, () =>
    app.servers.call('lab', 'freeze_hypothesis', { hypothesis: id }),
  );
  void vscode.window.showInformationMessage(
    `Frozen. Next, an agent can plan an experiment for ${id} and ask you to approve it.`,
  );
}
