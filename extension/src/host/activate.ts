import { saidBy } from '@bregma/core/errors';
import * as vscode from 'vscode';
import { commands } from './commands/index.gen.ts';
import { features } from './features/index.gen.ts';
import { Folders } from './folders.ts';
import { selectedActivity } from './notebook/cells.ts';
import { viewShower } from './web-panel.ts';

/** Composes the extension: the folders of the window, every command, every feature. Heavy parts are loaded when they are first used. */
export function activateHost(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Bregma', { log: true });
  context.subscriptions.push(log);
  const { show, about } = viewShower(context, log);
  const folders = new Folders({ context, log, show, lookedAt: () => about() ?? selectedActivity() });
  context.subscriptions.push(
    vscode.workspace.onDidChangeWorkspaceFolders(({ removed }) => folders.leave(removed.map(({ uri }) => uri))),
  );
  for (const { id, load } of commands)
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args) => {
        try {
          const app = folders.of(args);
          const { run } = await load();
          return await run(app, ...args);
        } catch (error) {
          const { message, next } = saidBy(error);
          log.error(`${id}: ${message}`);
          void vscode.window.showErrorMessage(next ? `${message} ${next}` : message);
        }
      }),
    );
  for (const feature of features) {
    try {
      feature.activate(folders.window);
    } catch (error) {
      log.error(`${feature.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }
}
