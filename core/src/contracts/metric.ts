import type { Prediction } from './hypothesis.ts';

export type { Metric } from './metric-form.ts';
export { metrics } from './metrics.gen.ts';

import type { Metric } from './metric-form.ts';
import { metrics } from './metrics.gen.ts';
import { questionInWords } from './question.ts';

/** Names of all metrics. Each is described, and measured, by a kind of test of the lab server. */
export const metricNames = metrics.map(({ name }) => name);

/** The metric of this name, or undefined. */
export function findMetric(name: string): Metric | undefined {
  return metrics.find((metric) => metric.name === name);
}

/** "mean over neurons of r(twin-1) − r(twin-2) is greater than 0.05". called: how a twin is called, default its id. */
export function predictionInWords(
  {
    metric,
    direction,
    size,
    between,
    measured,
  }: Pick<Prediction, 'metric' | 'direction' | 'size' | 'between' | 'measured'>,
  called: (twin: string) => string = (twin) => twin,
): string {
  const says = {
    greater: `is greater than ${size}`,
    less: `is less than ${size}`,
    equivalent: `is between ${-size} and ${size}`,
  };
  if (measured?.sql !== undefined)
    return `${questionInWords({ ...measured, metric })} is ${direction} than exchange gives`;
  if (measured) return `${questionInWords({ ...measured, metric })} ${says[direction]}`;
  return `${findMetric(metric)?.of(between.map(called)) ?? metric} ${says[direction]}`;
}
