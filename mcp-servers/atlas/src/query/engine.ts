import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '@bregma/core/canonical';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { isAlive } from '@bregma/core/process-alive';
import type { Workspace } from '@bregma/core/workspace';
import { programEnvironment } from '@bregma/readers/program-environment';
import type { OpenRequest, QueryFailure, QueryRelease, QueryRequest, QuerySuccess } from './protocol.ts';
import { nameReleases } from './releases.ts';
import { resultsNamed } from './results.ts';

/** What is asked: one statement, how many rows are previewed, and to how many significant digits. */
export interface Statement {
  sql: string;
  limit: number;
  /** Default: all. */
  digits?: number;
}

interface Worker {
  child: ChildProcess;
  /** Which releases it was started with. */
  key: string;
  folder: string;
}

let worker: Worker | undefined;
let nextId = 1;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs one statement in the query process. One at a time; the process is kept warm, and killed when a statement exceeds
 * `timeoutMs` or is cancelled. `take` gets the finished result while its file is still there. releases: all that SQL may
 * name, the newest of an id last.
 */
export async function runQuery<Taken>(
  statement: Statement,
  releases: DatasetRelease[],
  workspace: Workspace,
  options: { signal: AbortSignal; timeoutMs: number },
  take: (found: QuerySuccess) => Taken,
): Promise<Taken> {
  const run = queue.then(async () => {
    throwIfCancelled(options.signal);
    return take(await runNow(statement, releases, workspace, options));
  });
  queue = run.catch(() => {});
  return run;
}

async function runNow(
  { sql, limit, digits }: Statement,
  releases: DatasetRelease[],
  workspace: Workspace,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<QuerySuccess> {
  const { child } = readyWorker(
    [...nameReleases(releases, sql), ...resultsNamed(sql, workspace).map(openable)],
    workspace,
  );
  const reply = await exchange(child, { id: nextId++, sql, limit, digits }, signal, timeoutMs);
  if (!('failed' in reply)) return reply;
  // A process that could not open, or that is about to end itself, answers no second statement.
  if (reply.failed.code === 'missing' || reply.failed.code === 'too-large') stopWorker();
  throw new BregmaError(reply.failed.code, reply.failed.message, { next: reply.failed.next });
}

function exchange(
  child: ChildProcess,
  request: QueryRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<QuerySuccess | QueryFailure> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      child.off('message', receive);
      child.off('exit', died);
    };
    const fail = (error: BregmaError) => {
      end();
      stopWorker();
      reject(error);
    };
    const receive = (reply: QuerySuccess | QueryFailure) => {
      if (reply.id !== request.id) return;
      end();
      resolve(reply);
    };
    const died = (code: number | null, by: string | null) =>
      fail(
        new BregmaError(
          'failed',
          `The query's process ended (${by ?? `exit code ${code}`}): the statement was too much for DuckDB, or memory ran out.`,
          { next: 'Filter or aggregate earlier, or write the statement in another way.' },
        ),
      );
    const cancel = () => fail(new BregmaError('cancelled', 'The query was cancelled.'));
    const late = () =>
      fail(
        new BregmaError('too-large', `The query ran longer than ${timeoutMs / 1000} s and was stopped.`, {
          next: 'Filter or aggregate earlier; EXPLAIN shows the plan; timeout_s allows up to 300.',
        }),
      );
    const timer = setTimeout(late, timeoutMs);
    child.on('message', receive);
    child.once('exit', died);
    signal.addEventListener('abort', cancel, { once: true });
    child.send(request, (error) => {
      if (error) fail(new BregmaError('failed', `The query's process could not be reached: ${error.message}.`));
    });
  });
}

function stopWorker(): void {
  if (!worker) return;
  const { child, folder } = worker;
  worker = undefined;
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

const openable = ({ reference, id, aliases, tables }: QueryRelease): QueryRelease => ({
  reference,
  id,
  aliases,
  tables,
});

function readyWorker(named: QueryRelease[], workspace: Workspace): Worker {
  const open = { objects: workspace.objects.folder, cache: path.join(workspace.bregma, 'cache') };
  const key = digestOf({ ...open, named });
  if (worker?.key === key && worker.child.connected && worker.child.exitCode === null) return worker;
  stopWorker();
  mkdirSync(open.cache, { recursive: true });
  removeLeftOvers(open.cache);
  const folder = path.join(open.cache, `query-${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder);
  const program = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../query-worker.ts' : './query-worker.mjs', import.meta.url),
  );
  const child = fork(program, [], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...programEnvironment(), TZ: 'UTC' },
  });
  // The server may end while the query process is warm.
  child.unref();
  child.channel?.unref();
  child.on('error', () => {});
  child.send({ open: { ...open, folder, releases: named } } satisfies OpenRequest, () => {});
  worker = { child, key, folder };
  return worker;
}

process.on('exit', stopWorker);

/** Folders of query processes whose server is gone. */
function removeLeftOvers(cache: string): void {
  for (const name of readdirSync(cache)) {
    const server = Number(/^query-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(server) && !isAlive(server)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
