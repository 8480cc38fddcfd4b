import { Worker } from 'node:worker_threads';
import type { RecordKind } from '@bregma/core/contracts/answer';
import { BregmaError, errorSaid } from '@bregma/core/errors';
import type { allQueries } from './all-queries.ts';
import type { Advance, Ask, Cancel, Grown, Reply, Trouble } from './protocol.ts';

type Queries = typeof allQueries;
type Answers<Run> = Run extends (store: never, ...args: infer Args) => infer Value
  ? (...args: Args) => Promise<Awaited<Value>>
  : never;

/** The queries of `all-queries.ts`, asked of the thread that reads the store. */
type StoreQueries = { readonly [Name in keyof Queries]: Answers<Queries[Name]> };

interface Follow {
  signal?: AbortSignal;
  onProgress?(progress: Advance['progress']): void;
}

/** Questions to the store, answered by a worker so that the editor never waits. */
export interface StoreClient {
  /** The folder whose store is read. */
  readonly folder: string;
  ask: StoreQueries;
  /** As `ask`, for a query that takes long: it tells how far it is and can be cancelled. */
  follow<Name extends keyof Queries>(
    query: Name,
    args: Parameters<StoreQueries[Name]>,
    options: Follow,
  ): ReturnType<StoreQueries[Name]>;
  /** Number of the newest record; 0 when there is no ledger. */
  seq(): number;
  /** Why the ledger cannot be read, or undefined. */
  trouble(): Trouble | undefined;
  /** kinds: of the records that matter to the listener; without them it is told of every one. */
  onGrown(listener: (seq: number) => void, kinds?: readonly RecordKind[]): { dispose(): void };
  dispose(): void;
}

/**
 * Opens the store of a folder: the thread that reads it starts once what called this has returned, so that no window waits for it. program: the bundled store-worker; client: who shows what is read, on record;
 * mayRecord: whether anything may be written in the folder now.
 */
export function openStore(
  folder: string,
  program: URL | string,
  { client = 'an editor', mayRecord = () => true }: { client?: string; mayRecord?: () => boolean } = {},
): StoreClient {
  const waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; onProgress?: Follow['onProgress'] }
  >();
  const listeners = new Map<object, { tell(seq: number): void; kinds?: readonly RecordKind[] }>();
  let last = 0;
  let seq = 0;
  let trouble: Trouble | undefined;
  let thread: Worker | undefined;
  const hear = (message: Reply | Grown | Advance) => {
    if ('grown' in message) {
      ({ seq, trouble } = message.grown);
      const { kinds: grown } = message.grown;
      for (const { tell, kinds } of listeners.values())
        if (!kinds || !grown || grown.some((kind) => kinds.includes(kind))) tell(seq);
      return;
    }
    const promise = waiting.get(message.id);
    if ('progress' in message) return promise?.onProgress?.(message.progress);
    waiting.delete(message.id);
    if ('error' in message) {
      promise?.reject(errorSaid(message.error));
    } else promise?.resolve(message.value);
  };
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const ended = () =>
    fail(new BregmaError('failed', 'The reader of the store has ended.', { next: 'Reload the window.' }));
  const unsent: (Ask | Cancel)[] = [];
  const send = (message: Ask | Cancel) => (thread ? thread.postMessage(message) : void unsent.push(message));
  const soon = setImmediate(() => {
    thread = new Worker(program, { workerData: { folder, client }, stderr: false });
    thread.unref();
    thread.on('message', hear).on('error', fail).on('exit', ended);
    for (const message of unsent) thread.postMessage(message);
  });
  const post = (query: string, args: unknown[], { signal, onProgress }: Follow = {}) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject, onProgress });
      send({ id, query, args, onRecord: mayRecord() });
      const cancel = () => send({ cancel: id });
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
  // SAFETY: the worker runs the query of this name with these arguments.
  const ask = new Proxy({} as StoreQueries, {
    get:
      (_, query: string) =>
      (...args: unknown[]) =>
        post(query, args),
  });
  return {
    folder,
    ask,
    // SAFETY: as above.
    follow: (query, args, options) => post(query, args, options) as never,
    seq: () => seq,
    trouble: () => trouble,
    onGrown(tell, kinds) {
      const key = {};
      listeners.set(key, { tell, kinds });
      return { dispose: () => void listeners.delete(key) };
    },
    dispose() {
      clearImmediate(soon);
      if (thread) void thread.terminate();
      else ended();
    },
  };
}
