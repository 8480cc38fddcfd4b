import * as vscode from 'vscode';
import type { StoreClient } from '../../store/client.ts';
import type { App } from '../app.ts';

const idPattern =
  /^((act|rec|tst|apr|exp|stp|twin|hyp|plan)-[0-9a-f]{16}|[0-9a-f]{64}|[a-z0-9][a-z0-9._-]{0,79}@[A-Za-z0-9][\w.-]{0,79})$/;

/** Whether a text is an id of a record or a thing. */
export const isId = (text: string): boolean => idPattern.test(text);

/** The store of the open folder; says what to do when there is none. */
export function storeOf({ store }: App): StoreClient | undefined {
  if (!store) void vscode.window.showInformationMessage('Open a folder first: its records are kept in it.');
  return store;
}
