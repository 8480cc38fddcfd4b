import type { Prediction } from './hypothesis.ts';
import { questionInWords } from './question.ts';

/** A statistic that a prediction can be about. The lab server measures it; everybody reads it in the same words. */
export interface Metric {
  name: string;
  /** What it answers, for a person who chooses one. */
  title: string;
  unit: string;
  /** How many twins a prediction's `between` names. */
  twins: 1 | 2;
  /** Range of its values. */
  range: [low: number, high: number];
  /** What is measured, in words. */
  of(between: string[]): string;
}

/** All metrics, each measured by a test kind of the lab server. */
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
