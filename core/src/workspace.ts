import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from './errors.ts';
import type { Door } from './ledger/door.ts';
import { pruneHeads } from './ledger/heads.ts';
import { Ledger } from './ledger/ledger.ts';
import { ObjectStore } from './objects/objects.ts';

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

/** Opens the store in `folder` and creates it if it is not there. Throws `failed` with the fix when it cannot be written. */
export function openWorkspace(folder: string): OpenWorkspace {
  const absolute = path.resolve(folder);
  const bregma = path.join(absolute, '.bregma');
  try {
    mkdirSync(bregma, { recursive: true });
    accessSync(bregma, constants.W_OK);
    writeFileSync(path.join(bregma, '.gitignore'), '*\n');
  } catch (error) {
    throw new BregmaError('failed', `Cannot write to ${bregma}: ${error instanceof Error ? error.message : error}.`, {
      next: 'Choose another folder with --workspace DIR, or change its permissions.',
    });
  }
  const ledger = new Ledger(bregma);
  pruneHeads(path.join(bregma, 'heads'), ledger.head().seq);
  return {
    folder: absolute,
    bregma,
    ledger,
    objects: new ObjectStore(path.join(bregma, 'objects')),
    close: () => ledger.close(),
  };
}
