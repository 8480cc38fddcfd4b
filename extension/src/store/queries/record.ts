import type { LedgerRecord } from '@bregma/core/ledger/ledger';
import type { ReadStore } from './query.ts';

/** The record with this id (`act-…`, `tst-…`), or null. */
export const record = ({ ledger }: ReadStore, id: string): LedgerRecord | null => ledger.byId(id) ?? null;
