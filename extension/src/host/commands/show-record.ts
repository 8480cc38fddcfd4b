import * as vscode from 'vscode';
import type { Command } from '../app.ts';

const idPattern = /^(act|rec|tst|apr|exp|stp)-[0-9a-f]{16}$/;

/** Shows one record of the ledger, by id. */
export const showRecord: Command = {
  id: 'bregma.showRecord',
  async run({ store, show }, given) {
    if (!store) return vscode.window.showInformationMessage('Open a folder first: its records are kept in it.');
    const id =
      typeof given === 'string'
        ? given
        : await vscode.window.showInputBox({
            title: 'Show Record',
            prompt: 'Id of a record, as answers give it',
            placeHolder: 'act-0123456789abcdef',
            validateInput: (text) => (idPattern.test(text) ? undefined : 'An id looks like act-0123456789abcdef.'),
          });
    if (id === undefined) return undefined;
    const record = await store.ask.record(id);
    if (!record) return vscode.window.showErrorMessage(`There is no record '${id.slice(0, 40)}' in this folder.`);
    show({ view: 'activity', key: `record ${id}`, title: record.subject || id, model: record });
  },
};
