// Made by `npm run gen` from the kinds of test of the lab server. Do not edit.
import type { Metric } from './metric-form.ts';

/** All metrics that a prediction about twins can be about. */
export const metrics = [
  {
    name: 'r_difference',
    title: 'Which of two twins predicts better',
    unit: 'r',
    twins: 2,
    range: [-2, 2],
    of: ([first = '…', second = '…']) => `mean over neurons of r(${first}) − r(${second})`,
  },
  {
    name: 'r',
    title: 'How well one twin predicts',
    unit: 'r',
    twins: 1,
    range: [-1, 1],
    of: ([twin = '…']) => `mean over neurons of r(${twin})`,
  },
] as const satisfies Metric[];
