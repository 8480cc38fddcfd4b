import { type CrateWritten, writeCrate } from '@bregma/core/provenance/crate/write';
import { inSteps, type ReadStore } from './query.ts';

/** Writes an RO-Crate of what `id` rests on to a folder or zip outside the store. */
export const crate = ({ ledger, objects, task }: ReadStore, id: string, to: string): Promise<CrateWritten> =>
  inSteps(task, writeCrate(ledger, objects, id, to));
