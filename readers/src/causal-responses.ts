import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { doublesOf } from '@bregma/core/npy';
import { notMeasured } from './measured.ts';
import { readRows } from './parquet.ts';
import { type ReadObject, readArray, tableOf } from './release.ts';

/** Measured responses of every recorded neuron to the stimulation of every other. */
export interface CausalResponses {
  names: string[];
  /** [responding × stimulated]; NaN: not measured. */
  responses: Float64Array;
  /** Which names are sure, where the data set says so. */
  confident?: boolean[];
  /** Correlation of activity [neuron × neuron], where the data set has it. */
  activityCorrelation?: Float64Array;
}

/** Opens a release of shape causal-responses: a square matrix over the neurons of its table `neurons`. Throws `corrupt` when they do not fit. */
export async function readCausalResponses(release: DatasetRelease, read: ReadObject): Promise<CausalResponses> {
  const { shape, data } = readArray(release, 'responses', read);
  const rows = await readRows(read(tableOf(release, 'neurons').object));
  const names = rows.map((row) => String(row.name ?? row.id));
  if (shape.length !== 2 || shape[0] !== names.length || shape[1] !== names.length)
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: responses [${shape}] do not fit ${names.length} neurons.`,
    );
  const activity = release.arrays.some(({ name }) => name === 'activity_correlation')
    ? readArray(release, 'activity_correlation', read)
    : undefined;
  return {
    names,
    responses: doublesOf(data),
    confident: rows.every(({ confident }) => typeof confident === 'boolean')
      ? rows.map(({ confident }) => confident === true)
      : undefined,
    activityCorrelation: activity?.shape.join() === shape.join() ? doublesOf(activity.data) : undefined,
  };
}

/** The responses without those of the stimulated neuron itself. responses: C order [responding × stimulated (× repeat)] over n neurons. */
export function withoutOwnResponses(responses: Float64Array, n: number, repeats = 1): Float64Array {
  const others = responses.slice();
  for (let i = 0; i < n; i++) others.fill(notMeasured, (i * n + i) * repeats, (i * n + i + 1) * repeats);
  return others;
}
