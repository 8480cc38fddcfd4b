import { inWords } from '../domain/in-words.ts';
import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** How well one twin predicts: r(twin, measured), mean over neurons. */
export const twinAccuracy: TestKind = {
  metric: 'r',
  unit: 'r',
  twins: 1,
  says: (prediction) => inWords(`mean over neurons of r(${prediction.between[0]})`, prediction),
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1]),
};
