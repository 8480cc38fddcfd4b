import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError, isErrorCode, throwIfCancelled } from '@bregma/core/errors';
import { forkProgram } from './fork-program.ts';
import type { ProcessLimits } from './watch-itself.ts';

/**
 * Predictions of a network, as NPY [unit × item], for images as NPY [item × y × x × 3]. signal: ends the process.
 */
export type RunNetwork = (network: Uint8Array, images: Uint8Array, signal?: AbortSignal) => Promise<Uint8Array>;

/** What the process is asked, once. */
export interface NetworkTask {
  network: Uint8Array;
  /** NPY [item × y × x × 3]. */
  images: Uint8Array;
  limits: ProcessLimits;
}

/** What it says, once. */
export type NetworkReply = { npy: Uint8Array } | { failed: { code: string; message: string; next?: string } };

/** What a network may take: 3 GB, and ten minutes. */
export const networkLimits: ProcessLimits = { bytes: 3e9, ms: 600_000 };

/**
 * Runs networks in a process of their own: it holds no outcomes, can open no files but its own program and packages, writes none, has no
 * network and no environment, and ends at its limits. program: its path.
 */
export function networkRunner(program: string, limits: ProcessLimits = networkLimits): RunNetwork {
  return async (network, images, signal) => {
    if (signal) throwIfCancelled(signal);
    const folder = mkdtempSync(path.join(tmpdir(), 'bregma-network-'));
    const child = forkProgram(program, folder, true);
    child.ref();
    child.channel?.ref();
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        // The process watches itself; this is for one that cannot.
        const late = setTimeout(() => reject(ended('took too long')), limits.ms + 5000);
        signal?.addEventListener('abort', () => reject(new BregmaError('cancelled', 'Cancelled.')), { once: true });
        child.once('exit', (code, by) => {
          clearTimeout(late);
          reject(
            ended(
              by === 'SIGKILL'
                ? `took more than ${limits.bytes / 1e6} MB or ${limits.ms / 1000} s`
                : `ended with ${by ?? `code ${code}`}`,
            ),
          );
        });
        child.once('message', (reply: NetworkReply) => {
          clearTimeout(late);
          if ('npy' in reply) resolve(Buffer.from(reply.npy));
          else {
            const { code, message, next } = reply.failed;
            reject(new BregmaError(isErrorCode(code) ? code : 'failed', message, { next }));
          }
        });
        child.send({ network, images, limits } satisfies NetworkTask, (error) => {
          if (error) reject(ended(`could not be given its task (${error.message})`));
        });
      });
    } finally {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

const ended = (how: string) =>
  new BregmaError('failed', `The network's process ${how}: nothing came of it.`, {
    next: 'Use a smaller network, or send predictions where a score was asked for. Nothing was spent.',
  });
