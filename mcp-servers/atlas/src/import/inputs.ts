import { existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { withDecimals } from '@bregma/core/numbers';
import { type ReadingPolicy, readable } from '@bregma/core/reading-policy';
import { openRegular } from '../read/regular-file.ts';
import { changed, copyMembers, digestBytes, type Member, membersOf, type Room, roomIn, stamp } from './private-copy.ts';

/** A file that was read, with the digest of the bytes that were read. name: absolute. */
export interface ReadFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** A source that was copied: a file, or a folder with all that lies in it. */
interface Copied {
  /** Where it lies, as it was named. */
  file: string;
  copy: string;
  read: ReadFile[];
}

/** Bytes done of a total, and what is being done. */
type Progress = (done: number, total: number, message: string) => void;

/** Sources up to this size are copied whatever room there is; what is larger, where twice as much is free. */
const alwaysCopied = 256e6;

/**
 * The files that one import reads. Each is let through by the policy, opened once, and copied while its digest is taken: readers see the
 * copy, whatever happens to the file, and beside and below it what lies beside and below the file. What the disk has no room for is read
 * where it lies, which `notes` says: its digest is taken before and after, and it is refused when that, or its entry, says that it
 * changed meanwhile.
 */
export class Inputs {
  /** What of the reading a person should know. */
  readonly notes: string[] = [];
  private readonly policy: ReadingPolicy;
  private readonly folder: string;
  private readonly room: () => Room;
  private readonly entry: (stats: Stats) => string;
  private readonly progress: Progress;
  /** What is read where it lies, with the digests that files had before. */
  private readonly inPlace = new Map<string, Member & { sha256?: string }>();
  private readonly copies: Copied[] = [];

  /** folder: for the copies, in one that is there. room: what may be written in it. entry: what tells that a file was changed. */
  constructor(
    policy: ReadingPolicy,
    folder: string,
    {
      room,
      entry = stamp,
      progress,
    }: { room?: () => Room; entry?: (stats: Stats) => string; progress?: Progress } = {},
  ) {
    this.policy = policy;
    this.folder = folder;
    this.room = room ?? (() => roomIn(path.dirname(folder)));
    this.entry = entry;
    this.progress = progress ?? (() => {});
  }

  /** A path of the user's, absolute, ready to be read; of what lies beside a copy, what lies beside its file. Throws as `readable`. */
  resolve(name: string): string {
    const { file, stats } = allowed(this.originalOf(name), this.policy);
    const known = this.copyWith(file);
    if (known) return known;
    if (!stats) return file;
    const members = membersOf(file, stats, this.policy);
    const bytes = members.reduce((sum, one) => sum + (one.stats.isFile() ? one.stats.size : 0), 0);
    const room = this.room();
    const tooMuch = bytes > alwaysCopied && 2 * bytes > room.bytes;
    if (!tooMuch && members.length < room.files) return this.copyOf(file, members, bytes);
    const why = tooMuch
      ? `${gigabytes(bytes)}, of which ${gigabytes(room.bytes)} are free`
      : `${members.length} files and folders, of which ${room.files} can be made`;
    for (const member of members) {
      const sha256 = member.stats.isFile() ? this.digestInPlace(member) : undefined;
      this.inPlace.set(member.file, { ...member, sha256 });
    }
    this.notes.push(
      `${path.basename(file)} was read where it lies, not as a copy (${why}): its bytes were the same before and after; that they were in between is known by its size and times.`,
    );
    return file;
  }

  private copyOf(file: string, members: Member[], bytes: number): string {
    const folder = path.join(this.folder, String(this.copies.length));
    mkdirSync(folder, { recursive: true });
    const name = path.basename(file);
    const copy = path.join(folder, name);
    const digests = copyMembers(members, copy, (done) => this.progress(done, bytes, `copying ${name}`));
    const files = members.filter(({ stats }) => stats.isFile());
    const read = files.map((one, i) => ({ name: one.file, bytes: one.stats.size, sha256: digests[i] }));
    this.copies.push({ file, copy, read });
    return copy;
  }

  /** The copy of what was copied, by itself or in a folder. */
  private copyWith(file: string): string | undefined {
    for (const { file: original, copy } of this.copies) {
      if (!isBelow(file, original)) continue;
      const place = path.join(copy, path.relative(original, file));
      if (existsSync(place)) return place;
    }
    return undefined;
  }

  /** What a file is called outside, given the path at which it was read, or at which it would lie beside or below what was. */
  originalOf(file: string): string {
    const copied = this.copies.find(({ copy }) => isBelow(file, path.dirname(copy)));
    if (!copied) return file;
    return path.join(path.dirname(copied.file), path.relative(path.dirname(copied.copy), file));
  }

  /** A text in which copies are called by the names of their files. */
  withOriginals(text: string): string {
    return this.copies.reduce((told, { copy, file }) => told.replaceAll(copy, file), text);
  }

  /** The files behind these paths with their digests. Throws `conflict` when one that is read where it lies was changed, replaced or added to. */
  digests(read: readonly string[]): ReadFile[] {
    return read.flatMap((file) => {
      const copied = this.copies.find(({ copy }) => isBelow(file, copy));
      if (copied) return copied.read.filter(({ name }) => isBelow(name, this.originalOf(file)));
      const members = [...this.inPlace.values()].filter((one) => isBelow(one.file, file));
      return members.flatMap((one) => {
        const { file: name, stats, sha256 } = one;
        if (sha256 === undefined) {
          if (this.entry(statSync(name)) !== this.entry(stats)) throw changed(name);
          return [];
        }
        if (this.digestInPlace(one) !== sha256) throw changed(name);
        return [{ name, bytes: stats.size, sha256 }];
      });
    });
  }

  /** The digest of a file where it lies. Throws `conflict` when it is not the one that was let through, or changes meanwhile. */
  private digestInPlace({ file, stats }: Member): string {
    const opened = openRegular(file, Number.POSITIVE_INFINITY);
    try {
      if (this.entry(opened.stats()) !== this.entry(stats)) throw changed(file);
      const sha256 = digestBytes(opened);
      if (this.entry(opened.stats()) !== this.entry(stats)) throw changed(file);
      return sha256;
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

/** What of it a source and its options name is so large that it may be read where it lies. */
export function largeNamed(source: string, options: unknown, policy: ReadingPolicy): string[] {
  return [...new Set([source, ...textsIn(options)])]
    .filter((name) => sizesNamed(name, undefined, policy).bytes > alwaysCopied)
    .map((name) => path.resolve(policy.workspace, name));
}

/** All files that a source and its options name, as far as they may be read: what the limits of the import grow with. */
export function sizesNamed(source: string, options: unknown, policy: ReadingPolicy): { bytes: number; files: number } {
  const sizes = [...new Set([source, ...textsIn(options)])].flatMap((name) => {
    try {
      const { file, stats } = allowed(name, policy);
      return stats?.isDirectory() ? sizesIn(file) : [stats?.size ?? 0];
    } catch {
      return []; // it is refused, with the reason, when it is read
    }
  });
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < 4096 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).slice(0, 100).flatMap(textsIn);
}

/** Bytes of the files in a folder, and of those to which links in it lead. */
function sizesIn(folder: string): number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false }))
    .map((stats) => (stats?.isFile() ? stats.size : 0));
}

const gigabytes = (bytes: number) => `${withDecimals(bytes / 1e9, 1)} GB`;

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
