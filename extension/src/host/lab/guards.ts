import { BregmaError } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** The folder and its store. Throws `missing` in an empty window. */
export function openFolder(app: App): { folder: vscode.Uri; store: NonNullable<App['store']> } {
  if (app.folder && app.store) return { folder: app.folder, store: app.store };
  throw new BregmaError('missing', 'No folder is open.', { next: 'Open one: its records are kept in it.' });
}

/** Throws `not-allowed` unless a person trusts this workspace. what: "Freezing", "Signing"… */
export function mustBeTrusted(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new BregmaError('not-allowed', `${what} is off in an untrusted workspace.`, {
    next: 'Trust the workspace first (command “Manage Workspace Trust”).',
  });
}

/** The id that a command was given: as text, or by a row of a tree. */
export function idOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const id = memberOf(given, 'id');
  return typeof id === 'string' ? id : undefined;
}
