import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { compareTwins } from './compare-twins.ts';
import type { TestKind } from './test-kind.ts';
import { twinAccuracy } from './twin-accuracy.ts';

/** All test kinds. A new one is a file in this folder and an entry here. */
export const testKinds = [compareTwins, twinAccuracy] as const satisfies TestKind[];

export const metrics = testKinds.map(({ metric }) => metric);

/** The test kind of a metric. Throws `unknown-name` with the nearest. */
export function testKindOf(metric: string): TestKind {
  const found = testKinds.find((kind) => kind.metric === metric);
  if (found) return found;
  throw unknownName('metric', metric, nearest(metric, metrics), `There are: ${metrics.join(', ')}.`);
}

/** Throws `bad-input` unless the prediction's metric can test it. */
export function acceptPrediction(prediction: Prediction): void {
  const { metric, twins } = testKindOf(prediction.metric);
  if (prediction.between.length !== twins || new Set(prediction.between).size !== twins)
    throw new BregmaError(
      'bad-input',
      `Prediction ${prediction.id}: ${metric} is about ${twins} different twin(s), not ${prediction.between.length}.`,
      {
        next:
          twins === 2
            ? 'Name two twins in between: the metric is r of the first minus r of the second.'
            : 'Name one twin in between.',
      },
    );
}
