import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BregmaError } from '@bregma/core/errors';
import type { TrialResult } from '../lif.ts';
import type { Job } from './kernel-instance.ts';
import type { Reply, Request } from './protocol.ts';
import { type Region, releaseRegion, takeRegion } from './regions.ts';

/** A thread with nothing to do ends after this time. It takes 30 to 50 ms to start and holds 12 to 16 MB; a warm one is asked in 1 ms. */
const idleMs = 5000;

/** One call's trials on their way through the pool. */
interface Batch {
  job: Job;
  module: WebAssembly.Module;
  seeds: bigint[];
  next: number;
  results: TrialResult[];
  done: number;
  most: number;
  active: Set<Thread>;
  onTrial(done: number): void;
  resolve(results: TrialResult[]): void;
  reject(error: unknown): void;
  over: boolean;
}

interface Thread {
  worker: Worker;
  batch?: Batch;
  /** The last batch's region, kept until another batch comes. */
  region?: Region;
  jobId?: number;
  timer?: NodeJS.Timeout;
}

const threads = new Set<Thread>();
const waiting: Batch[] = [];

/** Threads of the pool that are alive. */
export function threadsAlive(): number {
  return threads.size;
}

/**
 * Simulates one trial a seed, on at most `most` threads. Rejects with `cancelled` when the signal fires, at once; threads stop
 * by themselves within a step. onProgress: steps done of all trials, several times a second.
 */
export function runBatch(
  job: Job,
  module: WebAssembly.Module,
  seeds: bigint[],
  options: { most: number; signal: AbortSignal; onTrial(done: number): void; onProgress(steps: number): void },
): Promise<TrialResult[]> {
  return new Promise((resolve, reject) => {
    const cancel = () =>
      batch.reject(new BregmaError('cancelled', 'Cancelled.', { next: 'Call the tool again to start over.' }));
    const timer = setInterval(() => report(batch, () => options.onProgress(stepsDone(batch))), 250);
    const end = () => {
      batch.over = true;
      clearInterval(timer);
      options.signal.removeEventListener('abort', cancel);
      const at = waiting.indexOf(batch);
      if (at >= 0) waiting.splice(at, 1);
    };
    const batch: Batch = {
      job,
      module,
      seeds,
      next: 0,
      results: [],
      done: 0,
      most: options.most,
      active: new Set(),
      onTrial: options.onTrial,
      resolve(results) {
        if (batch.over) return;
        end();
        resolve(results);
      },
      reject(error) {
        if (batch.over) return;
        end();
        for (const thread of batch.active) stop(thread);
        reject(error);
      },
      over: false,
    };
    options.signal.addEventListener('abort', cancel, { once: true });
    if (options.signal.aborted) return cancel();
    waiting.push(batch);
    dispatch();
  });
}

/** Gives work to threads for as long as there are both. */
function dispatch(): void {
  for (;;) {
    // The call with the fewest threads is next, so that a long one does not keep out a short one.
    const [batch] = waiting
      .filter(({ active, most }) => active.size < most)
      .sort((a, b) => a.active.size - b.active.size);
    if (!batch) return;
    const free = [...threads].filter((thread) => !thread.batch);
    const thread = free.find(({ jobId }) => jobId === batch.job.id) ?? free[0] ?? start();
    if (!thread) return;
    try {
      assign(thread, batch);
    } catch (error) {
      batch.reject(error);
      rest(thread);
    }
  }
}

function start(): Thread | undefined {
  if (threads.size >= availableParallelism()) return undefined;
  const source = import.meta.url.endsWith('.ts') ? '../../lif-worker.ts' : './lif-worker.mjs';
  const worker = new Worker(new URL(source, import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    name: 'lif',
    resourceLimits: { maxYoungGenerationSizeMb: 2 }, // its garbage is small; what is large lies outside the heap
  });
  const thread: Thread = { worker };
  threads.add(thread);
  worker.on('message', (reply: Reply) => receive(thread, reply));
  worker.on('error', (error) => lose(thread, error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => lose(thread, 'it ended'));
  return thread;
}

function assign(thread: Thread, batch: Batch): void {
  clearTimeout(thread.timer);
  const known = thread.jobId === batch.job.id;
  if (!known) {
    if (thread.region) releaseRegion(thread.region);
    thread.region = undefined;
    thread.jobId = undefined;
    thread.region = takeRegion(batch.job);
    thread.jobId = batch.job.id;
  }
  // SAFETY: a thread that knows the job has its region, and any other was just given one.
  const region = thread.region as Region;
  Atomics.store(controlOf(region), 0, 0);
  Atomics.store(controlOf(region), 1, 0);
  thread.batch = batch;
  batch.active.add(thread);
  const trial = batch.next++;
  if (batch.next === batch.seeds.length) waiting.splice(waiting.indexOf(batch), 1);
  thread.worker.ref();
  const { job, module } = batch;
  const request: Request = {
    trial,
    seed: batch.seeds[trial],
    job: known ? undefined : { job, module, regionAt: region.at },
  };
  thread.worker.postMessage(request);
}

function receive(thread: Thread, reply: Reply): void {
  const { batch } = thread;
  if (!batch) return;
  thread.batch = undefined;
  batch.active.delete(thread);
  if (reply.failed !== undefined) batch.reject(new BregmaError('failed', `A trial failed: ${reply.failed}`));
  else if (reply.result && !batch.over) {
    batch.results[reply.trial] = reply.result;
    batch.done++;
    report(batch, () => batch.onTrial(batch.done));
    if (batch.done === batch.seeds.length) batch.resolve(batch.results);
  }
  dispatch();
  if (!thread.batch) rest(thread);
}

/** Tells the caller, whose failure ends its own batch and no other. */
function report(batch: Batch, tell: () => void): void {
  try {
    tell();
  } catch (error) {
    batch.reject(error);
  }
}

/** Nothing to do: the process may end, and the thread ends if nothing comes. */
function rest(thread: Thread): void {
  thread.worker.unref();
  if (thread.region) releaseRegion(thread.region);
  thread.region = undefined;
  thread.jobId = undefined;
  thread.worker.postMessage({ forget: true } satisfies Request);
  thread.timer = setTimeout(() => {
    threads.delete(thread);
    void thread.worker.terminate();
  }, idleMs).unref();
}

function lose(thread: Thread, why: string): void {
  if (!threads.delete(thread)) return;
  clearTimeout(thread.timer);
  void thread.worker.terminate();
  if (thread.region) releaseRegion(thread.region);
  const { batch } = thread;
  if (!batch) return;
  batch.active.delete(thread);
  batch.reject(
    new BregmaError('failed', `A thread of the simulation was lost: ${why}.`, { next: 'Call the tool again.' }),
  );
  dispatch();
}

/** Steps that a trial has done, and whether it is told to stop. */
function controlOf({ memory, at }: Region): Int32Array {
  return new Int32Array(memory.buffer, at, 2);
}

function stop({ region }: Thread): void {
  if (region) Atomics.store(controlOf(region), 0, 1);
}

function stepsDone({ active, done, job }: Batch): number {
  let steps = done * job.schedule.steps;
  for (const { region } of active) if (region) steps += Atomics.load(controlOf(region), 1);
  return steps;
}
