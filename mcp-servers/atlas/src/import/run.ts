import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BregmaError, errorSaid, isErrorCode, type SaidError, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
import { forkProgram } from '@bregma/readers/fork-program';
import { longestWait } from '@bregma/readers/watch-itself';
import type { FormatKit } from '../formats/format.ts';
import { endedFile, type ImportMessage, type ImportReply, type ImportRequest, objectsFolder } from './protocol.ts';
import { takeIn } from './take.ts';

/** How long a process waits for the next import. */
const idleMs = 60_000;
/** Imports that run at once; further ones wait. */
const mostAtOnce = 2;

const idle = new Map<ChildProcess, NodeJS.Timeout>();
const running = new Set<ChildProcess>();
const waiting: (() => void)[] = [];

/** Sees that blocks of a copy with holes are there. */
type Need = (first: number, last: number) => Promise<void>;

/**
 * Reads files in a process of their own, which has no network, is held to limits and is killed when the signal fires. One that read
 * well, and stayed small, waits for the next import; after a failure it ends, and another one takes its place. What it made is checked before it is moved among the
 * objects.
 */
export async function runImport(
  request: Omit<ImportRequest, 'folder'>,
  { objects, signal, progress, need }: Pick<FormatKit, 'objects' | 'signal' | 'progress'> & { need?: Need },
): Promise<ImportReply> {
  await place(signal);
  const child = takeIdle() ?? start();
  running.add(child);
  const folder = objects.temporaryPath();
  let again = false;
  try {
    mkdirSync(folder, { mode: 0o700 });
    const answered = await ask(child, { ...request, folder }, { signal, progress, need });
    const taken = takeIn(answered.reply, path.join(folder, objectsFolder), objects);
    again = answered.again;
    return taken;
  } finally {
    if (!again) await end(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    running.delete(child);
    if (again) keep(child);
    else if (idle.size === 0 && !signal.aborted) keep(start());
    waiting.shift()?.();
  }
}

async function place(signal: AbortSignal): Promise<void> {
  throwIfCancelled(signal);
  while (running.size >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  throwIfCancelled(signal);
}

async function ask(
  child: ChildProcess,
  request: ImportRequest,
  { signal, progress, need }: Pick<FormatKit, 'signal' | 'progress'> & { need?: Need },
): Promise<{ reply: unknown; again: boolean }> {
  const died = (how: number | string | Error) =>
    deathOf(request, how instanceof Error ? how.message : typeof how === 'number' ? `code ${how}` : how);
  return exchange<{ reply: unknown; again: boolean }>(child, {
    post(unsent) {
      const gone = child.signalCode ?? child.exitCode;
      if (gone !== null) throw died(gone);
      child.send(request, unsent);
    },
    answerIn(message: ImportMessage, fail) {
      if ('failed' in message) throw errorOf(message.failed);
      if ('progress' in message) progress(message.progress.done, message.progress.total, message.progress.message);
      else if ('need' in message) need?.(message.need.first, message.need.last).catch(fail);
      else return message;
    },
    died,
    signal,
    cancelled: 'The import was cancelled.',
    // The process watches itself; this is for one that cannot.
    ms: longestWait * request.limits.ms + 3000,
    late: () => beyond('time', request),
  });
}

function errorOf(said: SaidError): BregmaError {
  return errorSaid({ ...said, code: isErrorCode(said.code) ? said.code : 'failed', message: String(said.message) });
}

function deathOf(request: ImportRequest, how: string): BregmaError {
  let reason = '';
  try {
    reason = readFileSync(path.join(request.folder, endedFile), 'utf8').slice(0, 20);
  } catch {
    // it was not the process itself that ended it
  }
  if (reason === 'memory' || reason === 'time') return beyond(reason, request);
  return new BregmaError('failed', `The process that read the files ended (${how}): nothing was added.`, {
    next: 'A damaged file or short memory may be the cause; check the file, then add it again.',
  });
}

function beyond(what: 'memory' | 'time', { limits }: ImportRequest): BregmaError {
  const limit =
    what === 'memory' ? `${Math.round(limits.bytes / 1e6)} MB of memory` : `${Math.round(limits.ms / 1000)} s`;
  return new BregmaError(
    'too-large',
    `Reading took more than ${limit}, far beyond what files of this size need: it was stopped.`,
    {
      next: 'Check what the file claims to hold, or split it. A person who trusts it can start the server with BREGMA_IMPORT_SCALE=4.',
    },
  );
}

function start(): ChildProcess {
  const program = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../import-worker.ts' : './import-worker.mjs', import.meta.url),
  );
  return forkProgram(program, tmpdir());
}

function takeIdle(): ChildProcess | undefined {
  for (const [child, timer] of idle) {
    clearTimeout(timer);
    idle.delete(child);
    if (child.connected && child.exitCode === null && child.signalCode === null) return child;
  }
  return undefined;
}

function keep(child: ChildProcess): void {
  const timer = setTimeout(() => {
    idle.delete(child);
    child.kill('SIGKILL');
  }, idleMs);
  idle.set(child, timer.unref());
}

/** Kills a process and waits until it is gone, so that nothing writes any more. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

process.on('exit', () => {
  for (const child of [...running, ...idle.keys()]) child.kill('SIGKILL');
});
