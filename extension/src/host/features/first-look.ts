import * as vscode from 'vscode';
import type { Feature } from '../app.ts';

/**
 * Tells the side bar what it can show: `bregma.looked`, the store has said what there is, so that an empty tree may say so;
 * `bregma.empty`, there is nothing that more than the first two trees could show.
 */
export const firstLook: Feature = {
  name: 'firstLook',
  activate({ context, store }) {
    const say = () => {
      void vscode.commands.executeCommand(
        'setContext',
        'bregma.empty',
        !store || (store.seq() === 0 && !store.trouble()),
      );
      void vscode.commands.executeCommand('setContext', 'bregma.looked', true);
    };
    if (store) context.subscriptions.push(store.onGrown(say));
    else say();
  },
};
