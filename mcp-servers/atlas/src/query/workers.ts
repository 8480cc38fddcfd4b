import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '@bregma/core/canonical';
import { sealCache, sealsOf } from '@bregma/core/ledger/cache-seals';
import { memberOf } from '@bregma/core/members';
import { isAlive } from '@bregma/core/process-alive';
import { ownFolder } from '@bregma/core/storage';
import { within } from '@bregma/core/within';
import type { Workspace } from '@bregma/core/workspace';
import { forkProgram } from '@bregma/readers/fork-program';
import { copyName } from './cache.ts';
import type { Opened, OpenRequest, QueryRelease, SealedCopy } from './protocol.ts';

/** A process in which one statement at a time runs. */
export interface QueryWorker {
  child: ChildProcess;
  /** Which releases it was started with. */
  key: string;
  folder: string;
  busy: boolean;
}

/** Processes at most: a long statement holds up no short one, and each may take `processLimitMiB`. */
const most = 3;

const workers = new Set<QueryWorker>();
const waiting: (() => void)[] = [];
/** Copies of the cache whose bytes were read since this server started, by name. */
const seen = new Map<string, SealedCopy>();

/** A process over these releases, for one statement: an idle one, a new one, or the next that is given back. Throws `cancelled`. */
export async function takeWorker(
  releases: QueryRelease[],
  workspace: Workspace,
  signal: AbortSignal,
): Promise<QueryWorker> {
  const key = digestOf({ objects: workspace.objects.folder, releases });
  for (;;) {
    const idle = [...workers].filter(({ busy }) => !busy);
    const ready = idle.find(({ key: its, child }) => its === key && child.connected && child.exitCode === null);
    if (ready) {
      ready.busy = true;
      return ready;
    }
    if (idle.length > 0) stopWorker(idle[0]);
    if (workers.size < most) return startWorker(key, releases, workspace);
    await nextFree(signal);
  }
}

/** Gives a process back. One idle process stays warm. */
export function giveBack(worker: QueryWorker): void {
  worker.busy = false;
  for (const other of workers) if (other !== worker && !other.busy) stopWorker(other);
  waiting.shift()?.();
}

/** Ends a process, whatever it is doing, and removes what it wrote. */
export function stopWorker(worker: QueryWorker): void {
  if (!workers.delete(worker)) return;
  worker.child.kill('SIGKILL');
  rmSync(worker.folder, { recursive: true, force: true });
  waiting.shift()?.();
}

async function nextFree(signal: AbortSignal): Promise<void> {
  let free = () => {};
  const given = new Promise<void>((resolve) => {
    free = resolve;
  });
  waiting.push(free);
  try {
    await within(given, { signal, cancelled: 'The query was cancelled before it began.' });
  } catch (error) {
    const at = waiting.indexOf(free);
    if (at >= 0) waiting.splice(at, 1);
    else waiting.shift()?.(); // its turn came meanwhile: it is the next one's
    throw error;
  }
}

function startWorker(key: string, releases: QueryRelease[], workspace: Workspace): QueryWorker {
  const cache = path.join(workspace.bregma, 'cache');
  ownFolder(cache);
  removeLeftOvers(cache);
  const folder = path.join(cache, `query-${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder);
  const program = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../query-worker.ts' : './query-worker.mjs', import.meta.url),
  );
  const child = forkProgram(program, folder);
  // SAFETY: what the process sends is of its protocol; `copies` stands in the message that says that it has opened.
  child.on('message', (message) => void (memberOf(message, 'copies') && keepSeals(message as Opened, workspace)));
  const seals = Object.fromEntries(
    releases.map((release) => [copyName(release), sealsOf(workspace.ledger, copyName(release))]),
  );
  const known = { seals, seen: [...seen.values()] };
  const open = { objects: workspace.objects.folder, cache, folder, releases, known };
  child.send({ open } satisfies OpenRequest, () => {});
  const worker = { child, key, folder, busy: true };
  workers.add(worker);
  return worker;
}

/** Puts the copies that a process made on record. Where that fails they are made again next time. */
async function keepSeals({ copies }: Opened, { ledger, bregma }: Workspace): Promise<void> {
  for (const copy of copies) {
    try {
      await sealCache(ledger, copy.name, copy.sha256);
      seen.set(copy.name, copy);
    } catch {
      rmSync(path.join(bregma, 'cache', copy.name), { force: true });
    }
  }
}

process.on('exit', () => {
  for (const worker of workers) stopWorker(worker);
});

/** Folders of query processes whose server is gone. */
function removeLeftOvers(cache: string): void {
  for (const name of readdirSync(cache)) {
    const server = Number(/^query-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(server) && !isAlive(server)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
