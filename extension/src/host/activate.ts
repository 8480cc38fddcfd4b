import { saidBy } from '@bregma/core/errors';
import * as vscode from 'vscode';
import { Servers } from '../servers.ts';
import { openStore } from '../store/client.ts';
import type { App } from './app.ts';
import { commands } from './commands/index.gen.ts';
import { features } from './features/index.gen.ts';
import { serverPlaces } from './server-places.ts';
import { viewShower } from './web-panel.ts';

/** Composes the extension: one App, every command, every feature. Heavy parts are loaded when they are first used. */
export function activateHost(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Bregma', { log: true });
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const store = folder && openStore(folder.fsPath, vscode.Uri.joinPath(context.extensionUri, 'store-worker.js').fsPath);
  const places = serverPlaces(context, folder);
  const servers = new Servers(places);
  const app: App = { context, folder, store, servers, places, log, show: viewShower(context, log) };
  context.subscriptions.push(log, servers);
  if (store) context.subscriptions.push(store);
  for (const { id, run } of commands)
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args) => {
        try {
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
      feature.activate(app);
    } catch (error) {
      log.error(`${feature.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }
}
