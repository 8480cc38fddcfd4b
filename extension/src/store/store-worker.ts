// The thread that reads the store, so that a large or a damaged ledger never holds up the editor. It opens the ledger
// read-only, when it is there, and says when it has grown. All that it writes is which values it showed.

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { RecordKind } from '@bregma/core/contracts/answer';
import { BregmaError, sayError, unknownName } from '@bregma/core/errors';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { Ledger } from '@bregma/core/ledger/ledger';
import { indexOf } from '@bregma/core/ledger/ledger-index';
import { rowsOf } from '@bregma/core/ledger/rows';
import { ShownValues } from '@bregma/core/ledger/shown';
import { allQueries } from './all-queries.ts';
import type { Advance, Ask, Cancel, Grown, Reply, Trouble } from './protocol.ts';
import { inSteps, type Query, type ReadStore } from './queries/query.ts';

/** How often the ledger is looked at for records of other processes, ms. */
const lookEveryMs = 400;

const { folder, client }: { folder: string; client: string } = workerData;
const bregma = path.join(folder, '.bregma');
const file = path.join(bregma, 'ledger.sqlite');
let opened: { ledger: Ledger; inode: bigint } | undefined;
let said = '';
/** The ledger of which `said` tells, and its newest record then. */
let seen: { ledger: Ledger; seq: number } | undefined;
const working = new Map<number, AbortController>();
let values = new ShownValues(bregma, client);

/** The open ledger. It is opened again when the file is another one: restored from a backup, or of another branch. */
function open(): Ledger {
  const there = existsSync(file);
  const inode = there ? statSync(file, { bigint: true }).ino : undefined;
  if (opened && opened.inode === inode) return opened.ledger;
  opened?.ledger.close();
  opened = undefined;
  if (inode === undefined) {
    throw new BregmaError('missing', 'There are no Bregma records in this folder yet.', {
      next: 'Open the walkthrough “Get started with Bregma”, or let an agent call a Bregma tool here.',
    });
  }
  const ledger = new Ledger(bregma, { readOnly: true });
  opened = { ledger, inode };
  values = new ShownValues(bregma, client);
  warm(ledger);
  return ledger;
}

/** Reads a ledger ahead, a little at a time, so that whoever asks first does not wait for it. */
function warm(ledger: Ledger): void {
  const task = { signal: new AbortController().signal, report: () => {} };
  setImmediate(() => {
    inSteps(task, indexOf(ledger).steps()).catch(() => {
      // Closed meanwhile, or damaged: whoever asks next is told what is wrong.
    });
  });
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof BregmaError) return sayError(error);
  const message = error instanceof Error ? error.message : String(error);
  if (/malformed|not a database|disk image/.test(message))
    return { code: 'corrupt', message: `${file} is damaged: ${message}.`, next: 'Run “Bregma: Verify All Records”.' };
  return { code: 'failed', message };
}

async function answer({ id, query, args, onRecord }: Ask): Promise<Reply> {
  const controller = new AbortController();
  working.set(id, controller);
  const startedAt = new Date();
  let last = 0;
  const report = (progress: Advance['progress']) => {
    if (performance.now() - last < 100) return;
    last = performance.now();
    parentPort?.postMessage({ id, progress } satisfies Advance);
  };
  try {
    // SAFETY: the client asks by the names of `allQueries` alone; a name that it does not have is refused below.
    const run: Query | undefined = allQueries[query as keyof typeof allQueries];
    if (!run) throw unknownName('query', query, [], undefined, 'of the store');
    // A query that needs no open ledger (verifying one that is damaged) is not kept from working.
    const reader: ReadStore = {
      bregma,
      objects: new OpenObjects(path.join(bregma, 'objects'), open),
      task: { signal: controller.signal, report },
      recorder: onRecord ? client : undefined,
      get ledger() {
        return open();
      },
    };
    const value = await run(reader, ...args);
    if (onRecord && reader.objects.shown.size > 0)
      await values.remember(reader.objects, open(), {
        name: query === 'crate' ? 'export' : 'show',
        given: { query, args },
        startedAt,
        anything: query === 'objectText',
      });
    return { id, value };
  } catch (error) {
    return { id, error: troubleOf(error) };
  } finally {
    working.delete(id);
  }
}

const kindsAfter = ({ database }: Ledger, seq: number) =>
  rowsOf<{ kind: RecordKind }>(database.prepare('SELECT DISTINCT kind FROM records WHERE seq > ?'), seq).map(
    ({ kind }) => kind,
  );

function look(): void {
  const grown: Grown['grown'] = { seq: 0 };
  let now: typeof seen;
  try {
    const ledger = open();
    now = { ledger, seq: ledger.head().seq };
    grown.seq = now.seq;
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.code !== 'missing') grown.trouble = trouble;
  }
  const text = JSON.stringify(grown);
  if (text === said && now?.ledger === seen?.ledger) return;
  if (now && now.ledger === seen?.ledger && now.seq > seen.seq) grown.kinds = kindsAfter(now.ledger, seen.seq);
  said = text;
  seen = now;
  parentPort?.postMessage({ grown } satisfies Grown);
}

parentPort?.on('message', async (message: Ask | Cancel) => {
  if ('cancel' in message) return working.get(message.cancel)?.abort();
  parentPort?.postMessage(await answer(message));
});
look();
setInterval(look, lookEveryMs);
