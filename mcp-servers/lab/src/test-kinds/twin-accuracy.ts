import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** How well one twin predicts: r(twin, measured), mean over neurons. */
export const twinAccuracy: TestKind = {
  metric: 'r',
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1]),
};
