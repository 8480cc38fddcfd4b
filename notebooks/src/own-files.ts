import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';

/** A larger file is not read through: its size and its time of change say whether it is another, bytes. */
const mostHashed = 64 * 1024 * 1024;
/** So begins the origin of a file that a person added themselves. */
const ownOrigin = "the user's own file";

/** A person's own file of which a release was made. */
export interface OwnFile {
  release: string;
  /** Absolute. */
  file: string;
  /** What became of it since it was read, a sentence; absent: it is as it was. */
  changed?: string;
}

/**
 * The files of a person's own of which a release was made, and what became of each. addedAtMs: when the release was added; a larger
 * file than can be read through in a moment is changed when it was written later. folder: names of files are relative to it.
 */
export function ownFiles(folder: string, release: DatasetRelease, addedAtMs: number): OwnFile[] {
  const reference = `${release.id}@${release.release}`;
  return release.files
    .filter(({ origin }) => origin.startsWith(ownOrigin))
    .map(({ name, bytes, sha256 }) => {
      const file = path.resolve(folder, name);
      return { release: reference, file, changed: sinceRead(file, name, { bytes, sha256, addedAtMs }) };
    });
}

function sinceRead(
  file: string,
  name: string,
  was: { bytes: number; sha256: string; addedAtMs: number },
): string | undefined {
  try {
    const stat = statSync(file);
    const { size, mtimeMs } = stat;
    // A pipe or a device, which a record of a stranger may name, has no end.
    const same =
      stat.isFile() &&
      size === was.bytes &&
      (size > mostHashed ? mtimeMs <= was.addedAtMs : digestOf(file, size, mtimeMs) === was.sha256);
    return same ? undefined : `${name} was changed after it was read.`;
  } catch {
    return `${name} cannot be read any more.`;
  }
}

/** Digests of files as they were last looked at. */
const digests = new Map<string, { size: number; mtimeMs: number; sha256: string }>();

function digestOf(file: string, size: number, mtimeMs: number): string {
  const known = digests.get(file);
  if (known?.size === size && known.mtimeMs === mtimeMs) return known.sha256;
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  digests.set(file, { size, mtimeMs, sha256 });
  return sha256;
}
