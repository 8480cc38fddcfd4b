import { saidBy } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { StoreClient } from '../../store/client.ts';
import type { Feature } from '../app.ts';
import { CatalogueTree, type Row } from '../catalogue/catalogue-tree.ts';
import { offerDrop } from '../catalogue/drop-into-cell.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { sayFolder } from '../shown-folder.ts';

type Found = Awaited<ReturnType<StoreClient['ask']['catalogue']>>;

/** What a folder without records holds. */
const nothing: Found = { data: [], twins: [], unreadable: { data: [], twins: [] } };

/** The trees of data sets and twins in the activity bar. */
export const catalogue: Feature = {
  name: 'catalogue',
  activate(app) {
    const { context, store, log } = app;
    let read: { state: string; found: Promise<Found> } | undefined;
    /** What the store holds now, read once for each state of it; nothing where it cannot be read, which the views say. */
    const found = () => {
      const state = `${store?.seq()} ${store?.folder}`;
      if (read?.state !== state)
        read = {
          state,
          found: store && store.seq() > 0 ? store.ask.catalogue().catch(cannotRead) : Promise.resolve(nothing),
        };
      return read.found;
    };
    const cannotRead = (error: unknown): Found => {
      const { message, next } = saidBy(error);
      read = undefined; // it is read again when the folder or the view changes
      log.error(`catalogue: ${message}`);
      for (const each of views) each.message = [message, next].filter(Boolean).join(' ');
      return nothing;
    };
    const trees = [
      new CatalogueTree(async () => dataRows(await found()), { takesFiles: true }),
      new CatalogueTree(async () => twinRows(await found()), { takesFiles: false }),
    ];
    const views = ['bregma.data', 'bregma.twins'].map((id, i) =>
      vscode.window.createTreeView(id, {
        treeDataProvider: trees[i],
        dragAndDropController: trees[i],
        canSelectMany: true,
      }),
    );
    context.subscriptions.push(...views, offerDrop(), sayFolder(app, ...views));
    if (!store) return;
    const draw = oneAtATime(async () => {
      const seen = trees.filter((_, i) => views[i].visible);
      const changed = await Promise.all(seen.map((tree) => tree.refresh()));
      // Set only where it says something: a message that comes with new rows can leave a tree waiting for ever (VS Code 1.138).
      if (read) for (const each of views) if (each.message) each.message = undefined;
      // Looked at once more: of rows that come while a tree is first drawn VS Code may not hear (1.138).
      if (changed.includes(true)) draw();
      return changed.includes(true);
    });
    context.subscriptions.push(
      // Activities too: a twin may have been judged.
      store.onGrown(draw, ['dataset', 'twin', 'activity']),
      ...views.map((each) => each.onDidChangeVisibility(draw)),
    );
    draw();
  },
};

const dataRows = ({ data, unreadable }: Found): Row[] => [
  ...data.map((one): Row => ({ row: 'data', data: one })),
  ...unreadable.data.map((record): Row => ({ row: 'unreadable', what: 'data set', record })),
];

const twinRows = ({ twins, unreadable }: Found): Row[] => [
  ...twins.map((one): Row => ({ row: 'twin', twin: one })),
  ...unreadable.twins.map((record): Row => ({ row: 'unreadable', what: 'twin', record })),
];
