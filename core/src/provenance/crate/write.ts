import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { Zip, ZipPassThrough } from 'fflate';
import { plainJson } from '../../contracts/plain-text.ts';
import { BregmaError } from '../../errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerRecord } from '../../ledger/records.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import { openOwnToRead } from '../../storage.ts';
import { codeVersion } from '../../version.ts';
import { crateContents } from './contents.ts';
import { crateMetadata } from './metadata.ts';
import { provDocument } from './prov.ts';

/** What an RO-Crate holds, in numbers. */
export interface CrateWritten {
  /** The folder or the zip. */
  to: string;
  root: string;
  activities: number;
  records: number;
  /** Objects that were copied. */
  copied: number;
  bytes: number;
  /** Digests of the objects that were copied. */
  shown: string[];
  /** Objects that are only named, and why. */
  named: { object: string; why: string }[];
}

interface Target {
  /** Opens a file of the crate; `write` takes its bytes, `end` closes it. */
  file(name: string): { write(bytes: Uint8Array): void; end(): void };
  /** Makes the crate appear under its name. */
  finish(): void;
  /** Takes away what was written so far. */
  abandon(): void;
}

/** Bytes that are copied between two steps. */
const piece = 4 << 20;

/**
 * Exports what `id` rests on as an RO-Crate: a folder, or a zip when `to` ends in `.zip`. Every object is checked while it is
 * copied. The crate appears whole or not at all. Throws `conflict` when something is there already, `corrupt` when an object was
 * changed. Yields objects done and to do.
 */
export function* writeCrate(
  ledger: Ledger,
  objects: ObjectStore,
  id: string,
  to: string,
): Generator<{ done: number; total: number; of: string }, CrateWritten> {
  const contents = crateContents(ledger, objects, id);
  const target = /\.zip$/i.test(to) ? zipTarget(to) : folderTarget(to);
  let bytes = 0;
  let finished = false;
  try {
    const put = (name: string, text: string) => {
      const file = target.file(name);
      file.write(Buffer.from(text));
      file.end();
    };
    const metadata = crateMetadata(contents, { at: new Date().toISOString(), code: codeVersion });
    put('ro-crate-metadata.json', `${plainJson(metadata, 2)}\n`);
    put('prov.jsonld', `${plainJson(provDocument(contents), 2)}\n`);
    put('records.jsonl', contents.records.map((record) => recordLine(ledger, record)).join(''));
    const copied = [...contents.objects.values()].filter(({ path: place }) => place !== null);
    for (const [i, object] of copied.entries()) {
      const file = target.file(object.path ?? '');
      const digest = createHash('sha256');
      const source = openOwnToRead(objects.pathOf(object.digest));
      if (source === undefined) throw changed(object.digest);
      try {
        for (;;) {
          const buffer = new Uint8Array(piece);
          const read = readSync(source, buffer);
          if (read === 0) break;
          digest.update(buffer.subarray(0, read));
          file.write(buffer.subarray(0, read));
          bytes += read;
          yield { done: i, total: copied.length, of: 'objects' };
        }
      } finally {
        closeSync(source);
      }
      file.end();
      if (digest.digest('hex') !== object.digest) throw changed(object.digest);
    }
    target.finish();
    finished = true;
    return {
      to,
      root: contents.root,
      activities: contents.records.filter(({ kind }) => kind === 'activity').length,
      records: contents.records.length,
      copied: copied.length,
      bytes,
      shown: copied.map(({ digest }) => digest),
      named: [...contents.objects.values()].flatMap(({ digest, why }) => (why ? [{ object: digest, why }] : [])),
    };
  } finally {
    if (!finished) target.abandon();
  }
}

const changed = (digest: string) =>
  new BregmaError('corrupt', `Object ${digest} does not match its digest: nothing was exported.`, {
    next: 'Run `bregma verify`.',
  });

/** The row as it lies on disk: read back, its body is the very text that was hashed. Characters that act are escapes. */
function recordLine(ledger: Ledger, { seq }: LedgerRecord): string {
  return `${plainJson(ledger.rowBySeq(seq))}\n`;
}

function refuse(to: string): never {
  throw new BregmaError('conflict', `${to} exists already: nothing was written.`, {
    next: 'Name a new folder or file.',
  });
}

function folderTarget(to: string): Target {
  if (existsSync(to) && readdirSync(to).length > 0) refuse(to);
  const temporary = `${path.resolve(to)}.part-${process.pid}`;
  mkdirSync(path.join(temporary, 'objects'), { recursive: true });
  return {
    file(name) {
      const handle = openSync(path.join(temporary, name), 'wx');
      return { write: (bytes) => void writeAll(handle, bytes), end: () => closeSync(handle) };
    },
    finish() {
      if (existsSync(to)) rmSync(to, { recursive: true });
      renameSync(temporary, to);
    },
    abandon: () => rmSync(temporary, { recursive: true, force: true }),
  };
}

function zipTarget(to: string): Target {
  if (existsSync(to)) refuse(to);
  mkdirSync(path.dirname(path.resolve(to)), { recursive: true });
  const temporary = `${path.resolve(to)}.part-${process.pid}`;
  const handle = openSync(temporary, 'wx');
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    writeAll(handle, bytes);
  });
  return {
    file(name) {
      // Stored, not deflated: arrays hardly shrink, and each file can be read in place.
      const entry = new ZipPassThrough(name);
      entry.mtime = '1980-01-01T00:00:00';
      zip.add(entry);
      return { write: (bytes) => entry.push(bytes), end: () => entry.push(new Uint8Array(0), true) };
    },
    finish() {
      zip.end();
      closeSync(handle);
      renameSync(temporary, to);
    },
    abandon() {
      try {
        closeSync(handle);
      } catch {
        // closed by finish, which then failed
      }
      rmSync(temporary, { force: true });
    },
  };
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}
