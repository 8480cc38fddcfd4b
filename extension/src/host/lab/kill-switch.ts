import { rmSync } from 'node:fs';
import path from 'node:path';
import { killSwitch, stopEverything as stop } from '@bregma/core/experiment/stopping';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { mustBeTrusted, openFolder } from './guards.ts';
import { lookAgain } from './lab-watch.ts';

/** Lets no trial start in this folder, in any process, until a person releases it. */
export function stopEverything(app: App): void {
  const bregma = path.join(openFolder(app).folder.fsPath, '.bregma');
  stop(bregma, 'bregma-editor');
  lookAgain();
  void vscode.window.showWarningMessage('The kill switch is on: no trial starts in this folder until it is released.');
}

/** Asks, then takes STOP away. Throws where the folder is not trusted. */
export async function releaseKillSwitch(app: App): Promise<void> {
  mustBeTrusted('Releasing the kill switch');
  const bregma = path.join(openFolder(app).folder.fsPath, '.bregma');
  const answer = await vscode.window.showWarningMessage(
    'Release the kill switch?',
    { modal: true, detail: 'Approved plans may run again. Be sure that it is safe.' },
    'Release',
  );
  if (!answer) return;
  rmSync(killSwitch(bregma), { force: true });
  lookAgain();
}
