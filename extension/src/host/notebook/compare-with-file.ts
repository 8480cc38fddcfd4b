import path from 'node:path';
import { decode } from '@bregma/notebooks/decode';
import { serialize } from '@bregma/notebooks/serialize';
import * as vscode from 'vscode';
import { notebookOf, notebookType } from './cells.ts';

/** Texts that are compared: of no file, and of a name that no notebook has, or VS Code would open them as notebooks. */
const scheme = 'bregma-compare';

/** Gives the texts of `compareWithFile`. */
export function offerComparison(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ query }) {
      const { side, file }: { side: 'file' | 'unsaved'; file: string } = JSON.parse(query);
      const uri = vscode.Uri.file(file);
      if (side === 'file') return decode(await vscode.workspace.fs.readFile(uri));
      const notebook = vscode.workspace.notebookDocuments.find(
        (one) => one.notebookType === notebookType && one.uri.toString() === uri.toString(),
      );
      return notebook ? serialize(notebookOf(notebook)) : '';
    },
  });
}

/** Shows what the file says beside what the notebook says and has not saved. */
export async function compareWithFile({ uri }: vscode.NotebookDocument): Promise<void> {
  const name = path.basename(uri.fsPath);
  // The time makes each comparison its own: VS Code keeps texts that it has shown.
  const sideOf = (side: string) =>
    vscode.Uri.from({
      scheme,
      path: `/${name}.${side}.txt`,
      query: JSON.stringify({ side, file: uri.fsPath, at: Date.now() }),
    });
  await vscode.commands.executeCommand('vscode.diff', sideOf('file'), sideOf('unsaved'), `${name}: on disk ↔ unsaved`);
}
