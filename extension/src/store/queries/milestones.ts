import type { ReadStore } from './query.ts';

/** What has happened in this folder so far, for the walkthrough: is there a data set, a verdict? */
export const milestones = ({ ledger }: ReadStore) => ({
  data: ledger.list('dataset').length > 0,
  verdict: ledger.list('test').length > 0,
});
