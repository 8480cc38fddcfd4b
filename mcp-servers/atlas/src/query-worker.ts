// The process in which a user's SQL runs. It holds no secret, keeps nothing between statements, and can be killed at any
// moment. It is trusted until it has locked itself; only then does it see SQL.
import { writeFileSync } from 'node:fs';
import { admit } from '@bregma/readers/sql-gate';
import { complaint } from './query/complaint.ts';
import { keep } from './query/keep.ts';
import { type LockedDatabase, openLocked } from './query/locked.ts';
import {
  type Opened,
  type OpenRequest,
  processLimitMiB,
  type QueryFailure,
  type QueryRequest,
  type QuerySuccess,
} from './query/protocol.ts';

let opened: Promise<LockedDatabase>;
let running: number | undefined;

async function answer({ sql, limit, digits, id }: QueryRequest): Promise<QuerySuccess | QueryFailure> {
  const open = await opened;
  const connection = await open.instance.connect();
  try {
    await connection.run('SELECT setseed(0.5)'); // random() and samples come out the same when they are replayed
    const { statement, catalogs } = await admit(connection, sql, open.functions);
    const read = new Set(catalogs.map((name) => name.toLowerCase()));
    const releases = open.releases
      .filter(({ reference, aliases }) => [reference, ...aliases].some((name) => read.has(name.toLowerCase())))
      .map(({ reference }) => reference);
    try {
      return { id, ...(await keep(await statement.stream(), { limit, digits }, open)), releases };
    } catch (error) {
      // What goes wrong with a value is told with the value.
      const failed = complaint(error, sql, open.releases, open.unavailable);
      return { id, failed: { ...failed, read: releases } };
    }
  } finally {
    connection.closeSync();
  }
}

async function reply(request: QueryRequest): Promise<QuerySuccess | QueryFailure> {
  try {
    return await answer(request);
  } catch (error) {
    const open = await opened.catch(() => undefined);
    return {
      id: request.id,
      failed: complaint(error, request.sql, open?.releases ?? [], open?.unavailable ?? new Map()),
    };
  }
}

process.on('message', async (message: OpenRequest | QueryRequest) => {
  if ('open' in message) {
    opened = openLocked(message.open);
    opened.then(
      ({ copies }) => process.send?.({ copies } satisfies Opened),
      () => {},
    );
    return;
  }
  running = message.id;
  const found = await reply(message);
  if (running === undefined) return; // it was told that it needs too much
  if (holdsTooMuch()) return refuse(message.id);
  running = undefined;
  process.send?.(found);
});

// DuckDB's threads may be at work: only a signal ends the process at once.
const die = () => process.kill(process.pid, 'SIGKILL');
process.on('disconnect', die);

const holdsTooMuch = () => process.memoryUsage.rss() >= processLimitMiB * 2 ** 20;

function refuse(id: number): void {
  const failed: QueryFailure['failed'] = {
    code: 'too-large',
    message: `The query needs more than ${processLimitMiB} MiB of memory.`,
    next: 'Filter or aggregate earlier, or take fewer columns.',
  };
  running = undefined;
  process.send?.({ id, failed } satisfies QueryFailure, die);
}

setInterval(() => {
  if (!holdsTooMuch()) return;
  if (running === undefined) die();
  else refuse(running);
}, 25);

if (process.platform === 'linux') {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000'); // when memory is short, this process goes and no other
  } catch {
    // a container may forbid it; the limit above holds all the same
  }
}
