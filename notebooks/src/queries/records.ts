import type { Ledger } from '@bregma/core/ledger/ledger';
import type { ObjectStore } from '@bregma/core/objects/objects';

/** The records of a folder, to look at: whoever asks here writes nothing. */
export interface Records {
  /** `.bregma`, absolute. */
  bregma: string;
  ledger: Ledger;
  objects: ObjectStore;
}
