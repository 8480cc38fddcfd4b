import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import type { OpenedFile } from '../regular-file.ts';

/** Bytes that are read where they are needed. */
export interface MatBytes {
  size: number;
  /** `length` bytes from `at`. Throws `Damaged` when they are not all there. */
  read(at: number, length: number): Buffer;
}

/** What a file holds that it cannot: told with the name of the file by who opened it. */
export class DamagedMat extends Error {}

const pieceBytes = 1 << 20;
/** Deflate packs 1,032 times at most. */
const mostInflated = 1100;

/** A file as bytes. */
export const fileBytes = (file: OpenedFile): MatBytes => ({
  size: file.size,
  read(at, length) {
    if (!(at >= 0 && length >= 0 && at + length <= file.size)) throw new DamagedMat('it ends early');
    return file.read(at, length);
  },
});

/** A file in which what was deflated lies inflated, so that any place of it can be read without all of it being in memory. */
export class Spool {
  private readonly path: string;
  private readonly handle: number;
  private end = 0;

  /** path: of a file that is not there yet. */
  constructor(path: string) {
    this.path = path;
    this.handle = openSync(path, 'wx+', 0o600);
  }

  /** Inflates `length` bytes of a file from `at` on, and gives them. Throws `DamagedMat`; zlib's checksum is looked at. */
  async inflate(file: OpenedFile, at: number, length: number, signal: AbortSignal): Promise<MatBytes> {
    const begin = this.end;
    const source = Readable.from(packed(file, at, length, signal));
    const inflate = createInflate({ chunkSize: 1 << 18 });
    source.on('error', (error) => inflate.destroy(error));
    source.pipe(inflate);
    try {
      for await (const piece of inflate) {
        // SAFETY: a stream of zlib gives Buffers as long as no encoding is set.
        this.append(piece as Buffer);
        if (this.end - begin > length * mostInflated + pieceBytes)
          throw new DamagedMat('it unpacks to more than it can hold');
      }
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof DamagedMat || error instanceof BregmaError) throw error;
      throw new DamagedMat('it cannot be unpacked');
    } finally {
      source.destroy();
      inflate.destroy();
    }
    return this.part(begin, this.end - begin);
  }

  private append(piece: Buffer): void {
    for (let done = 0; done < piece.length; ) {
      const wrote = writeSync(this.handle, piece, done, piece.length - done, this.end);
      done += wrote;
      this.end += wrote;
    }
  }

  private part(begin: number, size: number): MatBytes {
    return {
      size,
      read: (at, length) => {
        if (!(at >= 0 && length >= 0 && at + length <= size)) throw new DamagedMat('it ends early');
        const bytes = Buffer.alloc(length);
        for (let done = 0; done < length; ) {
          const got = readSync(this.handle, bytes, done, length - done, begin + at + done);
          if (got === 0) throw new DamagedMat('it ends early');
          done += got;
        }
        return bytes;
      },
    };
  }

  close(): void {
    closeSync(this.handle);
    rmSync(this.path, { force: true });
  }
}

async function* packed(file: OpenedFile, at: number, length: number, signal: AbortSignal) {
  for (let done = 0; done < length; done += pieceBytes) {
    throwIfCancelled(signal);
    yield file.read(at + done, Math.min(pieceBytes, length - done));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
