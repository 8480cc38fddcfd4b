import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { registerObjectDocuments } from '../provenance/object-document.ts';
import { ProvenanceTree } from '../provenance/tree.ts';
import { sayFolder } from '../shown-folder.ts';

/** The tree of claims and activities, and objects as read-only documents. */
export const provenance: Feature = {
  name: 'provenance',
  activate(app) {
    const { context, store } = app;
    context.subscriptions.push(registerObjectDocuments(app));
    if (!store) return;
    const tree = new ProvenanceTree(store);
    const view = vscode.window.createTreeView('bregma.provenance', { treeDataProvider: tree, showCollapseAll: true });
    tree.follow(view);
    context.subscriptions.push(
      tree,
      view,
      sayFolder(app, view),
      vscode.commands.registerCommand('bregma.loadMoreActivities', (key: unknown) => tree.more(String(key))),
      vscode.commands.registerCommand('bregma.groupActivitiesByDay', () => tree.groupBy('day')),
      vscode.commands.registerCommand('bregma.groupActivitiesByTool', () => tree.groupBy('tool')),
    );
  },
};
