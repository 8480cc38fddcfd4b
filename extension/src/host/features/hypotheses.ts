import { withDigits } from '@bregma/core/numbers';
import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { hypothesisTree } from '../lab/hypothesis-tree.ts';
import { labWatch } from '../lab/lab-watch.ts';
import { sayFolder } from '../shown-folder.ts';

/** The tree of hypotheses, with what is left of the error budget above it. */
export const hypotheses: Feature = {
  name: 'hypotheses',
  activate(app) {
    const watch = labWatch(app);
    const view = vscode.window.createTreeView('bregma.hypotheses', { treeDataProvider: hypothesisTree(watch) });
    watch.onChanged(({ board: { budget, columns } }) => {
      const none = columns.every(({ cards }) => cards.length === 0);
      view.message = none
        ? undefined
        : `Error budget: ${budget.tests} ${budget.tests === 1 ? 'test' : 'tests'} paid for, ${budget.discoveries} ${budget.discoveries === 1 ? 'discovery' : 'discoveries'}; the next needs e ≥ ${withDigits(1 / budget.nextLevel, 3)}`;
    });
    watch.onFailed((why) => {
      view.message = why;
    });
    watch.onGone(() => {
      view.message = undefined;
    });
    app.context.subscriptions.push(view, sayFolder(app, view));
  },
};
