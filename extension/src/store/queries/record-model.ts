import { indexOf } from '@bregma/core/ledger/ledger-index';
import type { RecordModel } from '@bregma/webviews/activity/model';
import { describeRecord, newestOf } from '../../provenance/describe-record.ts';
import { inSteps, type ReadStore } from './query.ts';

/** The record of this id, or the newest record about the thing of this name, as a page shows it; null: there is none. */
export async function recordModel({ ledger, objects, task }: ReadStore, id: string): Promise<RecordModel | null> {
  await inSteps(task, indexOf(ledger).steps());
  const record = ledger.byId(id) ?? newestOf(ledger, id) ?? null;
  return record && describeRecord(ledger, objects, record);
}
