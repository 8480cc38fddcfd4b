import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestStop, stopEverything } from '@bregma/core/experiment/stopping';
import type { NewRecord } from '@bregma/core/ledger/records';
import * as vscode from 'vscode';
import type { ExperimentRow } from '../../experiments/listing.ts';
import type { App } from '../app.ts';
import { openFolder } from './guards.ts';

const client = 'bregma-editor';
/** A driver looks for a stop every 20 ms; one that has not ended after this long does not listen. */
const patienceMs = 5000;

/**
 * Stops a running experiment before its next trial, whichever process runs it and whether or not its server answers. Not asked
 * for confirmation, and not held back by an untrusted workspace: what was measured is kept, and stopping is always safe.
 */
export async function stop(app: App, id?: string): Promise<void> {
  const { store, folder } = openFolder(app);
  const bregma = path.join(folder.fsPath, '.bregma');
  let running: ExperimentRow[];
  let others: ExperimentRow[];
  try {
    const { experiments } = await store.ask.experimentList();
    running = experiments.filter(({ state }) => state === 'running' || state === 'elsewhere');
    others = experiments.filter((row) => !running.includes(row));
  } catch (error) {
    return stopUnread(bregma, error);
  }
  const wanted = id === undefined ? await choose(running) : running.filter((row) => row.id === id || row.plan === id);
  if (wanted.length === 0) {
    const about = others.find((row) => id === undefined || row.id === id || row.plan === id);
    if (running.length === 0 || id !== undefined) void vscode.window.showInformationMessage(nothingRuns(about));
    return;
  }
  const records = wanted.map((row) => requestStop(bregma, row.id, client));
  if (vscode.workspace.isTrusted) await note(app, folder.fsPath, records);
  await Promise.all(wanted.map((row) => report(app, row.id)));
}

async function choose(running: ExperimentRow[]): Promise<ExperimentRow[]> {
  if (running.length < 2) return running;
  const all = { label: 'Stop all of them', rows: running };
  const each = running.map((row) => ({ label: row.id, description: row.about, rows: [row] }));
  const picked = await vscode.window.showQuickPick([all, ...each], { title: 'Stop which experiment?' });
  return picked?.rows ?? [];
}

function nothingRuns(last: ExperimentRow | undefined): string {
  if (!last) return 'No experiment is running in this folder.';
  const kept = `${last.delivered ?? 0} of ${last.asked ?? 'unknown'} trials are kept`;
  if (last.state === 'interrupted')
    return `Nothing is running. ${last.id} was interrupted: its process is gone and left no end; ${kept}.`;
  return `Nothing is running. ${last.id} is ${last.state}; ${kept}.`;
}

/** Who asked is put on record after the fact: the stop itself needs no ledger. */
async function note(app: App, folder: string, records: NewRecord[]): Promise<void> {
  try {
    const { openWorkspace } = await import('@bregma/core/workspace');
    const workspace = openWorkspace(folder);
    try {
      workspace.ledger.append(records, { durable: true });
    } finally {
      workspace.close();
    }
  } catch (error) {
    app.log.error(`The stop was asked for, but not put on record: ${error instanceof Error ? error.message : error}`);
  }
}

async function report(app: App, id: string): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const row = (await app.store?.ask.experimentList())?.experiments.find((candidate) => candidate.id === id);
    if (row && row.state !== 'running' && row.state !== 'elsewhere')
      return void vscode.window.showInformationMessage(
        row.state === 'stopped'
          ? `Stopped after ${row.delivered} of ${row.asked} trials. They are kept.`
          : nothingRuns(row),
      );
    if (Date.now() > end)
      return void vscode.window.showWarningMessage(
        row?.state === 'elsewhere'
          ? `${id} was asked to stop. It runs on another machine, which looks for the stop before each trial.`
          : `${id} was asked to stop ${patienceMs / 1000} s ago and has not ended: its process does not get to its next trial.`,
      );
    await sleep(100);
  }
}

/** The ledger cannot be read, so nobody knows what runs: the kill switch stops all of it. */
async function stopUnread(bregma: string, error: unknown): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    'The records cannot be read. Stop every experiment of this folder?',
    {
      modal: true,
      detail: `${error instanceof Error ? error.message : error}\n\nThe kill switch (.bregma/STOP) lets no trial start in any process until a person releases it.`,
    },
    'Stop Everything',
  );
  if (answer) stopEverything(bregma, client);
}
