import { type CrateWritten, writeCrate } from '@bregma/core/provenance/crate/write';
import { inSteps, type ReadStore } from './query.ts';

/** Writes an RO-Crate of what `id` rests on to a folder or zip outside the store. */
export async function crate({ ledger, objects, task }: ReadStore, id: string, to: string): Promise<CrateWritten> {
  const written = await inSteps(task, writeCrate(ledger, objects, id, to));
  for (const digest of written.shown) objects.shown.add(digest);
  return written;
}
