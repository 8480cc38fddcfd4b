import { FromView } from '@bregma/core/contracts/messages';
import type { ToNotebookOutputs } from '@bregma/webviews/hosts/notebook-output';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { App } from '../app.ts';
import { viewIntents } from '../view-intents.ts';
import type { Marks } from './marks.ts';
import { outputState } from './outputs.ts';

const OpenHypothesis = z.object({ id: z.string().check(z.regex(/^hyp-[0-9a-f]{16}$/)) });

/** Talks with the outputs: tells them which are stale, and does what a person asks in them. */
export function connectOutputs(app: App, marks: Marks): vscode.Disposable {
  const intentsOf = (notebook: vscode.Uri): Record<string, (payload: unknown) => Promise<unknown>> => ({
    ...viewIntents(app.at(notebook)),
    'open-hypothesis': async (payload) =>
      vscode.commands.executeCommand('bregma.openHypothesis', z.parse(OpenHypothesis, payload).id),
  });
  const messaging = vscode.notebooks.createRendererMessaging('bregma-result');
  const tell = (notebook: vscode.NotebookDocument) => {
    const stale: ToNotebookOutputs['stale'] = {};
    for (const cell of notebook.getCells()) {
      const [key, state] = [outputState(cell)?.key, marks.of(cell)?.freshness];
      if (key && (state?.state === 'stale' || state?.state === 'blocked')) stale[key] = state.reasons;
    }
    for (const editor of vscode.window.visibleNotebookEditors)
      if (editor.notebook === notebook)
        void messaging.postMessage({ type: 'freshness', stale } satisfies ToNotebookOutputs, editor);
  };
  return vscode.Disposable.from(
    marks.onChanged(tell),
    messaging.onDidReceiveMessage(async ({ editor, message: raw }) => {
      const message = FromView.safeParse(raw);
      if (!message.success) return app.log.warn('A notebook output sent a message of an unknown form; it was ignored.');
      if (message.data.type === 'ready') return tell(editor.notebook);
      const { intent, payload } = message.data;
      const act = Object.entries(intentsOf(editor.notebook.uri)).find(([name]) => name === intent)?.[1];
      await act?.(payload).catch((error: unknown) => app.log.warn(`${intent}: ${error}`));
    }),
  );
}
