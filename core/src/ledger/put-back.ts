import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { readHeads } from './heads.ts';
import type { LedgerReader } from './ledger.ts';

/**
 * Throws `corrupt` when the ledger lacks a record that some writer acknowledged: it was put back, or its end was cut off, and
 * with it what had been spent or used up; and for a mark that nobody can read, which could say so. Call it inside `transact`, where no other writer can be ahead. bregma: the folder `.bregma`.
 */
export function refusePutBack(ledger: Pick<LedgerReader, 'rowBySeq'>, bregma: string): void {
  for (const { writer, seq, hash } of readHeads(path.join(bregma, 'heads'))) {
    if (Number.isNaN(seq))
      throw new BregmaError(
        'corrupt',
        `The mark ${writer} in .bregma/heads was changed: nobody can say which record it stood for.`,
        {
          next: 'Run `bregma verify`. When you know why, remove that file; until then nothing is spent.',
        },
      );
    if (ledger.rowBySeq(seq)?.hash === hash) continue;
    throw new BregmaError(
      'corrupt',
      `The ledger lacks record ${seq}, which ${writer} acknowledged: it was put back or cut, and what was spent with it.`,
      {
        next: 'Run `bregma verify`. No error budget and no approval is used in this ledger; restore the one that holds all records.',
      },
    );
  }
}
