import type { Ledger } from '@bregma/core/store/ledger';
import type { ObjectStore } from '@bregma/core/store/objects';

/** The store as the editor sees it: it looks, and never writes. */
export interface ReadStore {
  /** `.bregma`, absolute. */
  bregma: string;
  ledger: Ledger;
  objects: ObjectStore;
}

/** A question to the store. Arguments and answer can be cloned: they cross a thread. */
// biome-ignore lint/suspicious/noExplicitAny: each query declares its own arguments and answer
export type Query = (store: ReadStore, ...args: any[]) => unknown;
