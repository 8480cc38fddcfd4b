import type { RecordKind } from '@bregma/core/contracts/answer';
import type { SaidError } from '@bregma/core/errors';

/** What the editor asks of the thread that reads the store. */
export interface Ask {
  id: number;
  query: string;
  args: unknown[];
  /** What is shown leaves a record: in a workspace that is not trusted nothing is written. */
  onRecord: boolean;
}

/** Stops the work on an earlier ask. */
export interface Cancel {
  cancel: number;
}

/** How far the work on an ask is. */
export interface Advance {
  id: number;
  progress: { done: number; total: number; message?: string };
}

/** What the store's worker answers to the question of this id. */
export type Reply = { id: number; value: unknown } | { id: number; error: Trouble };

/** Why the ledger cannot be read: it is damaged, newer than this Bregma, or held by another process. */
export type Trouble = SaidError;

/** Said by itself whenever the ledger has grown, by whichever process, or can no longer be read. seq 0: there is no ledger yet. */
export interface Grown {
  grown: {
    seq: number;
    /** Of the records that are new; undefined when anything may have changed. */
    kinds?: RecordKind[];
    trouble?: Trouble;
  };
}
