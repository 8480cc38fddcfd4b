import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, type Stats, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { type ReadingPolicy, readable } from '@bregma/core/reading-policy';
import { openRegular } from '../read/regular-file.ts';

/** A file that was read, with the digest of the bytes that were read. name: absolute. */
export interface ReadFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** Files up to this size are opened once and copied; a larger one is read where it lies. */
const largestCopy = 256e6;
const part = 1 << 20;

/**
 * The files that one import reads. Each is let through by the policy. A file is opened once, looked at, and copied while its digest is
 * taken: readers see the copy, whatever happens to the file. Large files and folders are read where they lie, and refused when they
 * changed meanwhile.
 */
export class Inputs {
  private readonly policy: ReadingPolicy;
  private readonly folder: string;
  private readonly seen = new Map<string, string>();
  private readonly copies = new Map<string, { copy: string; read: ReadFile }>();

  /** folder: for the copies. */
  constructor(policy: ReadingPolicy, folder: string) {
    this.policy = policy;
    this.folder = folder;
  }

  /** A path of the user's, absolute, ready to be read; what lies in a folder is looked at too. Throws as `readable`. */
  resolve(name: string): string {
    const { file, stats } = allowed(name, this.policy);
    if (!stats) return file;
    if (stats.isFile() && stats.size <= largestCopy) return this.copyOf(file, stats);
    this.watch(file, stats);
    return file;
  }

  private copyOf(file: string, allowedStats: Stats): string {
    const known = this.copies.get(file);
    if (known) return known.copy;
    const folder = path.join(this.folder, String(this.copies.size));
    mkdirSync(folder, { recursive: true });
    const copy = path.join(folder, path.basename(file));
    const opened = openRegular(file, largestCopy);
    try {
      if (stamp(opened.stats()) !== stamp(allowedStats)) throw changed(file);
      const digest = copyBytes(opened, copy);
      if (stamp(opened.stats()) !== stamp(allowedStats)) throw changed(file);
      this.copies.set(file, { copy, read: { name: file, bytes: opened.size, sha256: digest } });
    } finally {
      opened.close();
    }
    return copy;
  }

  private watch(file: string, stats: Stats): void {
    if (!stats.isDirectory()) {
      this.seen.set(file, stamp(stats));
      return;
    }
    for (const entry of readdirSync(file, { withFileTypes: true })) {
      if (entry.name === '.bregma') continue;
      const inner = path.join(file, entry.name);
      const found = readable(inner, this.policy);
      // A link to a folder is not followed: it may lead back here.
      if (found.stats && (found.stats.isFile() || entry.isDirectory())) this.watch(inner, found.stats);
    }
  }

  /** What a file is called outside, given the path at which it was read. */
  originalOf(file: string): string {
    return [...this.copies.values()].find(({ copy }) => copy === file)?.read.name ?? file;
  }

  /** A text in which copies are called by the names of their files. */
  withOriginals(text: string): string {
    return [...this.copies.values()].reduce((told, { copy, read }) => told.replaceAll(copy, read.name), text);
  }

  /** The files behind these paths with their digests. Throws `conflict` when one was changed, replaced or added to while it was read. */
  digests(read: readonly string[]): ReadFile[] {
    return read.flatMap((file) => {
      const copied = [...this.copies.values()].find(({ copy }) => copy === file);
      return copied ? [copied.read] : filesIn(file).map((one) => this.digestInPlace(one));
    });
  }

  private digestInPlace(file: string): ReadFile {
    const opened = openRegular(file, Number.POSITIVE_INFINITY);
    try {
      if (this.seen.get(file) !== stamp(opened.stats())) throw changed(file);
      const sha256 = copyBytes(opened);
      if (this.seen.get(file) !== stamp(opened.stats())) throw changed(file);
      return { name: file, bytes: opened.size, sha256 };
    } finally {
      opened.close();
    }
  }
}

/** A path as the policy lets it be read, absolute. Throws as `readable`. */
export function allowed(name: string, policy: ReadingPolicy): { file: string; stats?: Stats } {
  if (name.includes('\0')) throw new BregmaError('bad-input', 'A path has a NUL character in it.');
  return readable(path.resolve(policy.workspace, name), policy);
}

/** Bytes of all files that a source and its options name, as far as they may be read: what the limits of the import grow with. */
export function bytesNamed(source: string, options: unknown, policy: ReadingPolicy): number {
  const names = new Set([source, ...textsIn(options)]);
  return [...names].reduce((total, name) => {
    try {
      const { file, stats } = allowed(name, policy);
      if (!stats?.isDirectory()) return total + (stats?.size ?? 0);
      return filesIn(file).reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), total);
    } catch {
      return total; // it is refused, with the reason, when it is read
    }
  }, 0);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < 4096 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).slice(0, 100).flatMap(textsIn);
}

/** The file itself, or the files in a folder, sorted. */
function filesIn(file: string): string[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return [file];
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Digests an opened file from its begin, and writes the same bytes to `target`. */
function copyBytes(opened: ReturnType<typeof openRegular>, target?: string): string {
  const hash = createHash('sha256');
  const out = target === undefined ? undefined : openSync(target, 'wx', 0o600);
  try {
    for (let at = 0; at < opened.size; at += part) {
      const bytes = opened.read(at, Math.min(part, opened.size - at));
      hash.update(bytes);
      if (out !== undefined) for (let done = 0; done < bytes.length; ) done += writeSync(out, bytes, done);
      if (bytes.length < Math.min(part, opened.size - at)) break;
    }
  } finally {
    if (out !== undefined) closeSync(out);
  }
  return hash.digest('hex');
}

const changed = (file: string) =>
  new BregmaError('conflict', `${path.basename(file)} changed while it was read: nothing was added.`, {
    next: 'Add it again when it is written.',
  });

/** What changes with every writing, and cannot be set back: the time of the last change of the file's entry. */
export const stamp = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats) => `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
