import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { BregmaError, unknownName } from '../errors.ts';
import { isAlive } from '../process-alive.ts';
import type { OpenWorkspace } from '../workspace.ts';
import type { Progress, RunStatus, RunView } from './tool.ts';

interface LiveRun {
  id: string;
  tool: string;
  startedAt: string;
  progress?: Progress;
  stop: AbortController;
  done: Promise<void>;
}

/**
 * Jobs of this process that outlived their call. What ended is in the ledger, so any process can report it; what runs in
 * another process is reported as `elsewhere`, and what died with its process as `lost`.
 */
export class Runs implements RunView {
  private readonly live = new Map<string, LiveRun>();
  private readonly store: { readonly workspace: Pick<OpenWorkspace, 'ledger' | 'objects'> };

  /** store: its workspace is asked for only once a call runs. */
  constructor(store: { readonly workspace: Pick<OpenWorkspace, 'ledger' | 'objects'> }) {
    this.store = store;
  }

  /** A fresh run id. */
  mint(): string {
    return `run-${randomBytes(8).toString('hex')}`;
  }

  /** Puts a run on record that is about to be handed over: whoever asks for it in another process then knows where it goes on. */
  async announce(id: string, tool: string): Promise<void> {
    const body = { tool, state: 'running' as const, pid: process.pid, host: hostname() };
    await this.store.workspace.ledger.inTurn((append) => append({ kind: 'run', subject: id, body }));
  }

  /** Takes over a job whose call is about to be answered with its run id. */
  handOver(id: string, tool: string, job: { startedAt: string; stop: AbortController; done: Promise<void> }): void {
    this.live.set(id, { id, tool, ...job });
    void job.done.finally(() => this.live.delete(id));
  }

  report(id: string, progress: Progress): void {
    const run = this.live.get(id);
    if (run) run.progress = progress;
  }

  status(runId: string): RunStatus {
    const run = this.live.get(runId);
    if (run)
      return { run_id: runId, tool: run.tool, state: 'running', progress: run.progress, startedAt: run.startedAt };
    const record = this.store.workspace.ledger.latest('run', runId);
    if (!record)
      throw unknownName('run', runId, [], 'Use the run_id that the tool returned; runs belong to one workspace.');
    if ('activity' in record.body) return this.finished(runId, record.body.activity);
    const { tool, pid, host } = record.body;
    const alive = host === hostname() && pid !== process.pid && isAlive(pid);
    return { run_id: runId, tool, state: alive ? 'elsewhere' : 'lost', startedAt: record.at };
  }

  private finished(runId: string, activityId: string): RunStatus {
    const record = this.store.workspace.ledger.find('activity', activityId);
    if (!record)
      throw new BregmaError('corrupt', `Activity ${activityId} of run ${runId} is gone.`, {
        next: 'Run `bregma verify`.',
      });
    const { tool, status, error, answer, answerObject, start } = record.body;
    const state = status === 'ok' ? 'finished' : status;
    return {
      run_id: runId,
      tool,
      state,
      activity: activityId,
      startedAt: start,
      error,
      answer:
        answer ??
        (answerObject ? JSON.parse(this.store.workspace.objects.get(answerObject).toString('utf8')) : undefined),
    };
  }

  cancel(runId: string): RunStatus {
    this.live.get(runId)?.stop.abort();
    return this.status(runId);
  }

  async wait(runId: string, ms: number, signal: AbortSignal): Promise<void> {
    const run = this.live.get(runId);
    if (!run) return;
    const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    const ended = new Promise<void>((resolve) => {
      if (over.aborted) resolve();
      else over.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([run.done, ended]);
  }

  /** Aborts everything that runs and waits for it to be recorded. */
  async close(): Promise<void> {
    for (const run of this.live.values()) run.stop.abort();
    await Promise.allSettled([...this.live.values()].map((run) => run.done));
  }
}
