import { Worker } from 'node:worker_threads';
import { BregmaError } from '@bregma/core/errors';
import type { Ask, Grown, Reply } from './protocol.ts';
import type { queries } from './queries/index.gen.ts';

type Queries = typeof queries;
type Answers<Run> = Run extends (store: never, ...args: infer Args) => infer Value
  ? (...args: Args) => Promise<Awaited<Value>>
  : never;

/** The queries of `queries/`, asked of the thread that reads the store. */
type StoreQueries = { readonly [Name in keyof Queries]: Answers<Queries[Name]> };

export interface StoreClient {
  ask: StoreQueries;
  /** Number of the newest record; 0 when there is no ledger. */
  seq(): number;
  onGrown(listener: (seq: number) => void): { dispose(): void };
  dispose(): void;
}

/** Starts the thread that reads the store of a folder. program: the bundled store-worker. */
export function openStore(folder: string, program: URL | string): StoreClient {
  const worker = new Worker(program, { workerData: { folder }, stderr: false });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Set<(seq: number) => void>();
  let last = 0;
  let seq = 0;
  worker.unref();
  worker.on('message', (message: Reply | Grown) => {
    if ('grown' in message) {
      seq = message.grown.seq;
      for (const listener of listeners) listener(seq);
      return;
    }
    const promise = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) {
      const { code, message: text, next } = message.error;
      promise?.reject(new BregmaError(code, text, { next }));
    } else promise?.resolve(message.value);
  });
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () =>
    fail(new BregmaError('failed', 'The reader of the store has ended.', { next: 'Reload the window.' })),
  );
  const ask = new Proxy({} as StoreQueries, {
    get:
      (_, query: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = ++last;
          waiting.set(id, { resolve, reject });
          worker.postMessage({ id, query, args } satisfies Ask);
        }),
  });
  return {
    ask,
    seq: () => seq,
    onGrown(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    dispose: () => void worker.terminate(),
  };
}
