import * as vscode from 'vscode';
import { notebookType, toCellData } from '../notebook/cells.ts';
import { cellMimeType, fileListType, filesIn } from './catalogue-tree.ts';
import { newCells } from './new-cells.ts';

/** Files that hold data; the name of any other is put into the text, as VS Code does. */
const dataFile =
  /\.(csv|tsv|parquet|arrow|feather|xlsx|ods|npy|npz|nwb|h5|hdf5|h5ad|mat|zarr|nii(\.gz)?|nrrd|mgh|mgz|gii)$/i;

/**
 * A data file that is dropped on a cell is added, and its rows come behind that cell. A row of a tree, dropped on a cell, is a cell of its own kind: an empty cell becomes it and keeps its name, and behind every
 * other a new one is put. It never becomes a part of the text on which it was dropped.
 */
export function offerDrop(): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(
    { notebookType },
    { provideDocumentDropEdits },
    {
      dropMimeTypes: [cellMimeType, fileListType],
    },
  );
}

async function provideDocumentDropEdits(
  document: vscode.TextDocument,
  _position: vscode.Position,
  transfer: vscode.DataTransfer,
): Promise<vscode.DocumentDropEdit | undefined> {
  const files = filesIn(await transfer.get(fileListType)?.asString()).filter(({ fsPath }) => dataFile.test(fsPath));
  if (files.length > 0) {
    // The drop ends first: what was decided is shown, and the cells come behind the one on which the files were dropped.
    setTimeout(() => void vscode.commands.executeCommand('bregma.addData', files[0], files), 0);
    return new vscode.DocumentDropEdit('', 'Add Data');
  }
  const fenced = await transfer.get(cellMimeType)?.asString();
  const cell = vscode.workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find((one) => one.document === document);
  if (!fenced || !cell) return undefined;
  const cells = (await newCells(fenced)).map(toCellData);
  const drop = new vscode.DocumentDropEdit('', 'Insert Cell');
  if (cell.kind === vscode.NotebookCellKind.Code && document.getText().trim() === '') {
    // The cell itself has to stay: VS Code goes on with the editor in which something was dropped.
    const [{ value, languageId }] = cells.splice(0, 1);
    if (document.languageId !== languageId) await vscode.languages.setTextDocumentLanguage(document, languageId);
    drop.insertText = new vscode.SnippetString().appendText(value);
  }
  if (cells.length > 0) {
    drop.additionalEdit = new vscode.WorkspaceEdit();
    drop.additionalEdit.set(cell.notebook.uri, [vscode.NotebookEdit.insertCells(cell.index + 1, cells)]);
  }
  return drop;
}
