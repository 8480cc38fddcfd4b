import { type Verification, verifyRecordSteps, verifySteps } from '@bregma/core/ledger/verify';
import { inSteps, type ReadStore } from './query.ts';

/** Checks all records and objects, or one record with its objects. */
export const verify = ({ bregma, task }: ReadStore, id?: string): Promise<Verification> =>
  inSteps(task, id === undefined ? verifySteps(bregma) : verifyRecordSteps(bregma, id));
