import path from 'node:path';
import * as vscode from 'vscode';

/** Scheme of the read-only texts that are shown beside each other before a file is written. */
const scheme = 'bregma-preview';
const texts = new Map<string, string>();
let registered = false;
let count = 0;

/** Shows a change as a diff and asks whether to write it. The answer is asked for above the diff, so that it stays in sight. */
export async function confirmChange(
  context: vscode.ExtensionContext,
  { file, before, after }: { file: string; before?: string; after?: string },
  question: string,
): Promise<boolean> {
  if (!registered) {
    registered = true;
    context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: ({ path: key }) => texts.get(key) ?? '',
      }),
    );
  }
  const folder = `/${++count}`;
  const side = (name: string, text: string) => {
    const uri = vscode.Uri.from({ scheme, path: `${folder}/${name}/${path.basename(file)}` });
    texts.set(uri.path, text);
    return uri;
  };
  const now = side('now', before ?? '');
  const then = side('then', after ?? '');
  const title = `${path.basename(file)}: ${before === undefined ? 'new file' : after === undefined ? 'removed' : 'before ↔ after'}`;
  await vscode.commands.executeCommand('vscode.diff', now, then, title, { preview: true });
  const write = { label: `$(check) ${after === undefined ? 'Remove the file' : 'Write'}`, description: file };
  const cancel = { label: '$(close) Cancel', description: 'Leaves everything as it is' };
  const chosen = await vscode.window.showQuickPick([write, cancel], {
    title: question,
    placeHolder: 'The change is shown below.',
    ignoreFocusOut: true,
  });
  await closeDiff(then);
  texts.delete(now.path);
  texts.delete(then.path);
  return chosen === write;
}

async function closeDiff(modified: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.path === modified.path);
  await vscode.window.tabGroups.close(tabs);
}
