import * as vscode from 'vscode';
import { completions } from '../../notebook/complete.ts';
import type { App } from '../app.ts';
import { cellOf, languageOf, notebookType } from './cells.ts';
import { toolForms } from './tool-forms.ts';

/** Offers tools, arguments and earlier results while a bregma cell is written. */
export const offerCompletions = (app: App): vscode.Disposable =>
  vscode.languages.registerCompletionItemProvider(
    { language: languageOf.bregma, notebookType },
    {
      async provideCompletionItems(document, position) {
        const before = document.getText(new vscode.Range(new vscode.Position(0, 0), position));
        const found = completions(before, document.getText(), await toolForms(app), namesAbove(document));
        return found.map(({ label, insert, detail, documentation, needed }) => {
          const item = new vscode.CompletionItem({ label, description: detail }, vscode.CompletionItemKind.Field);
          item.insertText = insert;
          item.documentation = documentation;
          item.sortText = `${needed ? 0 : 1}${label}`;
          // A dollar sign is no part of a word: without a range VS Code would write it twice.
          item.range = document.getWordRangeAtPosition(position, /[$\w-]+/);
          return item;
        });
      },
    },
    ':',
    ' ',
    '$',
  );

function namesAbove(document: vscode.TextDocument): string[] {
  const cells = vscode.workspace.notebookDocuments
    .map((notebook) => notebook.getCells())
    .find((all) => all.some((cell) => cell.document === document));
  const here = cells?.findIndex((cell) => cell.document === document) ?? 0;
  return (cells ?? []).slice(0, here).flatMap((cell) => {
    const content = cellOf(cell);
    return content.kind !== 'prose' && content.info.name ? [content.info.name] : [];
  });
}
