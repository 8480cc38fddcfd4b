import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** Which of two twins predicts better: r(first, measured) − r(second, measured), mean over neurons. */
export const compareTwins: TestKind = {
  metric: 'r_difference',
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1, -1]),
};
