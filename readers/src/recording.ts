import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { doublesOf } from '@bregma/core/npy';
import { meanOverRepeats } from './measured.ts';
import { arrayOf, type ReadObject, readArray } from './release.ts';

/** Responses of neurons to stimuli. */
export interface Recording {
  neurons: number;
  stimuli: number;
  /** Most presentations of one stimulus. */
  repeats: number;
  /** C order [neuron × stimulus × repeat]; NaN: that presentation was not measured. */
  trials: Float64Array;
  unit?: string;
}

/** Images that were shown. */
export interface ImageStack {
  /** [image × y × x × channel], 0–255. */
  data: Uint8Array;
  count: number;
  height: number;
  width: number;
  channels: number;
}

/**
 * Opens the array `responses` of a release, [first axis × second axis (× repeat)]. axes: what the first two must be.
 * Throws `unknown-name` when there is none, `corrupt` when its axes are others.
 */
export function readRecording(release: DatasetRelease, axes: [string, string], read: ReadObject): Recording {
  const array = arrayOf(release, 'responses');
  const { shape, data } = readArray(release, 'responses', read);
  if (shape.length < 2 || shape.length > 3 || axes.some((axis, i) => array.axes[i] !== axis))
    throw new BregmaError(
      'corrupt',
      `Array responses of ${datasetRef(release)} is [${array.axes.join(' × ')}], not [${axes.join(' × ')} × repeat].`,
    );
  const [neurons, stimuli, repeats = 1] = shape;
  return { neurons, stimuli, repeats, trials: doublesOf(data), unit: array.unit };
}

/** Mean response over the presentations that were measured, C order [neuron × stimulus]; NaN: none was. */
export function meanResponses({ trials, repeats }: Recording): Float64Array {
  return repeats === 1 ? trials : meanOverRepeats(trials, repeats);
}

/** Opens the array `stimuli` of a release. Throws `unknown-name`, or `corrupt` when it is no stack of images. */
export function readImages(release: DatasetRelease, read: ReadObject): ImageStack {
  const { dtype, shape, data } = readArray(release, 'stimuli', read);
  const [count, height, width, channels = 1] = shape;
  if (dtype !== 'u1' || shape.length < 3 || shape.length > 4)
    throw new BregmaError(
      'corrupt',
      `The stimuli of ${datasetRef(release)} are ${dtype} [${shape}], not images of bytes.`,
    );
  // SAFETY: u1, as was just looked at.
  return { data: data as Uint8Array, count, height, width, channels };
}
