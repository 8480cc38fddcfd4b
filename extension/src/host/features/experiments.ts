import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { experimentTree } from '../lab/experiment-tree.ts';
import { labWatch } from '../lab/lab-watch.ts';
import { sayFolder } from '../shown-folder.ts';

/** The tree of plans and experiments; its badge counts the plans that wait for a person. */
export const experiments: Feature = {
  name: 'experiments',
  activate(app) {
    const watch = labWatch(app);
    const view = vscode.window.createTreeView('bregma.experiments', { treeDataProvider: experimentTree(watch) });
    watch.onChanged(({ experiments: { plans } }) => {
      // As in the catalogue: set only where it says something.
      if (view.message) view.message = undefined;
      const waiting = plans.filter(({ state }) => state === 'waiting').length;
      const tooltip = `${waiting} ${waiting === 1 ? 'plan waits' : 'plans wait'} for a person`;
      view.badge = waiting > 0 ? { value: waiting, tooltip } : undefined;
    });
    watch.onFailed((why) => {
      view.message = why;
    });
    watch.onGone(() => {
      view.message = undefined;
      view.badge = undefined;
    });
    app.context.subscriptions.push(view, sayFolder(app, view));
  },
};
