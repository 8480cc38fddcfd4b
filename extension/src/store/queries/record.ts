import type { StoredRecord } from '@bregma/core/ledger/records';
import type { ReadStore } from './query.ts';

/** The record with this id (`act-…`, `tst-…`), or null. */
export const record = ({ ledger }: ReadStore, id: string): StoredRecord | null => ledger.byId(id) ?? null;
