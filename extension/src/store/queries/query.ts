import { pause } from '@bregma/core/in-slices';
import type { Records } from '@bregma/notebooks/queries/records';

/** What a long query tells, and is told, while it works. */
export interface Task {
  /** Fires when whoever asked no longer wants to know. */
  signal: AbortSignal;
  report(progress: { done: number; total: number; message?: string }): void;
}

/** The store as the editor sees it: it looks; that it looked is all that is written. */
export interface ReadStore extends Records {
  task: Task;
  /** Who asks, where what was shown may be put on record. */
  recorder?: string;
}

/** A question to the store. Arguments and answer can be cloned: they cross a thread. */
// biome-ignore lint/suspicious/noExplicitAny: each query declares its own arguments and answer
export type Query = (store: ReadStore, ...args: any[]) => unknown;

/** Longest time for which one query keeps the thread from the others, ms. */
const turnMs = 15;

/** Runs steps to their end, letting other queries in between, and stops between two when the task is cancelled. */
export async function inSteps<Result>(
  { signal, report }: Task,
  steps: Generator<{ done: number; total: number; of?: string } | undefined, Result>,
): Promise<Result> {
  let turn = performance.now();
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (performance.now() - turn < turnMs) continue;
      if (value) report({ done: value.done, total: value.total, message: value.of });
      await pause(signal);
      turn = performance.now();
    }
  } finally {
    // SAFETY: nobody reads the result of steps that end here.
    steps.return(undefined as never);
  }
}
