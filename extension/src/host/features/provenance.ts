import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { registerObjectDocuments } from '../provenance/object-document.ts';
import { ProvenanceTree } from '../provenance/tree.ts';

/** The tree of claims and activities, and objects as read-only documents. */
export const provenance: Feature = {
  name: 'provenance',
  activate(app) {
    const { context, store } = app;
    context.subscriptions.push(registerObjectDocuments(app));
    const has = () => vscode.commands.executeCommand('setContext', 'bregma.hasRecords', (store?.seq() ?? 0) > 0);
    void has();
    if (!store) return;
    const tree = new ProvenanceTree(store);
    const view = vscode.window.createTreeView('bregma.provenance', { treeDataProvider: tree, showCollapseAll: true });
    tree.follow(view);
    context.subscriptions.push(
      tree,
      view,
      store.onGrown(has),
      vscode.commands.registerCommand('bregma.loadMoreActivities', (key: unknown) => tree.more(String(key))),
      vscode.commands.registerCommand('bregma.groupActivitiesByDay', () => tree.groupBy('day')),
      vscode.commands.registerCommand('bregma.groupActivitiesByTool', () => tree.groupBy('tool')),
    );
  },
};
