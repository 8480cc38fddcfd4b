import * as vscode from 'vscode';
import type { Feature } from '../app.ts';

/** Tells menus and buttons whether this workspace may run things: `bregma.trusted`. */
export const trust: Feature = {
  name: 'trust',
  activate({ context }) {
    const say = () => vscode.commands.executeCommand('setContext', 'bregma.trusted', vscode.workspace.isTrusted);
    void say();
    context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(say));
  },
};
