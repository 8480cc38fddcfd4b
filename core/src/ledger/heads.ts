import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** What one writer last saw acknowledged. */
export interface Head {
  writer: string;
  seq: number;
  hash: string;
}

/**
 * A writer's mark of the last record that it acknowledged. A hash chain cannot show that its own tail was cut off; the
 * marks can, because they lie outside the ledger file. One small file a writer, rewritten in place.
 */
export class HeadMark {
  private readonly file: string;
  private handle: number | undefined;

  constructor(folder: string, writer: string) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, writer);
  }

  acknowledge(seq: number, hash: string): void {
    this.handle ??= openSync(this.file, 'w');
    writeSync(this.handle, `${String(seq).padStart(16)} ${hash}\n`, 0);
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }
}

/** All marks of a workspace. A mark that cannot be parsed has seq NaN. */
export function readHeads(folder: string): Head[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((writer) => {
    const text = readFileSync(path.join(folder, writer), 'utf8');
    if (text === '') return []; // killed between creating the mark and writing it: nothing was acknowledged yet
    const match = /^ *(\d+) ([0-9a-f]{64})\n$/.exec(text);
    return [match ? { writer, seq: Number(match[1]), hash: match[2] } : { writer, seq: Number.NaN, hash: '' }];
  });
}

/** Removes marks that are older than an hour and below `keepSeq`: the newest one says all that they say. */
export function pruneHeads(folder: string, keepSeq: number): void {
  const hourAgo = Date.now() - 3_600_000;
  for (const { writer, seq } of readHeads(folder)) {
    const file = path.join(folder, writer);
    if (seq < keepSeq && statSync(file).mtimeMs < hourAgo) rmSync(file, { force: true });
  }
}
