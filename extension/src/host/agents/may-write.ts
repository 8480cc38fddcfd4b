import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { say } from '../say.ts';

/** The folder, when it is open and trusted. Otherwise says what is missing, with the button that mends it, and gives undefined. */
export function folderToWrite({ folder }: App, what: string): vscode.Uri | undefined {
  if (folder && vscode.workspace.isTrusted) return folder;
  const [message, button, command] = folder
    ? [`${what} writes into this folder, which is not trusted yet.`, 'Manage Trust…', 'workbench.trust.manage']
    : [`${what} needs an open folder: records and settings are kept in it.`, 'Open Folder…', 'vscode.openFolder'];
  say(message, { [button]: () => vscode.commands.executeCommand(command) }, 'warning');
  return undefined;
}
