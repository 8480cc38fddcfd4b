import path from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { turn } from '@bregma/core/in-slices';
import { openRegular } from '../regular-file.ts';

/** Bytes that are read at once. */
const pieceBytes = 1 << 20;
/** Deflate makes at most 1,032 bytes of one (zlib, "maximum compression factor"): what a file cannot hold is not waited for. */
export const mostInflated = 1040;

/** A file's bytes as a stream, inflated when it is gzip; never the whole of it in memory. */
export interface StoredBytes {
  name: string;
  /** Bytes that the file can hold at most, inflated. */
  most: number;
  /** The first bytes, `length` of them or fewer at the end of the file. */
  head(length: number): Promise<Buffer>;
  /** All bytes from `at` on; who stops listening stops the reading. */
  from(at: number): AsyncGenerator<Buffer>;
}

/** Opens a regular file. asStored: gzip is not inflated. Throws as `openRegular`; what damaged gzip or an early end means is said while it is read. */
export function storedBytes(file: string, signal: AbortSignal, { asStored = false } = {}): StoredBytes {
  const name = path.basename(file);
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  const magic = opened.read(0, 2);
  opened.close();
  const isGzip = !asStored && magic[0] === 0x1f && magic[1] === 0x8b;
  const from = (at: number) =>
    isGzip ? skipping(at, inflated(pieces(file, 0, signal), name, signal)) : pieces(file, at, signal);
  return {
    name,
    most: isGzip ? opened.size * mostInflated : opened.size,
    from,
    async head(length) {
      const parts: Buffer[] = [];
      let got = 0;
      for await (const piece of from(0)) {
        parts.push(piece);
        got += piece.length;
        if (got >= length) break;
      }
      return Buffer.concat(parts).subarray(0, length);
    },
  };
}

/** The pieces of a file; others work between two of them. */
async function* pieces(file: string, at: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    for (let from = at; from < opened.size; from += pieceBytes) {
      throwIfCancelled(signal);
      yield opened.read(from, Math.min(pieceBytes, opened.size - from));
      await turn();
    }
  } finally {
    opened.close();
  }
}

/** Inflates gzip. Zlib stops at the first damage, and says so where a stream ends before its mark: both throw `corrupt`. */
export async function* inflated(
  chunks: AsyncGenerator<Buffer>,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks);
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece;
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof BregmaError) throw error;
    const reason = error instanceof Error ? error.message : error;
    throw new BregmaError('corrupt', `${name} is damaged or ends early: ${reason}.`, {
      next: 'Copy the file again; nothing was added.',
    });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** All but the first `count` bytes. */
export async function* skipping(count: number, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let left = count;
  for await (const piece of chunks) {
    if (piece.length > left) yield left === 0 ? piece : piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
