import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '../canonical.ts';
import type { ObjectRef } from '../contracts/answer.ts';
import { BregmaError } from '../errors.ts';
import { isAlive } from '../process-alive.ts';
import { openOwnToRead, ownFile, ownFolder, readOwnFile, storageError } from '../storage.ts';

const digestPattern = /^[0-9a-f]{64}$/;

/** Content-addressed files: `objects/ab/cdef…`, named by their sha256. Written whole or not at all, checked on every read. */
export class ObjectStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where the object lies, whether or not it exists. Throws `bad-input` on anything but a sha256. */
  pathOf(digest: string): string {
    if (!digestPattern.test(digest))
      throw new BregmaError(
        'bad-input',
        `'${digest.slice(0, 80)}' is no object id: an object id is a sha256, 64 hex digits.`,
      );
    return path.join(this.folder, digest.slice(0, 2), digest.slice(2));
  }

  /** The digest of the one object that begins so, 12 hex digits or more. Throws `missing` where there is none, `bad-input` where there are several. */
  beginningWith(start: string): string {
    if (digestPattern.test(start)) return start;
    if (!/^[0-9a-f]{12,63}$/.test(start)) return this.pathOf(start);
    const folder = path.join(this.folder, start.slice(0, 2));
    const found = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(start.slice(2))) : [];
    if (found.length === 1) return start.slice(0, 2) + found[0];
    throw found.length === 0
      ? new BregmaError('missing', `No object of this workspace begins with ${start}.`)
      : new BregmaError('bad-input', `${found.length} objects begin with ${start}.`, {
          next: 'Give more of its digits.',
        });
  }

  has(digest: string): boolean {
    return existsSync(this.pathOf(digest));
  }

  /** Bytes that the object has, or undefined when it is not there. */
  size(digest: string): number | undefined {
    return statSync(this.pathOf(digest), { throwIfNoEntry: false })?.size;
  }

  /** Stores bytes (temporary name, fsync, rename) and returns their reference. Storing the same bytes again is free. */
  put(bytes: Uint8Array | string, mediaType: string): ObjectRef {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const digest = sha256(data);
    const reference = { object: digest, bytes: data.byteLength, mediaType };
    const target = this.pathOf(digest);
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there?.isFile() && there.size === data.byteLength) return reference;
    const temporary = this.temporaryPath();
    try {
      const file = openSync(temporary, 'wx');
      try {
        for (let at = 0; at < data.byteLength; ) at += writeSync(file, data, at);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      this.settle(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw storageError(temporary, error);
    }
    return reference;
  }

  /** Adopts a finished file (e.g. one that DuckDB wrote to `temporaryPath()`); the file is moved, not copied. */
  adopt(file: string, mediaType: string): ObjectRef {
    const handle = openSync(file, 'r+');
    const hash = createHash('sha256');
    const part = Buffer.allocUnsafe(2 ** 20);
    let bytes = 0;
    try {
      for (let got = 1; got > 0; bytes += got) {
        got = readSync(handle, part, 0, part.length, bytes);
        hash.update(part.subarray(0, got));
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    const digest = hash.digest('hex');
    this.settle(file, this.pathOf(digest));
    return { object: digest, bytes, mediaType };
  }

  /** Reads an object. Throws `missing` if it is not there and `corrupt` if its bytes no longer match its name. */
  get(digest: string): Buffer {
    const data = readOwnFile(this.existing(digest));
    if (!data || sha256(data) !== digest) throw changed(digest);
    return data;
  }

  /** The file of an object whose bytes were checked, for readers that open files themselves. Throws as `get`; others work meanwhile. */
  async checkedPath(digest: string, signal: AbortSignal): Promise<string> {
    const file = this.existing(digest);
    const hash = createHash('sha256');
    const fd = openOwnToRead(file);
    if (fd === undefined) throw changed(digest);
    await pipeline(createReadStream(file, { fd, highWaterMark: 2 ** 20 }), hash, { signal });
    if (hash.digest('hex') !== digest) throw changed(digest);
    return file;
  }

  private existing(digest: string): string {
    const file = this.pathOf(digest);
    if (existsSync(file)) return file;
    throw new BregmaError('missing', `Object ${digest} is not in this workspace.`, {
      next: 'Run the activity that made it again, or copy .bregma/objects from the workspace that has it.',
    });
  }

  /** A fresh name inside the store's own file system, so that the later rename is atomic. */
  temporaryPath(): string {
    ownFolder(path.dirname(this.folder));
    ownFolder(this.folder);
    const folder = ownFolder(path.join(this.folder, 'tmp'));
    return path.join(folder, `${process.pid}-${randomBytes(9).toString('hex')}`);
  }

  /** Removes what processes that are gone left unfinished. */
  tidy(): void {
    const folder = path.join(this.folder, 'tmp');
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(folder)) {
      const pid = Number(/^(\d+)-[0-9a-f]{18}/.exec(name)?.[1]);
      if (pid > 0 && !isAlive(pid)) rmSync(path.join(folder, name), { force: true, recursive: true });
    }
  }

  /** Digests of all objects on disk; none where there is no such folder. */
  *list(): Generator<string> {
    if (!lstatSync(this.folder, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const prefix of readdirSync(this.folder)) {
      if (!/^[0-9a-f]{2}$/.test(prefix) || !lstatSync(path.join(this.folder, prefix)).isDirectory()) continue;
      for (const rest of readdirSync(path.join(this.folder, prefix))) yield prefix + rest;
    }
  }

  private settle(temporary: string, target: string): void {
    ownFolder(this.folder);
    const folder = ownFolder(path.dirname(target));
    ownFile(target);
    try {
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      if (!existsSync(target)) throw error;
    }
    if (process.platform !== 'win32') {
      const handle = openSync(folder, 'r');
      fsyncSync(handle);
      closeSync(handle);
    }
  }
}

const changed = (digest: string) =>
  new BregmaError('corrupt', `Object ${digest} does not match its digest: its bytes were changed.`, {
    next: 'Run `bregma verify`.',
  });
