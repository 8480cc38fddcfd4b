import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** Which of two twins predicts better: r(first, measured) − r(second, measured), mean over neurons. */
export const compareTwins: TestKind = {
  metric: {
    name: 'r_difference',
    title: 'Which of two twins predicts better',
    unit: 'r',
    twins: 2,
    range: [-2, 2],
    of: ([first = '…', second = '…']) => `mean over neurons of r(${first}) − r(${second})`,
  },
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1, -1]),
};
