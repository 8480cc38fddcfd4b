import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError, isErrorCode, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
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
    const child = forkProgram(program, folder, 'bare');
    child.ref();
    child.channel?.ref();
    try {
      return await exchange<Uint8Array>(child, {
        post: (unsent) => child.send({ network, images, limits } satisfies NetworkTask, unsent),
        answerIn(reply: NetworkReply) {
          if ('npy' in reply) return Buffer.from(reply.npy);
          const { code, message, next } = reply.failed;
          throw new BregmaError(isErrorCode(code) ? code : 'failed', message, { next });
        },
        died: (how) => ended(endOf(how, limits)),
        signal,
        // The process watches itself; this is for one that cannot.
        ms: limits.ms + 5000,
        late: () => ended('took too long'),
      });
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

function endOf(how: number | string | Error, { bytes, ms }: ProcessLimits): string {
  if (how instanceof Error) return `could not be given its task (${how.message})`;
  if (how === 'SIGKILL') return `took more than ${bytes / 1e6} MB or ${ms / 1000} s`;
  return `ended with ${typeof how === 'number' ? `code ${how}` : how}`;
}

const ended = (how: string) =>
  new BregmaError('failed', `The network's process ${how}: nothing came of it.`, {
    next: 'Use a smaller network, or send predictions where a score was asked for. Nothing was spent.',
  });
