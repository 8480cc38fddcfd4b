import type { ChildProcess } from 'node:child_process';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError, errorSaid, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
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
    const reply = await ask(worker.child, { id: nextId++, sql, limit, digits }, signal, timeoutMs);
    // A process that could not open, or that is about to end itself, answers no second statement.
    usable = !('failed' in reply) || !['missing', 'too-large'].includes(reply.failed.code);
    if ('failed' in reply) throw errorSaid(reply.failed);
    return take(reply);
  } finally {
    if (usable) giveBack(worker);
    else stopWorker(worker);
  }
}

const ask = (child: ChildProcess, request: QueryRequest, signal: AbortSignal, timeoutMs: number) =>
  exchange<QuerySuccess | QueryFailure>(child, {
    post: (unsent) => child.send(request, unsent),
    answerIn: (reply: QuerySuccess | QueryFailure) => (reply.id === request.id ? reply : undefined),
    died: (how) =>
      new BregmaError(
        'failed',
        how instanceof Error
          ? `The query's process could not be reached: ${how.message}.`
          : `The query's process ended (${typeof how === 'number' ? `exit code ${how}` : how}): the statement was too much for DuckDB, or memory ran out.`,
        { next: 'Filter or aggregate earlier, or write the statement in another way.' },
      ),
    signal,
    cancelled: 'The query was cancelled.',
    ms: timeoutMs,
    late: () =>
      new BregmaError('too-large', `The query ran longer than ${timeoutMs / 1000} s and was stopped.`, {
        next: 'Filter or aggregate earlier; EXPLAIN shows the plan; timeout_s allows up to 300.',
      }),
  });

const openable = ({ reference, id, aliases, tables }: QueryRelease): QueryRelease => ({
  reference,
  id,
  aliases,
  tables,
});
