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

/** The result of work that cannot be stopped, or `cancelled` at once when the signal fires: what comes of it then is nobody's. */
export async function orCancelled<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  throwIfCancelled(signal);
  const over = new AbortController();
  const fired = new Promise<undefined>((resolve) =>
    signal.addEventListener('abort', () => resolve(undefined), { signal: over.signal }),
  );
  try {
    const result = await Promise.race([work, fired]);
    throwIfCancelled(signal);
    // SAFETY: `fired` resolves only once the signal has fired, and then the line above threw.
    return result as Result;
  } finally {
    over.abort();
  }
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
