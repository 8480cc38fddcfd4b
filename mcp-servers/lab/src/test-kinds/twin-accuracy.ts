import { measureContrast } from '../domain/measure-contrast.ts';
import type { TestKind } from './test-kind.ts';

/** How well one twin predicts: r(twin, measured), mean over neurons. */
export const twinAccuracy: TestKind = {
  metric: {
    name: 'r',
    title: 'How well one twin predicts',
    unit: 'r',
    twins: 1,
    range: [-1, 1],
    of: ([twin = '…']) => `mean over neurons of r(${twin})`,
  },
  measure: (evidence, prediction) => measureContrast(evidence, prediction, [1]),
};
