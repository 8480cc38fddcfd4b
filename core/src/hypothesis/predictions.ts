import type { Prediction } from '../contracts/hypothesis.ts';
import { findMetric, type Metric, metricNames } from '../contracts/metric.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** The metric of this name. Throws `unknown-name` with the nearest. */
export function metricOf(name: string): Metric {
  const found = findMetric(name);
  if (found) return found;
  throw unknownName('metric', name, nearest(name, metricNames), `There are: ${metricNames.join(', ')}.`);
}

/** Throws `bad-input` unless the prediction's metric can test it. */
export function acceptPrediction(prediction: Prediction): void {
  const { name, twins, range } = metricOf(prediction.metric);
  if (prediction.between.length !== twins || new Set(prediction.between).size !== twins)
    throw new BregmaError(
      'bad-input',
      `Prediction ${prediction.id}: ${name} is about ${twins} different twin(s), not ${prediction.between.length}.`,
      {
        next:
          twins === 2
            ? 'Name two twins in between: the metric is r of the first minus r of the second.'
            : 'Name one twin in between.',
      },
    );
  if (!(prediction.size > range[0] && prediction.size < range[1]))
    throw new BregmaError(
      'bad-input',
      `Prediction ${prediction.id}: ${name} lies between ${range[0]} and ${range[1]}; a size of ${prediction.size} makes a prediction that cannot fail, or cannot hold.`,
      { next: `Name a size within ${range[0]} and ${range[1]}, both excluded.` },
    );
}
