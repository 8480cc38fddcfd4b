import type { EventEmitter } from 'node:events';
import { BregmaError } from './errors.ts';

/** What ends the wait for work before the work ends. */
export interface Bounds {
  signal?: AbortSignal;
  /** What is said when the signal fires. */
  cancelled?: string;
  /** How long it may take, and why there is nothing then. */
  ms?: number;
  late?(): Error;
}

/**
 * What work comes to; `cancelled` at once when the signal fires, and `late` after `ms`. Nothing is listened to afterwards, and what
 * becomes of work that goes on is nobody's.
 */
export async function within<Result>(
  work: Promise<Result>,
  { signal, cancelled = 'Cancelled.', ms, late }: Bounds,
): Promise<Result> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const cancel = () =>
      reject(new BregmaError('cancelled', cancelled, { next: 'Call the tool again to start over.' }));
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true, signal: over.signal });
    if (ms !== undefined && late) timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([ended, work]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** A question to a process or a thread. */
export interface Exchange<Reply> extends Bounds {
  /** Sends it. `unsent`: tells that it could not be sent. */
  post(unsent: (error: Error | null) => void): void;
  /** The answer, if a message is one; undefined: wait on. Throws what the message says went wrong; `fail`: says it later. */
  answerIn(message: never, fail: (error: unknown) => void): Reply | undefined;
  /** Why there is no answer when the other ends first. how: its exit code, the signal that ended it, or its error. */
  died(how: number | string | Error): Error;
}

/** The answer of a process or a thread to one question, or why there is none. */
export async function exchange<Reply>(
  peer: EventEmitter,
  { post, answerIn, died, ...bounds }: Exchange<Reply>,
): Promise<Reply> {
  let mute = () => {};
  const answered = new Promise<Reply>((resolve, reject) => {
    const hear = (message: unknown) => {
      try {
        // SAFETY: only our own programs are spoken with; each caller names the type of what its program says.
        const reply = answerIn(message as never, reject);
        if (reply !== undefined) resolve(reply);
      } catch (error) {
        reject(error);
      }
    };
    const exited = (code: number | null, by?: string | null) => reject(died(by ?? code ?? 0));
    const failed = (error: Error) => reject(died(error));
    peer.on('message', hear).on('exit', exited).on('error', failed);
    mute = () => peer.off('message', hear).off('exit', exited).off('error', failed);
    post((error) => error && failed(error));
  });
  try {
    return await within(answered, bounds);
  } finally {
    mute();
  }
}
