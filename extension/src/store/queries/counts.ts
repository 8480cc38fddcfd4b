import { activityCounts } from '@bregma/core/ledger/activity-page';
import { inSteps, type ReadStore } from './query.ts';

/** How many activities there are by day, tool, status and value kind. */
export const counts = ({ ledger, task }: ReadStore) => inSteps(task, activityCounts(ledger));
