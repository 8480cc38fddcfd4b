import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy } from '@bregma/core/npy';
import { datasetRef, findDataset } from '@bregma/core/store/catalogue';
import type { Workspace } from '@bregma/core/store/workspace';

/** Responses of one recording, C order [neuron × stimulus × repeat]; NaN: that presentation was not measured. */
export interface Recording {
  release: DatasetRelease;
  neurons: number;
  stimuli: number;
  slots: number;
  responses: Float64Array;
}

/** Opens the responses of a stimulus-response data set. Throws `bad-input` when the data set has another shape. */
export function openRecording(reference: string, workspace: Pick<Workspace, 'ledger' | 'objects'>): Recording {
  const release = findDataset(workspace.ledger, reference);
  const array = release.arrays.find(({ name }) => name === 'responses');
  if (release.shape !== 'stimulus-response' || !array)
    throw new BregmaError(
      'bad-input',
      `${datasetRef(release)} is of shape ${release.shape}; a recording that can be replayed is of shape stimulus-response.`,
      { next: 'Call find_records or describe_data for one with stimuli and responses.' },
    );
  const { shape, data } = parseNpy(workspace.objects.get(array.object));
  if (shape.length < 2 || shape.length > 3 || array.axes[0] !== 'neuron' || array.axes[1] !== 'stimulus')
    throw new BregmaError(
      'corrupt',
      `Array responses of ${datasetRef(release)} is [${array.axes.join(' × ')}], not [neuron × stimulus × repeat].`,
    );
  const [neurons, stimuli, slots = 1] = shape;
  return { release, neurons, stimuli, slots, responses: Float64Array.from(data as ArrayLike<number>) };
}

/** Response of every neuron in one slot of one stimulus. */
export function responsesAt(recording: Recording, stimulus: number, slot: number): Float64Array {
  const { neurons, stimuli, slots, responses } = recording;
  const row = new Float64Array(neurons);
  for (let neuron = 0; neuron < neurons; neuron++)
    row[neuron] = responses[(neuron * stimuli + stimulus) * slots + slot];
  return row;
}

/** Slots of a stimulus in which at least one neuron was measured, ascending. */
export function measuredSlots(recording: Recording, stimulus: number): number[] {
  return Array.from({ length: recording.slots }, (_, slot) => slot).filter((slot) =>
    responsesAt(recording, stimulus, slot).some(Number.isFinite),
  );
}
