import { statSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import type { Container, ContainerNode, Values } from '../container/container.ts';
import { openRegular } from '../regular-file.ts';
import { holesOf } from '../sparse-file.ts';
import type { Hdf5Reply, Hdf5Request } from './protocol.ts';

/** The first bytes of an HDF5 file (HDF5 file format, 3.0, II.A). They may lie behind a user block of 512 · 2ⁿ bytes. */
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** A step of the library that lasts longer than this, in milliseconds, was caught in a damaged file. */
const longestStepMs = 60_000;
/** One that waits for the network may last this long. */
const longestFetchMs = 1_800_000;

/** Whether a file is HDF5, by its signature. Throws as `openRegular`. */
export function isHdf5(file: string): boolean {
  const opened = openRegular(file, Number.MAX_SAFE_INTEGER);
  try {
    for (let at = 0; at + 8 <= opened.size && at <= 2 ** 20; at = at === 0 ? 512 : at * 2)
      if (opened.read(at, 8).equals(signature)) return true;
    return false;
  } finally {
    opened.close();
  }
}

/**
 * Opens an HDF5 file in a thread of its own. Throws `bad-input` when it is none, `corrupt` when it is damaged or what was asked for
 * cannot be read, naming the array. What is open must be closed.
 */
export async function openHdf5(file: string, signal: AbortSignal): Promise<Container> {
  const name = path.basename(file);
  if (!isHdf5(file))
    throw new BregmaError('bad-input', `${name} is no HDF5 file: it does not begin with the signature of one.`, {
      next: 'Give a file that was written as HDF5, or name its format.',
    });
  const holes = holesOf(file);
  const thread = new Hdf5Thread(name, signal, holes?.need);
  try {
    const reply = await thread.ask({ id: 0, ask: 'open', file, holes: holes?.holes }, name);
    // SAFETY: `open` is answered with nodes, or with a failure that was thrown.
    const { nodes } = reply as { nodes: ContainerNode[] };
    return {
      nodes,
      bytes: statSync(file).size,
      async read(inner, start, count, axis) {
        const read = await thread.ask({ id: 0, ask: 'read', path: inner, start, count, axis }, `${inner} of ${name}`);
        // SAFETY: `read` is answered with values, or with a failure that was thrown.
        return (read as { values: Values }).values;
      },
      close: () => thread.end(),
    };
  } catch (error) {
    thread.end();
    throw error;
  }
}

class Hdf5Thread {
  private readonly worker: Worker;
  private readonly signal: AbortSignal;
  private readonly name: string;
  private readonly waiting = new Map<number, (reply: Hdf5Reply) => void>();
  private readonly longestMs: number;
  private lastId = 0;
  private readonly cancel = () => this.end('the reading was cancelled');

  /** need: asks for blocks of a file with holes. */
  constructor(name: string, signal: AbortSignal, need?: (first: number, last: number) => void) {
    this.longestMs = need ? longestFetchMs : longestStepMs;
    throwIfCancelled(signal);
    this.name = name;
    this.signal = signal;
    const source = import.meta.url.endsWith('.ts') ? '../../hdf5-worker.ts' : './hdf5-worker.mjs';
    this.worker = new Worker(new URL(source, import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      name: 'hdf5',
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    });
    // What the library says of damage on its own is not heard.
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.worker.on('message', (reply: Hdf5Reply) => {
      if ('need' in reply) need?.(reply.need.first, reply.need.last);
      else this.waiting.get(reply.id)?.(reply);
    });
    this.worker.on('error', () => this.end('it is damaged, or takes too much memory'));
    this.worker.on('exit', () => this.end('its reader ended'));
    signal.addEventListener('abort', this.cancel, { once: true });
  }

  /** what: as the error names it. */
  async ask(request: Hdf5Request, what: string): Promise<Hdf5Reply> {
    throwIfCancelled(this.signal);
    const id = ++this.lastId;
    const reply = await new Promise<Hdf5Reply>((resolve) => {
      const timer = setTimeout(() => this.end('the library does not come to an end with it'), this.longestMs);
      this.waiting.set(id, (answer) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answer);
      });
      this.worker.postMessage({ ...request, id });
    });
    throwIfCancelled(this.signal);
    if (!('failed' in reply)) return reply;
    throw new BregmaError('corrupt', `${what} cannot be read: ${reply.failed}.`, {
      next: 'Copy the file again; nothing was added. An array that is not needed can be left out: options.leave_out.',
      fields: { file: this.name },
    });
  }

  /** Stops the thread; who waits is told why. */
  end(why = 'it was closed'): void {
    this.signal.removeEventListener('abort', this.cancel);
    void this.worker.terminate();
    for (const [id, tell] of [...this.waiting]) tell({ id, failed: why });
  }
}
