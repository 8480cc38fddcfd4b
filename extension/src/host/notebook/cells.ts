import {
  type Cell,
  type CellInfo,
  type CellKind,
  cellKinds,
  type Notebook,
  writeInfo,
} from '@bregma/notebooks/document';
import { closesFence } from '@bregma/notebooks/fence';
import * as vscode from 'vscode';

export const notebookType = 'bregma-notebook';

/** Language of the editor for each kind of cell. */
export const languageOf: Record<CellKind, string> = {
  sql: 'bregma-sql',
  bregma: 'bregma',
  plot: 'bregma-plot',
  'vega-lite': 'vega-lite',
  hypothesis: 'bregma-hypothesis',
};
/** Languages that a cell may have; SQL of any origin is SQL over atlases here. */
export const cellLanguages = [...Object.values(languageOf), 'sql'];
const kindOf = (language: string) => cellKinds.find((kind) => languageOf[kind] === language || kind === language);

/** What the editor keeps of a cell besides its text. */
interface CellMetadata {
  /** Marks Markdown whose HTML stays text: see `webviews/src/hosts/notebook-prose.ts`. */
  prose?: true;
  info?: CellInfo;
  raw?: string;
}
interface NotebookMetadata {
  bom?: boolean;
  eol?: Notebook['eol'];
  frontMatter?: string | null;
  results?: string | null;
  resultsAt?: number | null;
}

/** A notebook as VS Code holds it; what it has no place for goes into the metadata. */
export function toNotebookData(notebook: Notebook): vscode.NotebookData {
  const data = new vscode.NotebookData(notebook.cells.map(toCellData));
  data.metadata = metadataOf(notebook);
  return data;
}

/** What VS Code has no place for. A member that is left out VS Code takes for one that did not change (1.139): absent is null. */
const metadataOf = ({ bom, eol, frontMatter, results, resultsAt }: Notebook) =>
  ({
    bom,
    eol,
    frontMatter: frontMatter ?? null,
    results: results ?? null,
    resultsAt: resultsAt ?? null,
  }) satisfies NotebookMetadata;

/** A cell as VS Code holds it, with the characters of the file beside it. */
export function toCellData(cell: Cell): vscode.NotebookCellData {
  const data =
    cell.kind === 'prose'
      ? new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, cell.text, 'markdown')
      : new vscode.NotebookCellData(vscode.NotebookCellKind.Code, cell.text, languageOf[cell.kind]);
  data.metadata = {
    raw: cell.raw,
    ...(cell.kind === 'prose' ? { prose: true } : { info: cell.info }),
  } satisfies CellMetadata;
  return data;
}

interface EditorCell {
  kind: vscode.NotebookCellKind;
  text: string;
  language: string;
  metadata: CellMetadata | undefined;
}

/** A cell of the editor as the file has it. Code of another language is prose with a fence. */
function toCell({ kind, text, language, metadata }: EditorCell): Cell {
  const raw = metadata?.raw;
  if (kind === vscode.NotebookCellKind.Markup) return { kind: 'prose', text, raw };
  const known = kindOf(language);
  if (known) return { kind: known, text, raw, info: metadata?.info ?? { more: [] } };
  let mark = '```';
  while (text.split('\n').some((line) => closesFence(line, mark))) mark += '`';
  return { kind: 'prose', text: `${mark}${language}\n${text}\n${mark}`, raw };
}

/** The cell that an open cell of the editor says. */
export const cellOf = (cell: vscode.NotebookCell): Cell =>
  toCell({
    kind: cell.kind,
    text: cell.document.getText(),
    language: cell.document.languageId,
    metadata: cell.metadata,
  });

/** All cells of an open document, in order. */
export const cellsOf = (notebook: vscode.NotebookDocument): Cell[] => notebook.getCells().map(cellOf);

/** The notebook that an open document says. */
export function notebookOf(notebook: vscode.NotebookDocument): Notebook {
  return { ...frameOf(notebook.metadata), cells: cellsOf(notebook) };
}

/** The notebook that is to be written. */
export function notebookOfData(data: vscode.NotebookData): Notebook {
  const cells = data.cells.map(({ kind, value, languageId, metadata }) =>
    toCell({ kind, text: value, language: languageId, metadata }),
  );
  return { ...frameOf(data.metadata), cells };
}

function frameOf(metadata: Record<string, unknown> | undefined): Omit<Notebook, 'cells'> {
  // SAFETY: the metadata of this type of notebook are those that `toNotebookData` gave it; a new notebook has none.
  const { bom = false, eol = '\n', frontMatter, results, resultsAt } = (metadata ?? {}) as NotebookMetadata;
  return {
    bom,
    eol,
    frontMatter: frontMatter ?? undefined,
    results: results ?? undefined,
    resultsAt: resultsAt ?? undefined,
  };
}

/** Marks Markdown cells that were added in the editor as prose. */
export function markProse(cells: readonly vscode.NotebookCell[]): vscode.NotebookEdit[] {
  return cells.flatMap((cell) => {
    const metadata: CellMetadata = cell.metadata;
    if (cell.kind !== vscode.NotebookCellKind.Markup || metadata.prose) return [];
    return vscode.NotebookEdit.updateCellMetadata(cell.index, { ...metadata, prose: true });
  });
}

/** The activity behind the selected cell of the notebook in front. */
export function selectedActivity(): string | undefined {
  const cell = cellGiven(undefined);
  return cell?.notebook.notebookType === notebookType ? activityOf(cell) : undefined;
}

/** The cell that a toolbar of VS Code gave a command; of the palette, which gives nothing, the selected one of the notebook in front. */
export function cellGiven(given: unknown): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  const selected = editor && editor.notebook.cellCount > 0 ? editor.notebook.cellAt(editor.selection.start) : undefined;
  // SAFETY: VS Code gives the cell to a command of its toolbar, and nothing to one of the palette.
  return (given as vscode.NotebookCell | undefined) ?? selected;
}

/** The activity that a cell shows. */
export function activityOf(cell: vscode.NotebookCell): string | undefined {
  const content = cellOf(cell);
  return content.kind === 'prose' ? undefined : content.info.activity;
}

/** Changes what stands behind the kind of a cell: its name, its activity. */
export function infoEdit(cell: vscode.NotebookCell, change: Partial<CellInfo>): vscode.NotebookEdit | undefined {
  const metadata: CellMetadata = cell.metadata;
  const info = metadata.info ?? { more: [] };
  const next = { ...info, ...change };
  if (writeInfo(info) === writeInfo(next)) return undefined;
  return vscode.NotebookEdit.updateCellMetadata(cell.index, { ...metadata, info: next });
}

/** Another text of a cell, as the smallest edit: the cursor stays where it is. text: with line ends as \n. */
export function textEdit({ document }: vscode.NotebookCell, text: string): vscode.TextEdit {
  const was = document.getText();
  const next = document.eol === vscode.EndOfLine.CRLF ? text.replaceAll('\n', '\r\n') : text;
  const most = Math.min(was.length, next.length);
  let [start, end] = [0, 0];
  while (start < most && was[start] === next[start]) start++;
  while (end < most - start && was[was.length - 1 - end] === next[next.length - 1 - end]) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(was.length - end));
  return vscode.TextEdit.replace(range, next.slice(start, next.length - end));
}

/** Applies the edits as one step that can be undone. texts: edits within cells. False: VS Code refused it. */
export async function applyEdits(
  notebook: vscode.NotebookDocument,
  edits: (vscode.NotebookEdit | undefined)[],
  texts: { cell: vscode.NotebookCell; edit: vscode.TextEdit }[] = [],
): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { cell, edit: change } of texts) edit.set(cell.document.uri, [change]);
  edit.set(
    notebook.uri,
    edits.filter((one) => one !== undefined),
  );
  return vscode.workspace.applyEdit(edit);
}
