import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Door } from './ledger/door.ts';
import { pruneHeads } from './ledger/heads.ts';
import { Ledger } from './ledger/ledger.ts';
import { asLedgerError } from './ledger/ledger-errors.ts';
import { ObjectStore } from './objects/objects.ts';
import { ownFile, ownFolder, storageError, writeWhole } from './storage.ts';

/** A user's folder with its store, as a call sees it: `.bregma/ledger.sqlite`, `.bregma/objects`, `.bregma/heads`. */
export interface Workspace {
  /** The user's folder, absolute. */
  folder: string;
  /** `folder/.bregma`. */
  bregma: string;
  ledger: Door;
  objects: ObjectStore;
}

/** The same, with the whole ledger, for whoever opened it. */
export interface OpenWorkspace extends Workspace {
  ledger: Ledger;
  close(): void;
}

/**
 * Opens the store in `folder` and creates it if it is not there. patienceMs: how long its thread waits for another process that holds
 * the ledger. Throws `failed` with the fix when it cannot be written.
 */
export function openWorkspace(folder: string, options: { patienceMs?: number } = {}): OpenWorkspace {
  const absolute = path.resolve(folder);
  const bregma = path.join(absolute, '.bregma');
  mkdirSync(absolute, { recursive: true });
  ownFolder(bregma);
  for (const name of ['objects', 'heads', 'cache', 'experiments', 'keys', 'withheld', 'downloads'])
    refuseLink(path.join(bregma, name));
  for (const name of ['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite-shm']) ownFile(path.join(bregma, name));
  const ignored = path.join(bregma, '.gitignore');
  ownFile(ignored);
  try {
    accessSync(bregma, constants.W_OK);
  } catch (error) {
    throw storageError(bregma, error);
  }
  if (!existsSync(ignored)) writeWhole(ignored, '*\n');
  const ledger = new Ledger(bregma, options);
  try {
    pruneHeads(path.join(bregma, 'heads'), ledger.head().seq, (seq) => ledger.rowBySeq(seq)?.hash);
  } catch (error) {
    ledger.close();
    throw asLedgerError(ledger.file, error);
  }
  const objects = new ObjectStore(path.join(bregma, 'objects'));
  objects.tidy();
  return {
    folder: absolute,
    bregma,
    ledger,
    objects,
    close: () => ledger.close(),
  };
}

/** A folder of the store that is there must be one: a link would lead what is written, or removed, out of the workspace. */
function refuseLink(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })) ownFolder(folder);
}
