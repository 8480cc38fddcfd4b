import { inWords } from '../domain/in-words.ts';
import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** Which of two twins predicts better: r(first, measured) − r(second, measured), mean over neurons. */
export const compareTwins: TestKind = {
  metric: 'r_difference',
  unit: 'r',
  twins: 2,
  says: (prediction) =>
    inWords(`mean over neurons of r(${prediction.between[0]}) − r(${prediction.between[1]})`, prediction),
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1, -1]),
};
