import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { CatalogueTree } from '../catalogue/catalogue-tree.ts';
import { offerDrop } from '../catalogue/drop-into-cell.ts';

/** The trees of data sets and twins in the activity bar. */
export const catalogue: Feature = {
  name: 'catalogue',
  activate({ context, store, log }) {
    const data = new CatalogueTree();
    const twins = new CatalogueTree();
    const view = (id: string, tree: CatalogueTree) =>
      vscode.window.createTreeView(id, { treeDataProvider: tree, dragAndDropController: tree, canSelectMany: true });
    const views = [view('bregma.data', data), view('bregma.twins', twins)];
    context.subscriptions.push(...views, offerDrop());
    if (!store) return;
    let shown = -1;
    const draw = async () => {
      if (!views.some(({ visible }) => visible) || shown === store.seq() || store.seq() === 0) return;
      shown = store.seq();
      try {
        const found = await store.ask.catalogue();
        data.set(found.data.map((one) => ({ row: 'data', data: one })));
        twins.set(found.twins.map((one) => ({ row: 'twin', twin: one })));
        for (const each of views) each.message = undefined;
      } catch (error) {
        const { message, next } = error as Error & { next?: string };
        log.error(`catalogue: ${message}`);
        for (const each of views) each.message = [message, next].filter(Boolean).join(' ');
      }
    };
    context.subscriptions.push(
      store.onGrown(() => void draw()),
      ...views.map((each) => each.onDidChangeVisibility(() => void draw())),
    );
    void draw();
  },
};
