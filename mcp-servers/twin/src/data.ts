import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { type CausalResponses, readCausalResponses } from '@bregma/readers/causal-responses';
import { type ImageStack, meanResponses, readImages, readRecording } from '@bregma/readers/recording';
import { wantShape } from '@bregma/readers/release';

export { type ConnectomeData, loadConnectome } from './load-connectome.ts';

/** A recording of neurons that were shown images. */
export interface EncodingData {
  release: DatasetRelease;
  reference: string;
  images: ImageStack;
  neurons: number;
  /** Mean over the measured repeats, [neuron × stimulus]; NaN: not measured. */
  responses: Float64Array;
  /** [neuron × stimulus × repeat]; NaN: that repeat was not measured. */
  trials: Float64Array;
  repeats: number;
  unitNames: string[];
}

/** Opens a stimulus-response release. Throws `bad-input` when it has another shape or its parts do not fit. */
export function loadEncoding(reference: string, { ledger, objects }: Workspace): EncodingData {
  const release = findDataset(ledger, reference);
  wantShape(release, 'stimulus-response', 'an encoding twin');
  const read = (digest: string) => objects.get(digest);
  const images = readImages(release, read);
  const recording = readRecording(release, ['neuron', 'stimulus'], read);
  if (images.channels !== 3 || recording.stimuli !== images.count)
    throw new BregmaError(
      'corrupt',
      `${datasetRef(release)}: ${images.count} stimuli of ${images.channels} channels do not fit responses to ${recording.stimuli}.`,
    );
  return {
    release,
    reference: datasetRef(release),
    images,
    neurons: recording.neurons,
    trials: recording.trials,
    repeats: recording.repeats,
    responses: meanResponses(recording),
    unitNames: Array.from({ length: recording.neurons }, (_, i) => `neuron ${i + 1}`),
  };
}

/** Measured responses of every recorded neuron to the stimulation of every other, and where they are from. */
export interface CausalData extends CausalResponses {
  release: DatasetRelease;
  reference: string;
}

/** Opens a causal-responses release: a square matrix over the neurons of its table `neurons`. */
export async function loadCausal(reference: string, { ledger, objects }: Workspace): Promise<CausalData> {
  const release = findDataset(ledger, reference);
  wantShape(release, 'causal-responses', 'validation against causal measurements');
  const found = await readCausalResponses(release, (digest) => objects.get(digest));
  return { release, reference: datasetRef(release), ...found };
}
