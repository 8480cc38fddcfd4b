import { OpenActivityIntent } from '@bregma/core/contracts/views/intents';
import * as vscode from 'vscode';
import * as z from 'zod';
import { cellText } from '../../catalogue/words.ts';
import type { StoreClient } from '../../store/client.ts';
import { insertCell } from './insert-cell.ts';

/** Puts a cell over the data set of a card into the notebook. */
export async function insertText(store: StoreClient, payload: unknown): Promise<void> {
  const { id } = z.object({ id: z.string() }).parse(payload);
  const data = (await store.ask.catalogue()).data.find(({ reference }) => reference === id);
  if (data) await insertCell(cellText(data));
}

/** Shows what a record rests on. */
export function openActivity(payload: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand('bregma.openProvenance', OpenActivityIntent.parse(payload).activity);
}
