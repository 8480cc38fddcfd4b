import * as vscode from 'vscode';

/** Puts a fenced cell where the person works: behind the selected cell of a notebook, at the cursor of an editor, else into a new notebook. */
export async function insertCell(fenced: string): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor;
  if (notebook) {
    const [, language = 'sql', text = ''] = /^```(\S+)\n([\s\S]*?)\n```/.exec(fenced) ?? [];
    const at = notebook.selection?.end ?? notebook.notebook.cellCount;
    const edit = new vscode.WorkspaceEdit();
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, language);
    edit.set(notebook.notebook.uri, [vscode.NotebookEdit.insertCells(at, [cell])]);
    await vscode.workspace.applyEdit(edit);
    notebook.revealRange(new vscode.NotebookRange(at, at + 1));
    return;
  }
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'markdown') {
    await editor.edit((builder) => builder.insert(editor.selection.active, fenced));
    return;
  }
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: `${fenced}` });
  await vscode.window.showTextDocument(document);
}
