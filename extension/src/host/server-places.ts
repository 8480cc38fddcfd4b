import { existsSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import type { ServerPlaces } from '../servers.ts';

/** Fires when what servers need to know has changed: a setting, trust, or native modules that were installed. */
export const placesChanged = new vscode.EventEmitter<void>();

/** Where `Bregma: Doctor` installs the native modules: a folder with `node_modules` in it, kept over updates. */
export function nativeFolder(context: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(context.globalStorageUri, 'native').fsPath;
}

/**
 * What a server needs to know, read when it is started. Whatever starts a server asks here, so this is where an untrusted
 * workspace and an empty window are refused (`not-allowed`).
 */
export function serverPlaces(context: vscode.ExtensionContext, folder: vscode.Uri | undefined): () => ServerPlaces {
  const setting = (name: string) => vscode.workspace.getConfiguration('bregma').get<string>(name) || undefined;
  return () => {
    if (!folder) {
      throw new BregmaError('not-allowed', 'No folder is open.', {
        next: 'Open the folder that holds, or is to hold, your records.',
      });
    }
    if (!vscode.workspace.isTrusted) {
      throw new BregmaError('not-allowed', 'This workspace is not trusted: Bregma reads it and starts nothing.', {
        next: 'Trust it with “Workspaces: Manage Workspace Trust”.',
      });
    }
    const installed = path.join(nativeFolder(context), 'node_modules');
    return {
      extension: context.extensionUri.fsPath,
      workspace: folder.fsPath,
      nativeModules: setting('nativeModules') ?? (existsSync(installed) ? installed : undefined),
      mirror: setting('mirror'),
      open: vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath),
    };
  };
}
