// The thread that reads the store, so that a large or a damaged ledger never holds up the editor. It opens the ledger
// read-only, when it is there, and says when it has grown.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { BregmaError } from '@bregma/core/errors';
import { Ledger } from '@bregma/core/store/ledger';
import { ObjectStore } from '@bregma/core/store/objects';
import type { Ask, Grown, Reply } from './protocol.ts';
import { queries } from './queries/index.gen.ts';
import type { Query, ReadStore } from './queries/query.ts';

/** How often the ledger is looked at for records of other processes, ms. */
const lookEveryMs = 400;

const { folder } = workerData as { folder: string };
const bregma = path.join(folder, '.bregma');
let store: ReadStore | undefined;
let seq = -1;

function open(): ReadStore {
  if (store) return store;
  if (!existsSync(path.join(bregma, 'ledger.sqlite'))) {
    throw new BregmaError('missing', 'There are no Bregma records in this folder yet.', {
      next: 'Open the walkthrough “Get started with Bregma”, or let an agent call a Bregma tool here.',
    });
  }
  store = {
    bregma,
    ledger: new Ledger(bregma, { readOnly: true }),
    objects: new ObjectStore(path.join(bregma, 'objects')),
  };
  return store;
}

async function answer({ id, query, args }: Ask): Promise<Reply> {
  try {
    const run: Query | undefined = queries[query as keyof typeof queries];
    if (!run) throw new BregmaError('unknown-name', `The store has no query '${query}'.`);
    return { id, value: await run(open(), ...args) };
  } catch (error) {
    const { code, message, next } =
      error instanceof BregmaError ? error : { code: 'failed' as const, message: String(error), next: undefined };
    return { id, error: { code, message, next } };
  }
}

function look(): void {
  let now = 0;
  try {
    if (existsSync(path.join(bregma, 'ledger.sqlite'))) now = open().ledger.head().seq;
    else store = undefined;
  } catch {
    // Whoever asks next is told what is wrong.
  }
  if (now === seq) return;
  seq = now;
  parentPort?.postMessage({ grown: { seq } } satisfies Grown);
}

parentPort?.on('message', async (ask: Ask) => parentPort?.postMessage(await answer(ask)));
look();
setInterval(look, lookEveryMs);
