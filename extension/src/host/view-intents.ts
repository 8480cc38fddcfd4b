import { CopyIntent, OpenActivityIntent } from '@bregma/webviews/kit/intents';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { App } from './app.ts';

/** What every view of results may ask for: a copy, or the activity behind it. */
export function viewIntents(app: App): Record<'copy' | 'open-activity', (payload: unknown) => Promise<void>> {
  return {
    copy: (payload) => giveCopy(app, z.parse(CopyIntent, payload)),
    async 'open-activity'(payload) {
      await vscode.commands.executeCommand('bregma.showRecord', z.parse(OpenActivityIntent, payload).activity);
    },
  };
}

/** Text goes to the clipboard; a PNG, which the editor's clipboard cannot hold, into a file. */
async function giveCopy(app: App, { format, name, data }: CopyIntent): Promise<void> {
  if (format !== 'png') {
    await vscode.env.clipboard.writeText(data);
    vscode.window.setStatusBarMessage(`Copied ${name} as ${format.toUpperCase()}`, 4000);
    return;
  }
  const file = `${name.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'picture'}.png`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: app.folder && vscode.Uri.joinPath(app.folder, file),
    filters: { PNG: ['png'] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(data, 'base64'));
}
