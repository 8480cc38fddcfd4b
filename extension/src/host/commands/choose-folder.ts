import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { folderName } from '../shown-folder.ts';

/** Shows the records of another folder of this window in the side bar. given: that folder, for callers without a dialog. */
export const chooseFolder: Command = {
  async run(app, given) {
    const folders = app.folders();
    if (folders.length === 0)
      throw new BregmaError('missing', 'No folder is open.', { next: 'Open one: its records are kept in it.' });
    const chosen = given instanceof vscode.Uri ? given : await ask(folders);
    if (chosen) await app.choose(chosen);
    return chosen;
  },
};

async function ask(folders: vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = folders.map((folder) => ({ label: folderName(folder), description: folder.fsPath, folder }));
  return (await vscode.window.showQuickPick(items, { title: 'Show the Records of Which Folder?' }))?.folder;
}
