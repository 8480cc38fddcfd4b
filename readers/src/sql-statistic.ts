import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BregmaError, type ErrorCode, throwIfCancelled } from '@bregma/core/errors';
import type { Arrangement, SqlStatistic, SqlStatisticAsked } from '@bregma/core/table-tests/table-test';
import { exchange } from '@bregma/core/within';
import { forkProgram } from './fork-program.ts';

/** What the process is asked: to open a statistic, or for its values. */
export type StatisticRequest = { open: SqlStatisticAsked } | { arrangements: Arrangement[] };

/** What it answers. */
export type StatisticReply =
  | { opened: true }
  | { values: Float64Array }
  | { failed: { code: ErrorCode; message: string; next?: string } };

/**
 * Statistics in SQL, in a process of their own that sees the rows it was given and nothing else, and is killed when it is
 * cancelled, closed, or has worked for `timeoutMs` in all. It is started by the first statistic.
 */
export class SqlStatistics {
  private child: ChildProcess | undefined;
  private readonly options: { signal: AbortSignal; timeoutMs: number };
  private left: number;

  constructor(options: { signal: AbortSignal; timeoutMs: number }) {
    this.options = options;
    this.left = options.timeoutMs;
  }

  /** Throws `bad-input` or `not-allowed` where the statement is not one SELECT that gives one number of these rows. */
  open = async (asked: SqlStatisticAsked): Promise<SqlStatistic> => {
    await this.ask({ open: asked });
    return async (arrangements) => {
      const reply = await this.ask({ arrangements });
      if (!('values' in reply)) throw new Error('the process of the statistic answered out of turn');
      return reply.values;
    };
  };

  close(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(request: StatisticRequest): Promise<StatisticReply> {
    throwIfCancelled(this.options.signal);
    const reply = await this.answerTo(this.started(), request);
    if ('failed' in reply) throw new BregmaError(reply.failed.code, reply.failed.message, { next: reply.failed.next });
    return reply;
  }

  private started(): ChildProcess {
    if (this.child) return this.child;
    const name = import.meta.url.endsWith('.ts') ? './statistic-worker.ts' : './statistic-worker.mjs';
    this.child = forkProgram(fileURLToPath(new URL(name, import.meta.url)), tmpdir(), 'bare');
    return this.child;
  }

  private async answerTo(child: ChildProcess, request: StatisticRequest): Promise<StatisticReply> {
    const began = performance.now();
    const tooMuch = () =>
      new BregmaError('failed', 'The process of the statistic ended: it was too much for DuckDB, or memory ran out.', {
        next: 'Write the statistic in another way.',
      });
    try {
      return await exchange<StatisticReply>(child, {
        post: (unsent) => child.send(request, unsent),
        answerIn: (reply: StatisticReply) => reply,
        died: tooMuch,
        signal: this.options.signal,
        cancelled: 'The statistic was cancelled.',
        ms: Math.max(0, this.left),
        late: () =>
          new BregmaError('too-large', `The statistic took longer than ${this.options.timeoutMs / 1000} s.`, {
            next: 'Aggregate to one row a unit first, or write a simpler statistic.',
          }),
      });
    } catch (error) {
      this.close();
      throw error;
    } finally {
      this.left -= performance.now() - began;
    }
  }
}
