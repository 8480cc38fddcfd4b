import { dataSummaries, twinSummaries } from '../../catalogue/summaries.ts';
import type { ReadStore } from './query.ts';

/** The data sets and twins of this folder, newest first. */
export const catalogue = (store: ReadStore) => ({ data: dataSummaries(store), twins: twinSummaries(store) });
