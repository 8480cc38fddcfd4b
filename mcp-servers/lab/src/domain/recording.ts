import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { withoutOwnResponses } from '@bregma/readers/causal-responses';
import { readRecording } from '@bregma/readers/recording';

/**
 * Responses of one recording, C order [neuron × stimulus × repeat]; NaN: that presentation was not measured. A stimulus is an
 * image, or a neuron that was stimulated.
 */
export interface Recording {
  release: DatasetRelease;
  neurons: number;
  stimuli: number;
  slots: number;
  responses: Float64Array;
  /** What one trial of the replay is. */
  trial: string;
}

/** Axes of the responses of each shape that can be replayed, and what one trial is. */
const replayable: Partial<Record<DatasetRelease['shape'], { axes: [string, string]; trial: string }>> = {
  'stimulus-response': { axes: ['neuron', 'stimulus'], trial: 'real presentations' },
  'causal-responses': {
    axes: ['responding', 'stimulated'],
    trial: 'real stimulations of one neuron each, averaged over repetitions when they were recorded,',
  },
};

/**
 * Opens the responses of a data set of images and responses, or of responses to the stimulation of single neurons. Of the latter
 * each stimulated neuron was measured once, as one average, and what it does itself is left out. Throws `bad-input` for another
 * shape.
 */
export function openRecording(reference: string, workspace: Pick<Workspace, 'ledger' | 'objects'>): Recording {
  const release = findDataset(workspace.ledger, reference);
  const form = replayable[release.shape];
  if (!form || !release.arrays.some(({ name }) => name === 'responses'))
    throw new BregmaError(
      'bad-input',
      `${datasetRef(release)} is of shape ${release.shape}; a recording that can be replayed is of shape ${Object.keys(replayable).join(' or ')}.`,
      { next: 'Call find_records or describe_data for one with stimuli and responses.' },
    );
  const { neurons, stimuli, repeats, trials } = readRecording(release, form.axes, (digest) =>
    workspace.objects.get(digest),
  );
  const responses = release.shape === 'causal-responses' ? withoutOwnResponses(trials, neurons, repeats) : trials;
  const trial = release.shape === 'stimulus-response' && repeats === 1 ? trialOfOne(release) : form.trial;
  return { release, neurons, stimuli, slots: repeats, responses, trial };
}

/** What one response of each stimulus is, as far as the data say: a mean over repeats is no presentation. */
function trialOfOne({ card, arrays }: DatasetRelease): string {
  const said = [card.description, arrays.find(({ name }) => name === 'responses')?.description].join(' ');
  return /\b(mean|average|averaged)\b[^.]*\b(repeats?|repetitions?|presentations?|trials?)\b/i.test(said)
    ? 'means over the real presentations of a stimulus'
    : 'recorded responses, one of each stimulus (single presentations or means of several: the data do not say),';
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
