import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerVersion } from '@bregma/core/ledger/check-form';
import type { Fault } from '@bregma/core/ledger/fault';
import { Ledger } from '@bregma/core/ledger/ledger';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type StoreClient } from '../../../../extension/src/store/client.ts';
import { root, temporaryWorkspace } from '../../../fixtures/client.ts';
import { makeLargeLedger } from '../../../fixtures/large-ledger.ts';
import { anyRecord } from '../../../fixtures/records.ts';

let made: ReturnType<typeof temporaryWorkspace>;
let bregma: string;
let file: string;
let store: StoreClient;

beforeEach(() => {
  made = temporaryWorkspace();
  bregma = path.join(made.folder, '.bregma');
  file = path.join(bregma, 'ledger.sqlite');
});
afterEach(() => {
  store.dispose();
  made.remove();
});

function open(): void {
  store = openStore(made.folder, path.join(root, 'extension/src/store/store-worker.ts'));
}

/** Waits until the store has said what `is` looks for. */
async function until(is: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!is()) {
    if (Date.now() > end) throw new Error(`The store says ${store.seq()} ${JSON.stringify(store.trouble())}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function fold(): void {
  const ledger = new Ledger(bregma);
  ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  ledger.close();
}

function replace(bytes: Buffer): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  writeFileSync(file, bytes);
}

/** Faults but for objects that the fixture's records only name. */
const changes = ({ faults }: { faults: Fault[] }) => faults.filter(({ problem }) => !problem.startsWith('is missing'));

test('a folder without records says so, and its first record is seen', async () => {
  mkdirSync(made.folder, { recursive: true });
  open();
  await expect(store.ask.counts()).rejects.toMatchObject({ code: 'missing' });
  const ledger = new Ledger(bregma);
  ledger.append([anyRecord('activity', 'x', { status: 'ok' })]);
  await until(() => store.seq() === 1);
  ledger.close();
});

test('what another process writes is seen while it writes', async () => {
  makeLargeLedger(bregma, 100);
  open();
  await until(() => store.seq() === 102);
  const ledger = new Ledger(bregma);
  for (let i = 0; i < 500; i++) {
    ledger.append([anyRecord('activity', 'busy', { status: 'ok', i })]);
    if (i % 100 === 0) expect((await store.ask.activities({}, 1)).rows[0].tool).toBe('busy');
  }
  ledger.close();
  await until(() => store.seq() === 602);
  expect((await store.ask.counts()).tool[0]).toEqual({ name: 'busy', count: 500, failed: 0 });
});

test('a newer and a damaged ledger are named, not touched, and a mended one is read again', async () => {
  makeLargeLedger(bregma, 50);
  fold();
  const good = readFileSync(file);
  open();
  await until(() => store.seq() === 52);

  const newer = Buffer.from(good);
  newer.writeUInt32BE(ledgerVersion + 1, 60); // user_version: https://sqlite.org/fileformat2.html
  replace(newer);
  await until(() => /newer Bregma/.test(store.trouble()?.message ?? ''));
  await expect(store.ask.activities({}, 1)).rejects.toThrow(/newer Bregma/);
  expect(readFileSync(file).equals(newer)).toBe(true);

  replace(Buffer.alloc(40_960, 'no database '));
  await until(() => store.trouble()?.code === 'corrupt');
  const { faults } = await store.ask.verify();
  expect(faults[0].what).toBe('ledger.sqlite');

  replace(good);
  await until(() => store.seq() === 52 && store.trouble() === undefined);
  expect((await store.ask.activities({}, 10)).rows).toHaveLength(10);
});

test('verifying tells how far it is, lets other questions in between, and can be cancelled', async () => {
  makeLargeLedger(bregma, 20_000);
  const objects = new ObjectStore(path.join(bregma, 'objects'));
  objects.put(Buffer.alloc(64 << 20, 7), 'application/octet-stream');
  open();
  const seen: number[] = [];
  const verified = store.follow('verify', [], { onProgress: ({ done }) => seen.push(done) });
  let answered = false;
  void verified.then(() => {
    answered = true;
  });
  await store.ask.activities({}, 10);
  expect(answered).toBe(false);
  expect(changes(await verified)).toEqual([]);
  expect(seen.length).toBeGreaterThan(0);

  const controller = new AbortController();
  const cancelled = store.follow('verify', [], { signal: controller.signal });
  setTimeout(() => controller.abort(), 30);
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
});

test('one changed byte is named, in all records or in the one that was asked for', async () => {
  const last = makeLargeLedger(bregma, 30);
  fold();
  const copy = path.join(made.folder, 'copy');
  cpSync(bregma, copy, { recursive: true });
  const bytes = readFileSync(file);
  bytes[bytes.lastIndexOf('neuron-7')] ^= 1; // inside an answer
  replace(bytes);
  open();
  const faults = changes(await store.ask.verify());
  expect(faults).toHaveLength(1);
  expect(faults[0].problem).toBe('does not match its hash: it was changed');
  const [, id] = /\((act-[0-9a-f]{16})\)/.exec(faults[0].what) ?? [];
  expect(changes(await store.ask.verify(id))).toEqual(faults);
  expect(changes(await store.ask.verify(last))).toEqual(id === last ? faults : []);
});

test('who wants to know of some kinds of records is told of those, and of a ledger that is another one', async () => {
  makeLargeLedger(bregma, 10);
  open();
  const told: Record<string, number[]> = { every: [], plans: [] };
  store.onGrown((seq) => told.every.push(seq));
  store.onGrown((seq) => told.plans.push(seq), ['plan']);
  await until(() => store.seq() > 0);
  const first = store.seq();
  expect(told.plans).toEqual([first]);
  const ledger = new Ledger(bregma);
  ledger.append([anyRecord('activity', 'busy', { status: 'ok' })]);
  await until(() => store.seq() === first + 1);
  expect(told.plans).toEqual([first]);
  ledger.append([anyRecord('plan', 'plan-1', {}), anyRecord('activity', 'busy', { status: 'ok' })]);
  await until(() => store.seq() === first + 3);
  expect(told.plans).toEqual([first, first + 3]);
  expect(told.every.at(-1)).toBe(first + 3);
  ledger.close();
});
