import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { digestOf } from '@bregma/core/store/canonical';
import { datasetRef } from '@bregma/core/store/catalogue';
import type { Workspace } from '@bregma/core/store/workspace';
import { identifier, readFileSql } from '../ingest/duck.ts';
import type { QueryRelease, QueryReply, QueryRequest, QuerySuccess } from './protocol.ts';

/** Full results are kept up to this many rows. */
const maxRows = 5_000_000;

interface Worker {
  child: ChildProcess;
  /** Which releases it was started with. */
  key: string;
}

let worker: Worker | undefined;
let nextId = 1;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs one statement in the query process and stores the whole result. One statement at a time; the process is kept warm and
 * is killed when a statement exceeds `timeoutMs` or is cancelled. releases: all that SQL may name, the newest of an id last.
 */
export function runQuery(
  sql: string,
  limit: number,
  releases: DatasetRelease[],
  workspace: Workspace,
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<QuerySuccess & { output: string }> {
  const run = queue.then(() => runNow(sql, limit, releases, workspace, options));
  queue = run.catch(() => {});
  return run;
}

async function runNow(
  sql: string,
  limit: number,
  releases: DatasetRelease[],
  workspace: Workspace,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<QuerySuccess & { output: string }> {
  const { child } = await readyWorker(releases, workspace);
  const output = workspace.objects.temporaryPath();
  const request: QueryRequest = { id: nextId++, sql, limit, maxRows, output };
  const reply = await exchange(child, request, signal, timeoutMs).catch((error) => {
    rmSync(output, { force: true });
    throw error;
  });
  if (reply.ok) return { ...reply, output };
  rmSync(output, { force: true });
  throw new BregmaError(reply.code, reply.message, { next: reply.next });
}

function exchange(
  child: ChildProcess,
  request: QueryRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<QueryReply> {
  return new Promise((resolve, reject) => {
    const end = (error?: BregmaError) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      child.off('message', receive);
      child.off('exit', died);
      if (!error) return;
      stopWorker();
      reject(error);
    };
    const receive = (reply: QueryReply) => {
      if (reply.id !== request.id) return;
      end();
      resolve(reply);
    };
    const died = () =>
      end(
        new BregmaError('too-large', 'The query ended its process: it needed more memory than there is.', {
          next: 'Filter or aggregate earlier.',
        }),
      );
    const cancel = () => end(new BregmaError('cancelled', 'The query was cancelled.'));
    const timer = setTimeout(
      () =>
        end(
          new BregmaError('too-large', `The query ran longer than ${timeoutMs / 1000} s and was stopped.`, {
            next: 'Filter or aggregate earlier; EXPLAIN shows the plan.',
          }),
        ),
      timeoutMs,
    );
    child.on('message', receive);
    child.once('exit', died);
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });
    child.send(request);
  });
}

function stopWorker(): void {
  worker?.child.kill('SIGKILL');
  worker = undefined;
}

async function readyWorker(releases: DatasetRelease[], workspace: Workspace): Promise<Worker> {
  const key = digestOf({
    folder: workspace.folder,
    releases: releases.map((release) => [datasetRef(release), release.tables.map(({ object }) => object)]),
  });
  if (worker && worker.key === key && worker.child.connected) return worker;
  stopWorker();
  const prepared = await prepareReleases(releases, workspace);
  const program = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../query-worker.ts' : './query-worker.mjs', import.meta.url),
  );
  const child = fork(program, [JSON.stringify(prepared)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {},
  });
  // The server may end while the query process is warm.
  child.unref();
  child.channel?.unref();
  child.on('error', () => {});
  worker = { child, key };
  return worker;
}

process.on('exit', stopWorker);

/** A DuckDB file a release, made once from its Parquet objects and kept in `.bregma/cache`. */
async function prepareReleases(releases: DatasetRelease[], workspace: Workspace): Promise<QueryRelease[]> {
  const folder = path.join(workspace.bregma, 'cache');
  mkdirSync(folder, { recursive: true });
  const newest = new Map(releases.map((release) => [release.id, datasetRef(release)]));
  const prepared: QueryRelease[] = [];
  for (const release of releases.filter(({ tables }) => tables.length > 0)) {
    const reference = datasetRef(release);
    const file = path.join(
      folder,
      `${digestOf(release.tables.map(({ name, object }) => [name, object])).slice(0, 32)}.duckdb`,
    );
    if (!existsSync(file)) await buildDatabase(file, release, workspace);
    const isNewest = newest.get(release.id) === reference;
    const plain = release.id.replace(/[^a-z0-9]/g, '_');
    prepared.push({ reference, names: isNewest ? [...new Set([release.id, plain])] : [], file });
  }
  return prepared;
}

async function buildDatabase(file: string, release: DatasetRelease, { objects }: Workspace): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((error: Error) => {
    throw new BregmaError('missing', `DuckDB is not installed: ${error.message.split('\n')[0]}.`, {
      next: 'Run `npm install @duckdb/node-api` beside the server.',
    });
  });
  const building = `${file}.${process.pid}.building`;
  rmSync(building, { force: true });
  const instance = await DuckDBInstance.create(building);
  const connection = await instance.connect();
  try {
    for (const { name, object } of release.tables) {
      objects.get(object); // checks the bytes before they are read as data
      await connection.run(
        `CREATE TABLE ${identifier(name)} AS SELECT * FROM ${readFileSql('parquet', objects.pathOf(object))}`,
      );
    }
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  renameSync(building, file);
}
