import { metricOf } from '@bregma/core/hypothesis/predictions';
import { testKinds } from '../test-kinds/index.gen.ts';
import type { TestKind } from '../test-kinds/test-kind.ts';

/** The test kind of a metric. Throws `unknown-name` with the nearest metric, and an error of its own when none measures it. */
export function testKindOf(metric: string): TestKind {
  const { name } = metricOf(metric);
  const kind = testKinds.find((one) => one.metric.name === name);
  if (!kind) throw new Error(`No file of test-kinds/ measures '${name}'.`);
  return kind;
}
