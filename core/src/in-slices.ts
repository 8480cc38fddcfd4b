import { throwIfCancelled } from './errors.ts';

/** Longest that work holds the thread before others have a turn, ms: a cancel is seen within it. */
export const sliceMs = 15;

/** Lets others that wait for this thread have a turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets progress out and a cancel in. Throws `cancelled` when the signal has fired. */
export async function pause(signal: AbortSignal): Promise<void> {
  await turn();
  throwIfCancelled(signal);
}

/** Runs long work that yields the share that is done, with pauses. */
export async function inSlices<Result>(
  work: Generator<number, Result>,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<Result> {
  for (let from = performance.now(); ; ) {
    const step = work.next();
    if (performance.now() - from > sliceMs) {
      if (!step.done) onProgress(step.value);
      await pause(signal);
      from = performance.now();
    }
    if (step.done) return step.value;
  }
}
