import { closeSync, lstatSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { codeOf, openOwnFile, ownFolder, storageError } from '../storage.ts';

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
    ownFolder(folder);
    this.file = path.join(folder, writer);
  }

  acknowledge(seq: number, hash: string): void {
    this.handle ??= openOwnFile(this.file);
    try {
      writeSync(this.handle, `${String(seq).padStart(16)} ${hash}\n`, 0);
    } catch (error) {
      throw storageError(this.file, error);
    }
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }
}

/** All marks of a workspace. A mark that cannot be parsed has seq NaN; what is no file is none. */
export function readHeads(folder: string): Head[] {
  return markFiles(folder).flatMap((writer) => {
    const text = readMark(path.join(folder, writer));
    if (!text) return []; // gone since, or killed between creating the mark and writing it: nothing was acknowledged yet
    const match = /^ *(\d+) ([0-9a-f]{64})\n$/.exec(text);
    return [match ? { writer, seq: Number(match[1]), hash: match[2] } : { writer, seq: Number.NaN, hash: '' }];
  });
}

function markFiles(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** Text of a mark, or undefined when another process removed it meanwhile. */
function readMark(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes marks that are older than an hour and whose record is in the chain, below its newest: the newest one says all that they
 * say. A mark whose record is gone or another stays, because it is what shows that the tail was lost. hashOf: hash of a record.
 */
export function pruneHeads(folder: string, newest: number, hashOf: (seq: number) => string | undefined): void {
  const hourAgo = Date.now() - 3_600_000;
  for (const { writer, seq, hash } of readHeads(folder)) {
    const file = path.join(folder, writer);
    const age = lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (age < hourAgo && seq < newest && hashOf(seq) === hash) rmSync(file, { force: true });
  }
}
