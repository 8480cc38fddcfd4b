import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { VerifyStep } from './fault.ts';

/** Bytes that are hashed between two steps. */
const bytesAStep = 8 << 20;

/** sha256 of a regular file, read piece by piece and through no link, or why it cannot be read. at: what each step says. */
export function* digestOfFile(
  file: string,
  at: VerifyStep,
): Generator<VerifyStep, { digest: string } | { problem: string }> {
  let handle: number;
  try {
    // NONBLOCK: a pipe in the place of a file is looked at, and not waited for.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return { problem: cannotBeRead(error) };
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { problem: 'is no regular file' };
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(Math.min(bytesAStep, stat.size + 1));
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
      yield at;
    }
    return { digest: hash.digest('hex') };
  } catch (error) {
    return { problem: cannotBeRead(error) };
  } finally {
    closeSync(handle);
  }
}

const cannotBeRead = (error: unknown) => `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
