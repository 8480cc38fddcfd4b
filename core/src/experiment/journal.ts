import { closeSync, readSync } from 'node:fs';
import path from 'node:path';
import { openOwnToRead } from '../storage.ts';

/** Rows of an experiment while it runs, one line a trial. */
export function journalFile(bregma: string, experiment: string): string {
  return path.join(bregma, 'experiments', `${experiment}.jsonl`);
}

const chunkBytes = 1 << 20;
const newline = 10;

/** Trials delivered so far by an experiment that has not ended; null when there is no journal. */
export function journaledTrials(bregma: string, experiment: string): number | null {
  const file = journalFile(bregma, experiment);
  const handle = openOwnToRead(file);
  if (handle === undefined) return null;
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let lines = 0;
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk))
      for (let at = chunk.indexOf(newline); at !== -1 && at < read; at = chunk.indexOf(newline, at + 1)) lines++;
    return lines;
  } finally {
    closeSync(handle);
  }
}
