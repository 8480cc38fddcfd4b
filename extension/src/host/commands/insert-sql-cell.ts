import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { applyEdits, toCellData } from '../notebook/cells.ts';
import { notebookInFront } from '../notebook/export.ts';

/** Puts a sql cell below the selected one. given: its SQL, or a table as `id@release` and name. */
export const insertSqlCell: Command = {
  id: 'bregma.insertSqlCell',
  async run(_, given) {
    const notebook = notebookInFront();
    const at = vscode.window.activeNotebookEditor?.selection.end ?? notebook.cellCount;
    const cell = toCellData({ kind: 'sql', info: { more: [] }, text: sqlOf(given) });
    await applyEdits(notebook, [vscode.NotebookEdit.insertCells(at, [cell])]);
    const editor = vscode.window.activeNotebookEditor;
    if (editor) {
      editor.selection = new vscode.NotebookRange(at, at + 1);
      editor.revealRange(editor.selection, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
    }
  },
};

function sqlOf(given: unknown): string {
  if (typeof given === 'string') return given;
  const { release, table } = (given ?? {}) as { release?: unknown; table?: unknown };
  if (typeof release !== 'string' || typeof table !== 'string') return 'SELECT ';
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  return `SELECT *\nFROM ${quoted(release)}.${quoted(table)}\nLIMIT 100`;
}
