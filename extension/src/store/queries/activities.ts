import { type ActivityFilter, type ActivityPage, activityPage } from '@bregma/core/ledger/activity-page';
import { inSteps, type ReadStore } from './query.ts';

/** Activities, newest first: those older than record number `before`, at most `limit`. */
export const activities = (
  { ledger, task }: ReadStore,
  filter: ActivityFilter,
  limit: number,
  before?: number,
): Promise<ActivityPage> => inSteps(task, activityPage(ledger, filter, { limit, before }));
