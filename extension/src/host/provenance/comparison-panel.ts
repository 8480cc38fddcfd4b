import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { storeOf } from './asking.ts';

const Id = z.object({ id: z.string().max(200) });

/** Shows two activities side by side. */
export async function showComparison(app: App, before: string, after: string): Promise<void> {
  const store = storeOf(app);
  if (!store) return;
  const model = await store.ask.comparison(before, after);
  const what = model.as === 'replay' ? 'Replay' : 'Compare';
  const tool = model.before.tool.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 30);
  app.show({
    view: 'comparison',
    key: `comparison ${before} ${after}`,
    title: `${what}: ${tool}`,
    model,
    intents: { open: (payload) => vscode.commands.executeCommand('bregma.showRecord', Id.parse(payload).id) },
  });
}
