import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BregmaError } from '@bregma/core/errors';
import { ownFile, ownFolder } from '@bregma/core/storage';
import type { RegistryFile } from '../datasets/adapter.ts';
import { locate } from './registry.ts';

/** Where a download goes and who follows it. done and total: bytes. */
export interface FetchContext {
  /** Where downloads are kept, finished or not. */
  downloads: string;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
}

/** sha256 of a file, read as a stream. */
export async function digestFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/**
 * A local copy of a registered file with the right bytes: embedded, from `BREGMA_MIRROR`, downloaded before, or from its
 * origin. A download that breaks off goes on where it stopped. Throws `corrupt` when the sha256 differs, `missing` when it
 * cannot be had, with what to do.
 */
export async function obtain(file: RegistryFile, context: FetchContext): Promise<string> {
  const found = locate(file);
  const local = found.path ?? (await download(file, context));
  const digest = await digestFile(local, context.signal);
  if (digest === file.sha256) return local;
  if (!found.path) rmSync(local, { force: true });
  throw new BregmaError(
    'corrupt',
    `${file.path} from the ${found.place} has sha256 ${digest}; the release is pinned to ${file.sha256}.`,
    {
      next: found.path
        ? `Replace ${local} by the file from ${file.origin}.`
        : 'The origin has changed the file: nothing was added.',
    },
  );
}

async function download(file: RegistryFile, context: FetchContext): Promise<string> {
  ownFolder(context.downloads);
  const target = path.join(context.downloads, file.sha256);
  ownFile(target);
  if (existsSync(target)) return target;
  if (!/^https?:/.test(file.origin)) {
    throw new BregmaError('missing', `${file.path} is not offered by a server: ${file.origin}.`, {
      next: `Set BREGMA_MIRROR to a folder that holds ${file.path}.`,
    });
  }
  const part = `${target}.part`;
  for (let attempt = 1; ; attempt++) {
    try {
      await continueDownload(file, part, context);
      break;
    } catch (error) {
      if (context.signal.aborted)
        throw new BregmaError('cancelled', `The download of ${file.path} was cancelled; what arrived is kept.`);
      if (error instanceof BregmaError) throw error;
      if (attempt >= 3) {
        throw new BregmaError(
          'missing',
          `${file.path} could not be downloaded from ${file.origin}: ${reason(error)}.`,
          {
            next: `Try again (what arrived is kept), or set BREGMA_MIRROR to a folder that holds ${file.path}.`,
          },
        );
      }
    }
  }
  renameSync(part, target);
  return target;
}

async function continueDownload(file: RegistryFile, part: string, { signal, progress }: FetchContext): Promise<void> {
  ownFile(part);
  const have = existsSync(part) ? statSync(part).size : 0;
  if (have === file.bytes) return;
  if (have > file.bytes) rmSync(part);
  const from = have > file.bytes ? 0 : have;
  const response = await fetch(file.origin, { signal, headers: from > 0 ? { range: `bytes=${from}-` } : {} });
  if (!response.ok || !response.body) {
    throw new BregmaError('missing', `${file.origin} answered ${response.status} ${response.statusText}.`, {
      next: `Set BREGMA_MIRROR to a folder that holds ${file.path}.`,
    });
  }
  const resumed = response.status === 206;
  let done = resumed ? from : 0;
  const refuseLonger = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      done += chunk.length;
      if (done > file.bytes) {
        throw new BregmaError('corrupt', `${file.origin} sends more than the ${file.bytes} bytes of the release.`, {
          next: 'The origin has changed the file: nothing was added.',
        });
      }
      progress(done, file.bytes, `downloading ${path.basename(file.path)}`);
      yield chunk;
    }
  };
  // SAFETY: the body of an answer that is there; fetch and node:stream/web type one class twice.
  const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  try {
    await pipeline(body, refuseLonger, createWriteStream(part, { flags: resumed ? 'a' : 'w' }), { signal });
  } catch (error) {
    if (error instanceof BregmaError) rmSync(part, { force: true });
    throw error;
  }
  if (done < file.bytes) throw new Error(`the connection ended after ${done} of ${file.bytes} bytes`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
