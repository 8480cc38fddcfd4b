import { Ledger } from '@bregma/core/ledger/ledger';
import { type StoredRecord, toRecord } from '@bregma/core/ledger/records';
import { inFolder } from './notebooks.ts';

/** Every record of the folder's ledger, oldest first. */
export function records(): StoredRecord[] {
  const ledger = new Ledger(inFolder('.bregma'), { readOnly: true });
  try {
    return [...ledger.rows(0)].map((row) => toRecord(row));
  } finally {
    ledger.close();
  }
}

/** Ids of the activities of a tool, oldest first. */
export const activitiesOf = (tool: string): string[] =>
  records()
    .filter(({ kind, subject }) => kind === 'activity' && subject === tool)
    .map(({ id }) => id);
