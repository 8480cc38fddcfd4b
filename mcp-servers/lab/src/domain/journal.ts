import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
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
    mkdirSync(path.dirname(this.file), { recursive: true });
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

/** Trials delivered so far by an experiment that has not ended; null when there is no journal. */
export function journaledTrials(bregma: string, experiment: string): number | null {
  const file = journalFile(bregma, experiment);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : null;
}

function journalFile(bregma: string, experiment: string): string {
  return path.join(bregma, 'experiments', `${experiment}.jsonl`);
}
