import type { LedgerReader } from '../ledger/ledger.ts';
import { isScoreOf } from './receipts.ts';
import { receiptsOf } from './submit.ts';

/** Scores that no scorer signed for this workspace, or that another one signed than the one that is named. */
export function unsignedScores(ledger: Pick<LedgerReader, 'list' | 'rowBySeq'>): { what: string; problem: string }[] {
  const workspace = ledger.rowBySeq(1)?.hash;
  return receiptsOf(ledger)
    .filter(({ key, receipt }) => receipt.statement.workspace !== workspace || !isScoreOf(receipt, key))
    .map(({ id }) => ({ what: id, problem: 'says a score that its scorer did not sign for this workspace' }));
}
