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

/** Runs long work of the store with progress and a cancel button. undefined: it was cancelled. */
export async function withProgress<Result>(
  title: string,
  work: (
    signal: AbortSignal,
    report: (progress: { done: number; total?: number; message?: string }) => void,
  ) => Promise<Result>,
): Promise<Result | undefined> {
  const controller = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    let last = 0;
    try {
      return await work(controller.signal, ({ done, total, message }) => {
        const share = total ? (100 * done) / total : last;
        progress.report({
          message: total ? `${done} of ${total} ${message ?? ''}` : message,
          increment: Math.max(0, share - last),
        });
        last = Math.max(last, share);
      });
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    }
  });
}
