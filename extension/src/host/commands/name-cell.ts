import { cellName } from '@bregma/notebooks/document';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { applyEdits, cellGiven, cellOf, infoEdit, notebookType } from '../notebook/cells.ts';
import { say } from '../say.ts';

/** Gives the result of a cell the name under which later cells use it. */
export const nameCell: Command = {
  async run(_, given) {
    const cell = cellGiven(given);
    if (cell?.notebook.notebookType !== notebookType || cell.kind !== vscode.NotebookCellKind.Code)
      return say('Select a sql, bregma or chart cell of a Bregma notebook first.');
    const content = cellOf(cell);
    if (content.kind === 'prose') return undefined;
    const others = cell.notebook.getCells().flatMap((other) => {
      const one = other === cell ? undefined : cellOf(other);
      return one && one.kind !== 'prose' && one.info.name ? [one.info.name] : [];
    });
    const name = await vscode.window.showInputBox({
      title: 'Name Cell',
      prompt: 'Later cells use the result under this name; empty removes it',
      value: content.info.name ?? '',
      validateInput: (text) => {
        if (text === '') return undefined;
        if (!cellName.test(text)) return 'A letter first, then letters, digits, _ and -; at most 60.';
        return others.includes(text) ? `Another cell has the name '${text}'.` : undefined;
      },
    });
    if (name === undefined) return undefined;
    return applyEdits(cell.notebook, [infoEdit(cell, { name: name === '' ? undefined : name })]);
  },
};
