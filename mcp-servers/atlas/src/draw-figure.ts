import { Worker } from 'node:worker_threads';
import { BregmaError, type ErrorCode, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
import type { FigureModel, Theme } from '@bregma/figures/figure-model';

/** A figure as it is asked of the thread. */
export interface FigureRequest {
  model: FigureModel;
  theme: Theme;
  widthPx: number;
}

/** What the thread gives: the figure, or why there is none. */
export type FigureReply =
  | {
      svg: string;
      png: Uint8Array;
      /** What it shows, in words. */
      shows: string;
      /** Rows without a value in a channel. */
      left: number;
      /** What marks put together or hide, as sentences. */
      notes: string[];
      heightPx: number;
      /** What of its texts the PNG does not show, in words. */
      boxes?: string;
    }
  | { failed: { code?: ErrorCode; message: string; next?: string } };

/** A figure that is not there after this long is stopped. */
const longestMs = 60_000;

type Figure = Exclude<FigureReply, { failed: unknown }>;

/** The thread, warm from the figure before: most of the time of a first figure goes into starting it. */
let worker: Worker | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** Draws in a thread of its own, one figure at a time. Throws what the drawing says, `too-large` or `cancelled`. */
export function drawFigure(request: FigureRequest, signal: AbortSignal): Promise<Figure> {
  const figure = queue.then(() => {
    throwIfCancelled(signal);
    return drawNow(request, signal);
  });
  queue = figure.catch(() => {});
  return figure;
}

function readyWorker(): Worker {
  if (worker) return worker;
  const program = import.meta.url.endsWith('.ts') ? './figure-worker.ts' : './figure-worker.mjs';
  const started = new Worker(new URL(program, import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 768 } });
  started.once('exit', () => {
    if (worker === started) worker = undefined;
  });
  worker = started;
  return started;
}

async function drawNow(request: FigureRequest, signal: AbortSignal): Promise<Figure> {
  const thread = readyWorker();
  thread.ref();
  let answered = false;
  try {
    const reply = await exchange<FigureReply>(thread, {
      post: () => thread.postMessage(request),
      answerIn: (message: FigureReply) => message,
      died: (how) =>
        new BregmaError(
          'failed',
          `The chart cannot be drawn: ${how instanceof Error ? how.message : 'its thread ended'}`,
        ),
      signal,
      cancelled: 'The chart was cancelled.',
      ms: longestMs,
      late: () =>
        new BregmaError('too-large', `The chart was not drawn after ${longestMs / 1000} s and was stopped.`, {
          next: 'Aggregate in SQL first.',
        }),
    });
    answered = true;
    if (!('failed' in reply)) return reply;
    const { code = 'failed', message, next } = reply.failed;
    throw new BregmaError(code, message, { next });
  } finally {
    thread.unref(); // the server may end while the thread is warm
    if (!answered) {
      worker = undefined;
      void thread.terminate();
    }
  }
}
