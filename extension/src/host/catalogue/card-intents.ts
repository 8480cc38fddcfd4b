import { BregmaError } from '@bregma/core/errors';
import { OpenActivityIntent } from '@bregma/webviews/kit/intents';
import * as vscode from 'vscode';
import * as z from 'zod';
import { cellText } from '../../catalogue/words.ts';
import type { App } from '../app.ts';
import { insertCells } from './insert-cells.ts';

/** Puts a cell over the data set of a card into the notebook. */
export async function insertText(app: App, payload: unknown): Promise<void> {
  const { id } = z.object({ id: z.string() }).parse(payload);
  const data = (await app.store?.ask.catalogue())?.data.find(({ reference }) => reference === id);
  if (!data)
    throw new BregmaError('missing', `${id.slice(0, 120)} is no longer among the data sets of this folder.`, {
      next: 'Open its card anew from Data.',
    });
  await insertCells(app, cellText(data));
}

/** Shows what a record rests on. */
export function openActivity(payload: unknown): Thenable<unknown> {
  return vscode.commands.executeCommand('bregma.openProvenance', OpenActivityIntent.parse(payload).activity);
}
