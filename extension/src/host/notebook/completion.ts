import { type Completion, completions } from '@bregma/notebooks/complete';
import { type Names, nameValues, sqlCompletions } from '@bregma/notebooks/complete-names';
import { dataOf, plotCompletions } from '@bregma/notebooks/complete-plot';
import type { Cell } from '@bregma/notebooks/document';
import { activityAbove } from '@bregma/notebooks/show';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { cellOf, languageOf, notebookType } from './cells.ts';
import { toolForms } from './tool-forms.ts';

/** Offers tools, arguments, views, columns and earlier results while a cell is written. */
export const offerCompletions = (app: App): vscode.Disposable =>
  vscode.Disposable.from(
    offer(app, languageOf.bregma, /[$\w-]+/, async (own, before, whole, above) => [
      ...completions(before, whole, await toolForms(own), namesOf(above)),
      ...nameValues(before, await namesIn(own)),
    ]),
    ...[languageOf.sql, 'sql'].map((language) =>
      offer(app, language, /[\w]+/, async (own, before, whole) => sqlCompletions(before, whole, await namesIn(own)), [
        '.',
        ' ',
      ]),
    ),
    offer(app, languageOf.plot, /[\w@.-]+/, inPlot),
  );

/** app: of the folder in which the notebook lies. */
type Complete = (app: App, before: string, whole: string, above: Cell[]) => Promise<Completion[]>;

/** word: what is replaced. A dollar sign is no part of a word: without it VS Code would write it twice. */
const offer = (
  app: App,
  language: string,
  word: RegExp,
  complete: Complete,
  triggers = [':', ' ', '$'],
): vscode.Disposable =>
  vscode.languages.registerCompletionItemProvider(
    { language, notebookType },
    {
      async provideCompletionItems(document, position) {
        const before = document.getText(new vscode.Range(new vscode.Position(0, 0), position));
        const found = await complete(app.at(notebookFile(document)), before, document.getText(), cellsAbove(document));
        return found.map(({ label, insert, detail, documentation, needed }) => {
          const item = new vscode.CompletionItem({ label, description: detail }, vscode.CompletionItemKind.Field);
          item.insertText = insert;
          item.documentation = documentation;
          item.sortText = `${needed ? 0 : 1}${label}`;
          item.range = document.getWordRangeAtPosition(position, word);
          return item;
        });
      },
    },
    ...triggers,
  );

const nothing: Names = { data: [], twins: [] };
const namesIn = async ({ store }: App): Promise<Names> => (store && store.seq() > 0 ? store.ask.names() : nothing);

async function inPlot({ store }: App, before: string, whole: string, above: Cell[]): Promise<Completion[]> {
  const read = store && store.seq() > 0 ? store.ask : undefined;
  const entries = (await read?.atlasOffers()) ?? [];
  const datasets = entries.map(({ reference, offers }) => ({ reference, pictures: offers }));
  return plotCompletions(before, whole, { cells: namesOf(above), datasets, columns: await columns() });

  async function columns(): Promise<string[]> {
    const data = dataOf(whole);
    try {
      return data && read ? await read.notebookColumns(activityAbove(above, above.length, data)) : [];
    } catch {
      return []; // A cell that has no result yet has no columns.
    }
  }
}

/** The file of the notebook in which a cell's text stands. */
const notebookFile = ({ uri }: vscode.TextDocument) => vscode.Uri.file(uri.fsPath);

function cellsAbove(document: vscode.TextDocument): Cell[] {
  const cells = vscode.workspace.notebookDocuments
    .map((notebook) => notebook.getCells())
    .find((all) => all.some((cell) => cell.document === document));
  const here = cells?.findIndex((cell) => cell.document === document) ?? 0;
  return (cells ?? []).slice(0, here).map(cellOf);
}

const namesOf = (cells: Cell[]): string[] =>
  cells.flatMap((content) => (content.kind !== 'prose' && content.info.name ? [content.info.name] : []));
