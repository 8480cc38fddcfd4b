import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { storeOf } from '../provenance/asking.ts';
import { showLineagePanel } from '../provenance/lineage-panel.ts';

/** Shows the tree of claims and activities, and the lineage of the newest claim when there is one. */
export const openProvenance: Command = {
  id: 'bregma.openProvenance',
  async run(app) {
    await vscode.commands.executeCommand('bregma.provenance.focus');
    const store = storeOf(app);
    if (!store || store.seq() === 0) return;
    const [newest] = (await store.ask.claims(1)).claims;
    if (newest) await showLineagePanel(app, newest.id);
  },
};
