import type { RecordKind } from '@bregma/core/contracts/answer';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import type { ReadStore } from './query.ts';

/** Records of a kind, oldest first; of one subject when given. */
export const records = ({ ledger }: ReadStore, kind: RecordKind, subject?: string): LedgerRecord[] =>
  ledger.list(kind, subject);
