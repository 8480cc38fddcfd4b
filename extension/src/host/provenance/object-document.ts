import { plain } from '@bregma/core/contracts/plain-text';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { say } from '../say.ts';
import { storeOf } from './asking.ts';

const scheme = 'bregma-object';

/** Shows objects as read-only documents: an object that was edited would no longer be what its name says. */
export function registerObjectDocuments(app: App): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ path }) {
      const digest = /\/([0-9a-f]{64})/.exec(path)?.[1];
      if (!digest || !app.store) return '';
      const { text, bytes, mediaType } = await app.store.ask.objectText(digest);
      return text ?? `${mediaType}, ${bytes} bytes, sha256 ${digest}`;
    },
  });
}

/** Opens an object: text in a read-only editor; anything else can be saved as a copy. */
export async function showObject(app: App, digest: string): Promise<void> {
  const store = storeOf(app);
  if (!store) return;
  const { text, bytes, mediaType } = await store.ask.objectText(digest);
  if (text !== null) {
    const name = `${digest}${mediaType === 'application/json' ? '.json' : '.txt'}`;
    const uri = vscode.Uri.from({ scheme, path: `/${name}` });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    return;
  }
  say(`Object ${digest.slice(0, 12)}… is ${plain(mediaType, 60)}, ${bytes} bytes: no text.`, {
    'Show Lineage': () => vscode.commands.executeCommand('bregma.showLineage', digest),
    'Save a Copy…': () => saveCopy(app, digest),
  });
}

async function saveCopy({ folder }: App, digest: string): Promise<void> {
  const to = folder && (await vscode.window.showSaveDialog({ title: 'Save a copy of the object' }));
  if (!to) return;
  const from = vscode.Uri.joinPath(folder, '.bregma', 'objects', digest.slice(0, 2), digest.slice(2));
  await vscode.workspace.fs.copy(from, to, { overwrite: true });
}
