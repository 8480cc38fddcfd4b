import { readFileSync } from 'node:fs';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';

/** Pixels of a side; their steps, of which white is 255. */
const [side, pixelStep] = [31, 1e-6];

const files: RegistryFile[] = [
  {
    path: 'mouse-v1-antolik2016/region1/validation_inputs.npy',
    bytes: 384480,
    sha256: 'a5269c567a431ed969301b75ffd39ba0c92432f583982e5742860cae92d392c9',
    origin:
      'https://raw.githubusercontent.com/kovacspe/diplomka/8d9edca5ae7af9bc903086581d3d79e75d7c07b4/data/region1/validation_inputs.npy',
  },
  {
    path: 'mouse-v1-antolik2016/region1/raw_validation_set.npy',
    bytes: 412080,
    sha256: '3ff518cee9d7dcde19525d11a294af09158a6b114f970dd01d43be278e7801dc',
    origin:
      'https://raw.githubusercontent.com/kovacspe/diplomka/8d9edca5ae7af9bc903086581d3d79e75d7c07b4/data/region1/raw_validation_set.npy',
  },
  {
    path: 'mouse-v1-antolik2016/region3/validation_inputs.npy',
    bytes: 384480,
    sha256: 'cd9bb58b89a9b64c8ea4ea12f6d97481e7cd8f7bd86258395b718c0ca55e4c1e',
    origin:
      'https://raw.githubusercontent.com/kovacspe/diplomka/8d9edca5ae7af9bc903086581d3d79e75d7c07b4/data/region3/validation_inputs.npy',
  },
  {
    path: 'mouse-v1-antolik2016/region3/raw_validation_set.npy',
    bytes: 489680,
    sha256: 'be77780380f757a12fe16d84146b2e05ab269ab974559baa0cad13d8d26b351d',
    origin:
      'https://raw.githubusercontent.com/kovacspe/diplomka/8d9edca5ae7af9bc903086581d3d79e75d7c07b4/data/region3/raw_validation_set.npy',
  },
];

function adapterOf(region: number, neurons: number, repeats: number): DatasetAdapter {
  return {
    id: `mouse-v1-antolik2016-region${region}`,
    release: '2016',
    shape: 'stimulus-response',
    card: {
      title: `Mouse V1: repeated natural images, region ${region} (Antolík 2016)`,
      description: `Mouse: responses of ${neurons} neurons of primary visual cortex to 50 natural images, ${repeats} times each: the part that the authors held out for validation.`,
      species: 'Mus musculus',
      modality: 'two-photon calcium imaging',
      kind: 'measured',
      doi: '10.1371/journal.pcbi.1004927',
      cite: ['Antolík, Hofer, Bednar & Mrsic-Flogel 2016, PLoS Comput Biol 12:e1004927'],
      licence: 'unclear: supplement of a CC BY 4.0 paper; the carrying repository names none',
      exposure: 'public',
      notes: [
        'The images on which the published models were fitted are not among the files: published correlations cannot be refitted.',
        'Images have 31 × 31 pixels; whether their rows are the rows of the screen is not stated.',
      ],
    },
    keywords: ['primary visual cortex', 'V1', 'natural images', 'noise ceiling', 'neural responses'],
    terms:
      'The licence of these data is not confirmed: use them for research, cite the paper, and ask the authors before redistributing.',
    files: files.filter(({ path }) => path.includes(`/region${region}/`)),
    async ingest(file, kit) {
      const images = parseNpy(readFileSync(file('validation_inputs.npy')), 'validation_inputs.npy');
      const raw = parseNpy(readFileSync(file('raw_validation_set.npy')), 'raw_validation_set.npy');
      const [count] = images.shape;
      if (raw.shape.join() !== [repeats, count, neurons].join() || images.shape[1] !== side * side)
        throw new Error(`Region ${region} has the shapes [${raw.shape}] and [${images.shape}].`);
      const grey = doublesOf(images.data);
      const stimuli = new Uint8Array(count * side * side * 3);
      for (let at = 0; at < stimuli.length; at++) stimuli[at] = Math.round(grey[Math.floor(at / 3)] / pixelStep);
      const trials = doublesOf(raw.data);
      const responses = new Float64Array(trials.length);
      for (let repeat = 0, at = 0; repeat < repeats; repeat++)
        for (let image = 0; image < count; image++)
          for (let neuron = 0; neuron < neurons; neuron++)
            responses[(neuron * count + image) * repeats + repeat] = trials[at++];
      const put = (data: Uint8Array | Float64Array, shape: number[]) =>
        kit.objects.put(writeNpy({ data, shape }), 'application/x-npy').object;
      const shapes = { stimuli: [count, side, side, 3], responses: [neurons, count, repeats] };
      return {
        tables: [],
        arrays: [
          {
            name: 'stimuli',
            description: 'Images in the order of the columns of responses',
            object: put(stimuli, shapes.stimuli),
            dtype: 'u1',
            shape: shapes.stimuli,
            axes: ['stimulus', 'y', 'x', 'channel'],
            unit: '0–255, RGB',
          },
          {
            name: 'responses',
            description: 'Response to each presentation, as published',
            object: put(responses, shapes.responses),
            dtype: 'f8',
            shape: shapes.responses,
            axes: ['neuron', 'stimulus', 'repeat'],
          },
        ],
      };
    },
  };
}

/** Two of the three regions; those of the second one are not registered. */
export const mouseV1Antolik: DatasetAdapter[] = [adapterOf(1, 103, 10), adapterOf(3, 102, 12)];
