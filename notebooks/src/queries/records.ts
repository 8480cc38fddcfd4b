import type { OpenObjects } from '@bregma/core/experiment/unspent';
import type { Ledger } from '@bregma/core/ledger/ledger';

/** The records of a folder, to look at: whoever asks here writes nothing. */
export interface Records {
  /** `.bregma`, absolute. */
  bregma: string;
  ledger: Ledger;
  objects: OpenObjects;
}
