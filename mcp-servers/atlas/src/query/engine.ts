import type { ChildProcess } from 'node:child_process';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, errorSaid, throwIfCancelled } from '@bregma/core/errors';
import type { Workspace } from '@bregma/core/workspace';
import type { QueryFailure, QueryRelease, QueryRequest, QuerySuccess } from './protocol.ts';
import { nameReleases } from './releases.ts';
import { resultsNamed } from './results.ts';
import { giveBack, stopWorker, takeWorker } from './workers.ts';

/** What is asked: one statement, how many rows are previewed, and to how many significant digits. */
export interface Statement {
  sql: string;
  limit: number;
  /** Default: all. */
  digits?: number;
}

let nextId = 1;

/**
 * Runs one statement in a query process, which is kept warm, and killed when the statement exceeds `timeoutMs` or is cancelled.
 * Statements that are asked at once run beside each other, a few at a time. `take` gets the finished result while its file is
 * still there. releases: all that SQL may name, the newest of an id last.
 */
export async function runQuery<Taken>(
  { sql, limit, digits }: Statement,
  releases: DatasetRelease[],
  workspace: Workspace,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
  take: (found: QuerySuccess) => Taken,
): Promise<Taken> {
  const named = [...nameReleases(releases, sql), ...resultsNamed(sql, workspace).map(openable)];
  const worker = await takeWorker(named, workspace, signal);
  let usable = false;
  try {
    throwIfCancelled(signal);
    const reply = await exchange(worker.child, { id: nextId++, sql, limit, digits }, signal, timeoutMs);
    // A process that could not open, or that is about to end itself, answers no second statement.
    usable = !('failed' in reply) || !['missing', 'too-large'].includes(reply.failed.code);
    if ('failed' in reply) throw errorSaid(reply.failed);
    return take(reply);
  } finally {
    if (usable) giveBack(worker);
    else stopWorker(worker);
  }
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

const openable = ({ reference, id, aliases, tables }: QueryRelease): QueryRelease => ({
  reference,
  id,
  aliases,
  tables,
});
