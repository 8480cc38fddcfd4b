import type { Verification } from '@bregma/core/ledger/verify';
import type { RecordModel } from '@bregma/webviews/activity/model';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { App } from '../app.ts';
import { longWork } from '../long-work.ts';
import { storeOf } from './asking.ts';
import { showObject } from './object-document.ts';

const Id = z.object({ id: z.string().max(200) });

/** Shows what an id names: a record, the newest record of a thing, or the bytes of an object. */
export async function showRecord(app: App, id: string): Promise<void> {
  const store = storeOf(app);
  if (!store) return;
  if (/^[0-9a-f]{64}$/.test(id)) return showObject(app, id);
  const model = await store.ask.recordModel(id);
  if (!model) {
    void vscode.window.showErrorMessage(`There is no record '${id.slice(0, 60)}' in this folder.`);
    return;
  }
  const run = (command: string) => (payload: unknown) => vscode.commands.executeCommand(command, Id.parse(payload).id);
  const untrusted = vscode.workspace.isTrusted ? null : 'This folder is not trusted: nothing runs in it.';
  let now: RecordModel = { ...model, noReplay: model.noReplay ?? untrusted };
  app.show({
    view: 'activity',
    key: `record ${model.id}`,
    about: model.id,
    title: titleOf(model),
    model: now,
    intents: {
      open: run('bregma.showRecord'),
      lineage: run('bregma.showLineage'),
      replay: run('bregma.replay'),
      compare: run('bregma.compare'),
      export: run('bregma.exportCrate'),
      verify: (_, panel) => verify(panel, model.id),
      'verify-all': (_, panel) => verify(panel),
    },
  });

  async function verify(panel: { update(model: unknown): void }, one?: string): Promise<void> {
    const found = await verifyWithProgress(app, one);
    if (!found) return;
    const { faults, records, objects } = found;
    now = { ...now, verified: { faults: faults.slice(0, 200), records, objects, whole: one === undefined } };
    panel.update(now);
  }
}

function titleOf({ title, kind, id }: RecordModel): string {
  const text = title.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim();
  return (text.length > 40 ? `${text.slice(0, 39)}…` : text) || `${kind} ${id}`;
}

/** Verifies one record or all, with progress and cancel. undefined: cancelled, or there is no folder. */
export async function verifyWithProgress(app: App, id?: string): Promise<Verification | undefined> {
  const store = storeOf(app);
  if (!store) return undefined;
  const title = id ? `Verifying ${id}` : 'Verifying all records and objects';
  return longWork(title, (signal, onProgress) => store.follow('verify', id ? [id] : [], { signal, onProgress }));
}
