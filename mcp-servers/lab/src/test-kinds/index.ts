import type { metricNames } from '@bregma/core/contracts/metric';
import { metricOf } from '@bregma/core/hypothesis/predictions';
import { compareTwins } from './compare-twins.ts';
import type { TestKind } from './test-kind.ts';
import { twinAccuracy } from './twin-accuracy.ts';

type MetricName = (typeof metricNames)[number];

/** All test kinds. A new one is a metric of `core/contracts/metric.ts`, a file in this folder and an entry here. */
const testKinds: Record<MetricName, TestKind> = { r_difference: compareTwins, r: twinAccuracy };

/** The test kind of a metric. Throws `unknown-name` with the nearest. */
export function testKindOf(metric: string): TestKind {
  // SAFETY: metricOf knows no other names.
  return testKinds[metricOf(metric).name as MetricName];
}
