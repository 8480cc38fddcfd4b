import { bytesInWords } from '@bregma/core/numbers';
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { longWork } from '../long-work.ts';
import { storeOf } from '../provenance/asking.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { idOfItem } from '../provenance/tree.ts';
import { say } from '../say.ts';

/** Packs a record and what it rests on as an RO-Crate, in a zip that a person names. Gives its path. */
export const exportCrate: Command = {
  async run(app, given, to) {
    const store = storeOf(app);
    if (!store || !app.folder) return undefined;
    const named = typeof given === 'string' ? given : idOfItem(given);
    const id = named ?? (await pickActivity(store, 'Export RO-Crate', 'Any text of an activity, or the id of a claim'));
    if (!id) return undefined;
    const name = `${id.replace(/[^A-Za-z0-9@._-]/g, '-').slice(0, 60)}-ro-crate.zip`;
    const target =
      typeof to === 'string'
        ? vscode.Uri.file(to)
        : await vscode.window.showSaveDialog({
            title: 'Export RO-Crate',
            defaultUri: vscode.Uri.joinPath(app.folder, name),
            filters: { 'RO-Crate (zip)': ['zip'] },
          });
    if (!target) return undefined;
    const written = await longWork(`Exporting ${id.slice(0, 40)}`, (signal, onProgress) =>
      store.follow('crate', [id, target.fsPath], { signal, onProgress }),
    );
    if (!written) return undefined;
    const { activities, copied, bytes, named: only } = written;
    const left = only.length > 0 ? ` ${only.length} objects are named, not copied: ${only[0].why}.` : '';
    const said = `RO-Crate of ${activities} calls and ${copied} objects (${bytesInWords(bytes)}) in ${vscode.workspace.asRelativePath(target)}.${left}`;
    say(said, { 'Show in Folder': () => vscode.commands.executeCommand('revealInExplorer', target) });
    return target.fsPath;
  },
};
