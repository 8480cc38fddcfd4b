import { FromView } from '@bregma/core/contracts/messages';
import type { ToNotebookOutputs } from '@bregma/core/contracts/views/notebook-output';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import type { Marks } from './marks.ts';
import { outputMetadata } from './outputs.ts';

const OpenActivity = z.object({ activity: z.string().max(60) });
const OpenHypothesis = z.object({ id: z.string().regex(/^hyp-[0-9a-f]{16}$/) });
const Copy = z.object({
  format: z.enum(['csv', 'svg', 'png']),
  name: z.string().max(200),
  data: z.string().max(100_000_000),
});

/** Talks with the outputs: tells them which are stale, and does what a person asks in them. */
export function connectOutputs(app: App, marks: Marks): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging('bregma-result');
  const tell = (notebook: vscode.NotebookDocument) => {
    const stale: ToNotebookOutputs['stale'] = {};
    for (const cell of notebook.getCells()) {
      const [key, state] = [outputMetadata(cell)?.key, marks.of(cell)?.freshness];
      if (key && state?.state === 'stale') stale[key] = state.reasons;
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
      if (intent === 'open-activity') {
        const open = OpenActivity.safeParse(payload);
        if (open.success) await vscode.commands.executeCommand('bregma.showRecord', open.data.activity);
      }
      if (intent === 'open-hypothesis') {
        const open = OpenHypothesis.safeParse(payload);
        if (open.success) await vscode.commands.executeCommand('bregma.openHypothesis', open.data.id);
      }
      if (intent === 'copy') {
        const copy = Copy.safeParse(payload);
        if (copy.success) await give(app, copy.data);
      }
    }),
  );
}

/** Text goes to the clipboard; a PNG, which the editor's clipboard cannot hold, into a file. */
async function give(app: App, { format, name, data }: z.infer<typeof Copy>): Promise<void> {
  if (format !== 'png') {
    await vscode.env.clipboard.writeText(data);
    vscode.window.setStatusBarMessage(`Copied ${name} as ${format.toUpperCase()}`, 4000);
    return;
  }
  const file = `${name.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'picture'}.png`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: app.folder && vscode.Uri.joinPath(app.folder, file),
    filters: { PNG: ['png'] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(data.replace(/^data:[^,]*,/, ''), 'base64'));
}
