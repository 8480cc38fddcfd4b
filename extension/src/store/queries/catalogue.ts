import { dataSummaries, twinSummaries } from '../../catalogue/summaries.ts';
import type { ReadStore } from './query.ts';

/** The data sets and twins of this folder, newest first, and the records of such that cannot be read. */
export function catalogue(store: ReadStore) {
  const { data, unreadable } = dataSummaries(store);
  const twins = twinSummaries(store);
  return { data, twins: twins.twins, unreadable: { data: unreadable, twins: twins.unreadable } };
}
