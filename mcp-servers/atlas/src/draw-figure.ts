import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BregmaError, type ErrorCode, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
import type { FigureModel, Theme } from '@bregma/figures/figure-model';
import { forkProgram } from '@bregma/readers/fork-program';
import { longestWait, type ProcessLimits } from '@bregma/readers/watch-itself';

/** A figure as it is asked for. */
export interface FigureRequest {
  model: FigureModel;
  theme: Theme;
  widthPx: number;
}

/** What the process gives: the figure, or why there is none. */
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

/** What the drawing of one figure may take. */
const figureLimits: ProcessLimits = { bytes: 900e6, ms: 20_000 };
/** How long the process waits for the next figure. */
const idleMs = 60_000;

type Figure = Exclude<FigureReply, { failed: unknown }>;

/** What the process is asked. */
export interface FigureTask {
  request: FigureRequest;
  limits: ProcessLimits;
}

/** The process, warm from the figure before: most of the time of a first figure goes into starting it. */
let warm: { child: ChildProcess; timer: NodeJS.Timeout } | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws in a process of its own, one figure at a time: a specification can ask for more than memory holds, which would end a thread
 * together with the server. Throws what the drawing says, `too-large` or `cancelled`.
 */
export function drawFigure(request: FigureRequest, signal: AbortSignal): Promise<Figure> {
  const figure = queue.then(() => {
    throwIfCancelled(signal);
    return drawNow(request, signal);
  });
  queue = figure.catch(() => {});
  return figure;
}

function takeProcess(): ChildProcess {
  const kept = warm;
  warm = undefined;
  clearTimeout(kept?.timer);
  if (kept?.child.connected && kept.child.exitCode === null && kept.child.signalCode === null) return kept.child;
  const program = import.meta.url.endsWith('.ts') ? './figure-worker.ts' : './figure-worker.mjs';
  return forkProgram(fileURLToPath(new URL(program, import.meta.url)), tmpdir(), 'arrays');
}

function keep(child: ChildProcess): void {
  warm = { child, timer: setTimeout(() => child.kill('SIGKILL'), idleMs).unref() };
}

async function drawNow(request: FigureRequest, signal: AbortSignal): Promise<Figure> {
  const child = takeProcess();
  let answered = false;
  try {
    const reply = await exchange<FigureReply>(child, {
      post: (unsent) => child.send({ request, limits: figureLimits } satisfies FigureTask, unsent),
      answerIn: (message: FigureReply) => message,
      died: (how) =>
        how instanceof Error ? new BregmaError('failed', `The chart cannot be drawn: ${how.message}`) : beyondLimits(),
      signal,
      cancelled: 'The chart was cancelled.',
      // The process watches itself; this is for one that cannot.
      ms: longestWait * figureLimits.ms + 3000,
      late: beyondLimits,
    });
    answered = true;
    if (!('failed' in reply)) return reply;
    const { code = 'failed', message, next } = reply.failed;
    throw new BregmaError(code, message, { next });
  } finally {
    if (answered) keep(child);
    else child.kill('SIGKILL');
  }
}

const beyondLimits = () =>
  new BregmaError(
    'too-large',
    `The chart was stopped: it was not drawn in ${figureLimits.ms / 1000} s of a processor and ${figureLimits.bytes / 1e6} MB.`,
    { next: 'Aggregate in SQL first, and ask for fewer marks and panels.' },
  );
