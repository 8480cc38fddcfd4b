import type { Activity } from '@bregma/core/contracts/activity';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { parseServerName } from '@bregma/core/server-names';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { longWork } from '../long-work.ts';
import { storeOf } from '../provenance/asking.ts';
import { showComparison } from '../provenance/comparison-panel.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { idOfItem } from '../provenance/tree.ts';

/** Runs an activity again and shows whether the answer is the same, bit for bit, or where it differs. */
export const replay: Command = {
  async run(app, given) {
    const store = storeOf(app);
    if (!store) return;
    if (!vscode.workspace.isTrusted)
      throw new BregmaError('not-allowed', 'Nothing runs in a folder that is not trusted.', {
        next: 'Run “Workspaces: Manage Workspace Trust”, then replay.',
      });
    const named = typeof given === 'string' ? given : idOfItem(given);
    const id = named ?? (await pickActivity(store, 'Replay Activity', 'Which activity is to be run again?'));
    if (!id) return;
    const model = await store.ask.recordModel(id);
    if (!model?.call) throw unknownName('activity', id, [], undefined, 'in this folder');
    if (model.noReplay) throw new BregmaError('not-allowed', model.noReplay);
    const record = await store.ask.record(model.id);
    // SAFETY: `model.call` is there, so this record is an activity; records never go.
    const { server, tool, arguments: args } = (record?.body ?? {}) as Activity;
    const answer = await longWork(`Replaying ${tool}`, (signal, report) =>
      app.servers.call(parseServerName(server), tool, args, {
        replayOf: model.id,
        signal,
        onProgress: ({ progress, total, message }) => report({ done: progress, total, message }),
      }),
    );
    if (answer) await showComparison(app, model.id, answer.activity);
  },
};
