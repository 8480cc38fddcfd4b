import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError, isErrorCode } from '@bregma/core/errors';
import { forkProgram } from './fork-program.ts';
import { type Block, type Network, openNetwork, shapesOf } from './onnx-engine.ts';
import { networkLimits } from './run-network.ts';
import type { ProcessLimits } from './watch-itself.ts';

/** Where networks run: here, or in a process of their own. */
export interface Engine {
  /** Opens a model to be run many times. */
  open(model: Uint8Array): Promise<Network>;
  /** Shapes of all outputs of a model for these inputs. */
  shapes(model: Uint8Array, inputs: Record<string, Block>): Promise<Map<string, number[]>>;
}

/** Runs what this product wrote, in this process. */
export const ownEngine: Engine = {
  open: openNetwork,
  async shapes(model, inputs) {
    const network = await openNetwork(model);
    try {
      return shapesOf(await network.run(inputs));
    } finally {
      await network.close();
    }
  },
};

/** What the process is asked. limits: of this task alone. */
export type SessionTask = { limits: ProcessLimits } & (
  | { open: Uint8Array }
  | { run: Record<string, Block>; shapesOnly: boolean }
);

/** What it says of each task. */
export type SessionReply =
  | { opened: true }
  | { values: Record<string, Block> }
  | { shapes: [string, number[]][] }
  | { failed: { code: string; message: string; next?: string } };

/**
 * Runs what somebody else wrote, each network in a process of its own: no files but its program and packages, no network, no environment,
 * and an end at its limits, which each task has to itself. program: its path; signal: ends every process that is open.
 */
export function engineApart(program: string, signal: AbortSignal, limits: ProcessLimits = networkLimits): Engine {
  const open = async (model: Uint8Array) => {
    const session = new Session(program, signal, limits);
    try {
      await session.ask({ open: model, limits });
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  };
  return {
    async open(model) {
      const session = await open(model);
      return {
        async run(inputs) {
          const reply = await session.ask({ run: inputs, shapesOnly: false, limits });
          return 'values' in reply ? reply.values : {};
        },
        close: async () => session.close(),
      };
    },
    async shapes(model, inputs) {
      const session = await open(model);
      try {
        const reply = await session.ask({ run: inputs, shapesOnly: true, limits });
        return new Map('shapes' in reply ? reply.shapes : []);
      } finally {
        session.close();
      }
    },
  };
}

/** One process, which does one task after the other. */
class Session {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'bregma-network-'));
  private readonly child;
  private readonly signal;
  private readonly limits;
  /** Why no more comes of it. */
  private over: BregmaError | undefined;
  private refuse: (why: BregmaError) => void = () => {};

  constructor(program: string, signal: AbortSignal, limits: ProcessLimits) {
    this.signal = signal;
    this.limits = limits;
    this.child = forkProgram(program, this.folder, 'bare');
    this.child.ref();
    this.child.channel?.ref();
    this.child.once('exit', (code, by) => this.end(ended(limits, code, by)));
    signal.addEventListener('abort', this.cancel, { once: true });
    if (signal.aborted) this.cancel();
  }

  async ask(task: SessionTask): Promise<SessionReply> {
    if (this.over) throw this.over;
    // The process watches itself; this is for one that cannot.
    const late = setTimeout(() => this.end(ended(this.limits, null, 'SIGKILL')), this.limits.ms + 5000);
    try {
      const reply = await new Promise<SessionReply>((resolve, reject) => {
        this.refuse = reject;
        this.child.once('message', (said: SessionReply) => resolve(said));
        this.child.send(task, (error) => {
          if (error) this.end(this.over ?? ended(this.limits, null, null));
        });
      });
      if (!('failed' in reply)) return reply;
      const { code, message, next } = reply.failed;
      throw new BregmaError(isErrorCode(code) ? code : 'failed', message, { next });
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    this.end(new BregmaError('failed', 'The network was closed.'));
  }

  private readonly cancel = () => this.end(new BregmaError('cancelled', 'Cancelled.'));

  private end(why: BregmaError): void {
    if (this.over) return;
    this.over = why;
    this.signal.removeEventListener('abort', this.cancel);
    this.child.removeAllListeners();
    this.child.on('error', () => {});
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    this.refuse(why);
  }
}

function ended({ bytes, ms }: ProcessLimits, code: number | null, by: NodeJS.Signals | null): BregmaError {
  const how =
    by === 'SIGKILL' ? `took more than ${bytes / 1e6} MB or ${ms / 1000} s` : `ended with ${by ?? `code ${code}`}`;
  return new BregmaError('failed', `The network's process ${how}: nothing came of it.`, {
    next: 'Use a smaller network, smaller images, or fewer starts.',
  });
}
