import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { journalFile } from '@bregma/core/experiment/journal';
import { ownFolder } from '@bregma/core/storage';
import type { Trial } from '../drivers/driver.ts';

/**
 * Rows of an experiment while it runs, one JSON line a trial: what a killed process has delivered stays readable, and any
 * process can count it. The finished experiment's objects replace it.
 */
export class Journal {
  private readonly file: string;
  private readonly handle: number;

  constructor(bregma: string, experiment: string) {
    this.file = journalFile(bregma, experiment);
    ownFolder(path.dirname(this.file));
    this.handle = openSync(this.file, 'wx');
  }

  write(trial: Trial): void {
    writeSync(this.handle, `${JSON.stringify({ ...trial, responses: [...trial.responses] })}\n`);
  }

  close(): void {
    closeSync(this.handle);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
