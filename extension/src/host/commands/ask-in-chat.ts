import { memberOf } from '@bregma/core/members';
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { activityOf, notebookType } from '../notebook/cells.ts';
import { storeOf } from '../provenance/asking.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { idOfItem } from '../provenance/tree.ts';
import { say } from '../say.ts';

/** Begins a question to the agent about a result: with its id alone, because words of a record are data that no agent should obey. */
export const askInChat: Command = {
  async run(app, given) {
    const store = storeOf(app);
    if (!store) return;
    const id =
      idGiven(app, given) ??
      (await pickActivity(store, 'Ask in Chat', 'Any text of an activity, or the id of a claim, twin or data set'));
    if (!id) return;
    const query = `About ${id} in the records of Bregma (find_records, trace_claim): `;
    try {
      await vscode.commands.executeCommand('workbench.action.chat.open', { query, isPartialQuery: true });
    } catch (error) {
      app.log.warn(`There is no chat: ${error instanceof Error ? error.message : error}`);
      await vscode.env.clipboard.writeText(query);
      say('This window has no chat. The beginning of the question is on the clipboard, for the chat of your agent.');
    }
  },
};

/** What a menu handed over, or what a person looks at. */
function idGiven(app: App, given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (memberOf(memberOf(given, 'notebook'), 'notebookType') === notebookType)
    // SAFETY: only a cell has a notebook of this type.
    return activityOf(given as vscode.NotebookCell);
  return idOfItem(given) ?? app.lookedAt();
}
