import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { readHeads } from './heads.ts';
import type { LedgerReader } from './ledger.ts';

/**
 * Throws `corrupt` when the ledger lacks a record that some writer acknowledged: it was put back, or its end was cut off, and
 * with it what had been spent. Call it inside `transact`, where no other writer can be ahead. bregma: the folder `.bregma`.
 */
export function refusePutBack(ledger: Pick<LedgerReader, 'rowBySeq'>, bregma: string): void {
  for (const { writer, seq, hash } of readHeads(path.join(bregma, 'heads'))) {
    if (Number.isNaN(seq)) continue;
    if (ledger.rowBySeq(seq)?.hash === hash) continue;
    throw new BregmaError(
      'corrupt',
      `The ledger lacks record ${seq}, which ${writer} acknowledged: it was put back or cut, and what was spent with it.`,
      { next: 'Run `bregma verify`. No error budget is spent in this ledger; restore the one that holds all records.' },
    );
  }
}
