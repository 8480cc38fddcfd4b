import { plain } from '@bregma/core/contracts/plain-text';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { verifyWithProgress } from '../provenance/record-panel.ts';
import { idOfItem } from '../provenance/tree.ts';
import { say } from '../say.ts';

/** Checks every record and object of the folder, or one record, and says what was changed. Gives what was found. */
export const verify: Command = {
  async run(app, given) {
    const id = typeof given === 'string' ? given : idOfItem(given);
    const found = await verifyWithProgress(app, id?.match(/^(act|rec|tst|apr|exp|stp)-/) ? id : undefined);
    if (!found) return undefined;
    const { faults, records, objects, marks } = found;
    const counted = `${records} records, ${objects} objects, ${marks} writers’ marks`;
    if (faults.length === 0) {
      say(`Nothing was changed: ${counted}.`);
      return found;
    }
    const first = `${plain(faults[0].what, 120)} ${plain(faults[0].problem, 200)}`;
    const all = `Show ${faults.length === 1 ? 'the Fault' : `All ${faults.length} Faults`}`;
    const said = `${faults.length === 1 ? 'One fault' : `${faults.length} faults`} in ${counted}: ${first}.`;
    const content = [
      `Verification of ${app.folder?.fsPath ?? ''}: ${faults.length} faults in ${counted}.`,
      '',
      ...faults.map(({ what, problem }) => `✗ ${plain(what, 400)} ${plain(problem, 1000)}`),
      '',
    ].join('\n');
    const open = async () =>
      vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }));
    say(said, { [all]: open }, 'error');
    return found;
  },
};
