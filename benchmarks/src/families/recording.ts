import { BregmaError } from '@bregma/core/errors';
import { groupCopies } from '@bregma/core/identity/copies';
import { stimulusDigests } from '@bregma/core/identity/digests';
import { firstHalf } from '@bregma/core/identity/first-half';
import { writeNpy } from '@bregma/core/npy';
import { meanResponses, readImages, readRecording } from '@bregma/readers/recording';
import type { Benchmark, Made, Source } from '../benchmark.ts';

/** A benchmark on responses to images: one half is open, that on which `build_twin` fits with `part: "first-half"`; the other is sealed. */
export interface RecordingBenchmark
  extends Omit<Benchmark, 'make' | 'circuit' | 'task' | 'metric' | 'data' | 'predicts'> {
  /** `id@release` */
  data: string;
}

/** Makes it: median over neurons of Pearson's r over the sealed images, with mean responses. */
export function recording({ data, ...rest }: RecordingBenchmark): Benchmark {
  return {
    ...rest,
    data: [data],
    predicts: data,
    task: 'Predict the mean response of each neuron to each image.',
    metric: 'median-pearson',
    make: (source) => makeRecording(source, data),
  };
}

/** What an image is decides where it falls, and copies fall together: no image is on both sides. */
async function makeRecording({ release: find, objects }: Source, data: string): Promise<Made> {
  const release = find(data);
  const read = (digest: string) => objects.get(digest);
  const images = readImages(release, read);
  const measured = readRecording(release, ['neuron', 'stimulus'], read);
  if (measured.stimuli !== images.count)
    throw new BregmaError('corrupt', `${data} has ${images.count} images and responses to ${measured.stimuli}.`);
  const shape = [images.count, images.height, images.width, images.channels];
  const digests = stimulusDigests({ shape, data: images.data });
  const { members } = groupCopies(digests);
  const open = Array.from(firstHalf(members.map(([first]) => digests[first])), (unit) => members[unit])
    .flat()
    .sort((a, b) => a - b);
  return {
    units: { of: 'neurons', count: measured.neurons },
    items: { of: 'images', count: measured.stimuli },
    outcomes: meanResponses(measured),
    open,
    trials: measured.repeats > 1 ? { values: measured.trials, repeats: measured.repeats } : undefined,
    images: writeNpy({ data: images.data, shape }),
  };
}
