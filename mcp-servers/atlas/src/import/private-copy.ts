import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  type Stats,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { neverRead, type ReadingPolicy, readable } from '@bregma/core/reading-policy';
import { openRegular } from '../read/regular-file.ts';

/** A file or folder that is to be read, as the policy let it through. */
export interface Member {
  /** Where it lies, as it was named. */
  file: string;
  /** Below the source; empty for the source itself. */
  below: string;
  stats: Stats;
}

/** More than a data set of many small files has. */
const mostMembers = 2_000_000;

/**
 * A source and all that lies in it, each let through by the policy, in the order of names; links are what they lead to, and `.bregma` is left
 * out. Throws as `readable`, and `too-large` for links that multiply.
 */
export function membersOf(file: string, stats: Stats, policy: ReadingPolicy): Member[] {
  const members: Member[] = [{ file, below: '', stats }];
  const never = neverRead(policy);
  const enter = (folder: Member, real: string, above: string[]) => {
    const which = `${folder.stats.dev} ${folder.stats.ino}`;
    if (above.includes(which)) return; // a link that leads back
    for (const name of readdirSync(folder.file).sort()) {
      if (name === '.bregma') continue;
      const inner = path.join(folder.file, name);
      const place = path.join(real, name);
      const entry = lstatSync(inner);
      // What lies in a folder that may be read may be too, unless it leads elsewhere or is never read.
      const isPlain = (entry.isFile() || entry.isDirectory()) && !never.includes(place);
      const stats = isPlain ? entry : readable(inner, policy).stats;
      if (!stats) continue; // a link that leads nowhere
      const member = { file: inner, below: path.join(folder.below, name), stats };
      if (members.push(member) > mostMembers)
        throw new BregmaError('too-large', `${path.basename(file)} holds more than ${mostMembers} files and folders.`, {
          next: 'Look at its links: one that leads to a folder stands for all that lies there.',
        });
      if (stats.isDirectory()) enter(member, isPlain ? place : realpathSync(inner), [...above, which]);
    }
  };
  if (stats.isDirectory()) enter(members[0], realpathSync(file), []);
  return members;
}

/** What changes with every writing, and cannot be set back: the time of the last change of the file's entry. */
export const stamp = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats) => `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;

/**
 * Copies members to `target`, each file opened once, and returns the digests of the very bytes that were copied, one a file, in the order of
 * members. Links have become what they lead to. tell: of bytes copied. Throws `conflict` when a file is not the one that was let through, or when one was changed, added
 * or removed before all were copied: they belong together.
 */
export function copyMembers(members: Member[], target: string, tell: (bytes: number) => void): string[] {
  let done = 0;
  const digests = members.flatMap(({ file, below, stats }) => {
    const copy = path.join(target, below);
    if (stats.isDirectory()) {
      mkdirSync(copy, { recursive: true, mode: 0o700 });
      return [];
    }
    const digest = copyFile(file, stats, copy, (bytes) => tell(done + bytes));
    done += stats.size;
    return [digest];
  });
  for (const { file, stats } of members) {
    const now = statSync(file, { throwIfNoEntry: false });
    if (!now || stamp(now) !== stamp(stats)) throw changed(file);
  }
  return digests;
}

function copyFile(file: string, stats: Stats, copy: string, tell: (bytes: number) => void): string {
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    if (stamp(opened.stats()) !== stamp(stats)) throw changed(file);
    return digestBytes(opened, copy, tell);
  } finally {
    opened.close();
  }
}

const part = 1 << 20;
const zeros = Buffer.alloc(part);

/** Digests an opened file from its begin, and writes the same bytes to `target`, whose holes are where the file has nothing but zeros. */
export function digestBytes(
  opened: ReturnType<typeof openRegular>,
  target?: string,
  tell?: (bytes: number) => void,
): string {
  const hash = createHash('sha256');
  const out = target === undefined ? undefined : openSync(target, 'wx', 0o600);
  try {
    let at = 0;
    while (at < opened.size) {
      const bytes = opened.read(at, Math.min(part, opened.size - at));
      if (bytes.length === 0) break;
      hash.update(bytes);
      if (out !== undefined && !bytes.equals(zeros.subarray(0, bytes.length)))
        for (let done = 0; done < bytes.length; ) done += writeSync(out, bytes, done, bytes.length - done, at + done);
      at += bytes.length;
      tell?.(at);
    }
    if (out !== undefined) ftruncateSync(out, at);
  } finally {
    if (out !== undefined) closeSync(out);
  }
  return hash.digest('hex');
}

/** What may be written in a folder. */
export interface Room {
  bytes: number;
  files: number;
}

/** Some file systems count no files, and say that they have none. */
export function roomIn(folder: string): Room {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  return { bytes: bavail * bsize, files: files > 0 ? ffree : Number.POSITIVE_INFINITY };
}

/** What is thrown when a file is not what it was when it was let through. */
export const changed = (file: string) =>
  new BregmaError('conflict', `${path.basename(file)} changed while it was read: nothing was added.`, {
    next: 'Add it again when it is written.',
  });
