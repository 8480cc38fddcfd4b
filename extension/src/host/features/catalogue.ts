import { saidBy } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { CatalogueTree, type Row } from '../catalogue/catalogue-tree.ts';
import { offerDrop } from '../catalogue/drop-into-cell.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { sayFolder } from '../shown-folder.ts';

/** What a folder without records holds. */
const nothing = { data: [], twins: [], unreadable: { data: [], twins: [] } };

/** The trees of data sets and twins in the activity bar. */
export const catalogue: Feature = {
  name: 'catalogue',
  activate(app) {
    const { context, store, log } = app;
    const data = new CatalogueTree({ takesFiles: true });
    const twins = new CatalogueTree({ takesFiles: false });
    const view = (id: string, tree: CatalogueTree) =>
      vscode.window.createTreeView(id, { treeDataProvider: tree, dragAndDropController: tree, canSelectMany: true });
    const views = [view('bregma.data', data), view('bregma.twins', twins)];
    context.subscriptions.push(...views, offerDrop(), sayFolder(app, ...views));
    if (!store) return;
    let shown = '';
    let drawn = '';
    const draw = oneAtATime(async () => {
      // The first time also unseen, and below only what is new: rows that come while a tree is first drawn may be lost (VS Code 1.138).
      const wanted = shown === '' || views.some(({ visible }) => visible);
      const state = `${store.seq()} ${store.folder}`;
      if (!wanted || shown === state || (shown === '' && store.seq() === 0)) return false;
      shown = state;
      try {
        const found = store.seq() === 0 ? nothing : await store.ask.catalogue();
        const { unreadable } = found;
        const said = JSON.stringify(found);
        if (said === drawn) return true;
        drawn = said;
        data.set([
          ...found.data.map((one): Row => ({ row: 'data', data: one })),
          ...unreadable.data.map((record): Row => ({ row: 'unreadable', what: 'data set', record })),
        ]);
        twins.set([
          ...found.twins.map((one): Row => ({ row: 'twin', twin: one })),
          ...unreadable.twins.map((record): Row => ({ row: 'unreadable', what: 'twin', record })),
        ]);
        // Set only where it says something: a message that comes with new rows can leave a tree waiting for ever (VS Code 1.138).
        for (const each of views) if (each.message) each.message = undefined;
      } catch (error) {
        const { message, next } = saidBy(error);
        drawn = '';
        shown = ''; // it is read again when the folder or the view changes
        log.error(`catalogue: ${message}`);
        for (const each of views) each.message = [message, next].filter(Boolean).join(' ');
      }
      return true;
    });
    context.subscriptions.push(
      // Activities too: a twin may have been judged.
      store.onGrown(draw, ['dataset', 'twin', 'activity']),
      ...views.map((each) => each.onDidChangeVisibility(draw)),
    );
    draw();
  },
};
