import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { storeOf } from '../provenance/asking.ts';
import { showLineagePanel } from '../provenance/lineage-panel.ts';

/** Shows the tree of claims and activities, and the lineage of what a person looks at; of the newest claim when that is nothing. */
export const openProvenance: Command = {
  async run(app) {
    const lookedAt = app.lookedAt();
    await vscode.commands.executeCommand('bregma.provenance.focus');
    const store = storeOf(app);
    if (!store || store.seq() === 0) return;
    const id = lookedAt ?? (await store.ask.claims(1)).claims.at(0)?.id;
    if (id) await showLineagePanel(app, id);
  },
};
