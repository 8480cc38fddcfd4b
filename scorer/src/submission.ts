import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import { BregmaError } from '@bregma/core/errors';
import { arrayDigest } from '@bregma/core/identity/digests';
import { doublesOf, parseNpy } from '@bregma/core/npy';

/** Predictions that can be scored. */
export interface Submission {
  /** [unit × item] */
  values: Float64Array;
  digest: string;
}

/**
 * Reads predictions. They count as float32, so that no two that differ by less are two submissions. Throws `bad-input`, and nothing is
 * spent, for another shape, for what is no finite number, and where all are the same.
 */
export function readSubmission(npy: Uint8Array, { name, units, items }: BenchmarkCard): Submission {
  const { shape, data } = parseNpy(npy, 'predictions');
  if (shape.length !== 2 || shape[0] !== units.count || shape[1] !== items.count)
    throw new BregmaError(
      'bad-input',
      `Predictions are [${shape.join(' × ')}]; ${name} has ${units.count} ${units.of} × ${items.count} ${items.of}.`,
      { next: 'Rows are units, columns are items, in the order of the benchmark. Nothing was spent.' },
    );
  const single = Float32Array.from(doublesOf(data));
  const wrong = single.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new BregmaError(
      'bad-input',
      `The prediction of unit ${Math.floor(wrong / items.count)} for item ${wrong % items.count} is ${single[wrong]}: no number.`,
      { next: 'Predict a finite number for every unit and item. Nothing was spent.' },
    );
  if (single.every((value) => value === single[0]))
    throw new BregmaError('bad-input', `All predictions are ${single[0]}: they tell nothing apart.`, {
      next: 'Nothing was spent.',
    });
  return { values: Float64Array.from(single), digest: arrayDigest({ dtype: 'f4', shape, data: single }) };
}
