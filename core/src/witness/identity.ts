import type { WitnessRecord } from '../contracts/receipt.ts';
import { BregmaError } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';

/** A workspace as a witness knows it: the hash of its ledger's first record. A copy, and what was put back, is the same one. Throws `missing` in an empty ledger. */
export function workspaceIdentity(ledger: Pick<LedgerReader, 'rowBySeq'>): string {
  const first = ledger.rowBySeq(1)?.hash;
  if (first) return first;
  throw new BregmaError('missing', 'This workspace has no record yet, by which a witness could know it.', {
    next: 'Add data or record a hypothesis first.',
  });
}

/** What a workspace knows of its witness, or undefined when it has none. The first one stays. */
export function joinedWitness(
  ledger: Pick<LedgerReader, 'list'>,
): (Extract<WitnessRecord, { phase: 'joined' }> & { seq: number }) | undefined {
  for (const { seq, body } of ledger.list('witness')) if (body.phase === 'joined') return { ...body, seq };
  return undefined;
}
