import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { placesChanged } from '../server-places.ts';

/** Keeps the programs that agents start up to date with this version of the extension and its settings. */
export const agents: Feature = {
  name: 'agents',
  activate(app) {
    const { context, log } = app;
    const storage = context.globalStorageUri.fsPath;
    const update = async () => {
      if (!app.folder || !vscode.workspace.isTrusted || !existsSync(path.join(storage, 'servers'))) return;
      const { writeLaunchers } = await import('../../agents/launchers.ts');
      writeLaunchers(storage, app.places(), true);
    };
    const tell = (error: unknown) => log.warn(`agents: ${error instanceof Error ? error.message : error}`);
    update().catch(tell);
    context.subscriptions.push(placesChanged.event(() => void update().catch(tell)));
  },
};
