import { readFileSync } from 'node:fs';
import { parseNpy } from '@bregma/core/npy';
import { stimulusResponse } from '../formats/stimulus-response.ts';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';

interface Session {
  name: string;
  animal: string;
  neurons: number;
  images: number;
  repeats: number;
  what: string;
  /** Images that are there twice, in words. */
  copies?: string;
}

/**
 * Checked against the files when they are read: sessions 190925 and 190927 hold 1,200 images each. Images 901 to 1200 of 190925 are
 * images 1 to 300 again, byte for byte, with other measurements: 900 different ones, as summaries say.
 */
const sessions: Session[] = [
  { name: '190923', animal: 'WE', neurons: 33, images: 1200, repeats: 14, what: '1,200 natural images' },
  {
    name: '190925',
    animal: 'WE',
    neurons: 36,
    images: 1200,
    repeats: 14,
    what: '1,200 images, natural ones and ones chosen by active learning',
    copies:
      'Images 901 to 1200 are images 1 to 300 again, byte for byte, with other measurements: 900 are different. Twins take the copies for further presentations of one image.',
  },
  {
    name: '190927',
    animal: 'WE',
    neurons: 31,
    images: 1200,
    repeats: 11,
    what: '1,200 images, natural ones and ones chosen by active learning',
  },
  { name: '201025', animal: 'PE', neurons: 89, images: 1200, repeats: 12, what: '1,200 natural images' },
  { name: '210224', animal: 'PE', neurons: 67, images: 800, repeats: 9, what: '800 natural images' },
  {
    name: '210325',
    animal: 'PE',
    neurons: 50,
    images: 640,
    repeats: 10,
    what: 'the 640 grey images of Bashivan et al. 2019',
  },
];

const files: RegistryFile[] = [
  {
    path: 'macaque-v4-cowley2023/images_190923.zip',
    bytes: 4024034,
    sha256: 'e99a4df1c7476bdc4d565ff4408bc421976ecc3a22c41af6bfd0cfbddb508c0c',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_190923.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_190923.npy',
    bytes: 316928,
    sha256: '741672d36541ce39930c8a3b5bd1cfd33c187aa47b1549c9c5569bc21aa97a28',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_190923.npy',
  },
  {
    path: 'macaque-v4-cowley2023/images_190925.zip',
    bytes: 3967665,
    sha256: '765b4d4372302d4ed72c3382d41ece5ca55d7dcc3d84da7402091253529b87d1',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_190925.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_190925.npy',
    bytes: 345728,
    sha256: '2f94d7bcef0f68fecdb7472f509737fafac92477cf6b11a4966162b1b1072529',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_190925.npy',
  },
  {
    path: 'macaque-v4-cowley2023/images_190927.zip',
    bytes: 4080631,
    sha256: 'd2469cc2caa629d4ed38e8d4964fb1de8c0b29e9937c25ce1c5838bc4e382653',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_190927.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_190927.npy',
    bytes: 297728,
    sha256: '4c3c75ec72bc4bd3f0e22987a7b2e7e962af249d6577e8a6d727ea9075bde034',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_190927.npy',
  },
  {
    path: 'macaque-v4-cowley2023/images_201025.zip',
    bytes: 4131376,
    sha256: '3abb63679107665eab7220bdeaf7863832a1df943bf3d7792501f5082a55b2e8',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_201025.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_201025.npy',
    bytes: 854528,
    sha256: 'f729f3dc0d29aa38bd380c0da9e39aba916f9e2580949929b65d1714e7217a8a',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_201025.npy',
  },
  {
    path: 'macaque-v4-cowley2023/images_210224.zip',
    bytes: 2782116,
    sha256: 'e2690810bee34c2e2821e5dd504c7970f3441579bc57659f27d2c11678b52c6b',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_210224.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_210224.npy',
    bytes: 428928,
    sha256: '4dbb7367707a5ca47ab4cea863bbf4e9765b8409cb30216693721bddfad7abfe',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_210224.npy',
  },
  {
    path: 'macaque-v4-cowley2023/images_210325.zip',
    bytes: 1841475,
    sha256: '992774eca3508a2ad01accb1a31f5f3e3d90248c49f4eec314f2a915a263e454',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/images/images_210325.zip',
  },
  {
    path: 'macaque-v4-cowley2023/avg/responses_210325.npy',
    bytes: 256128,
    sha256: '555e67037182611969ab90da291dcc39601de4411f651a64ad60e90572cf59d3',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_repeat_averaged/responses_210325.npy',
  },
  {
    path: 'macaque-v4-cowley2023/raw/responses_210325.npy',
    bytes: 2560128,
    sha256: '4008dbbf31a47d9b1b8d8da609f4a7a3433c7071f0e45c611c220b217dd75b76',
    origin:
      'https://raw.githubusercontent.com/cowleygroup/V4_compact_models/f4552ad9d34a466ebc66658f72a08a8e5038f1cf/data_V4_responses/responses_raw/responses_210325.npy',
  },
];

function adapterOf({ name, animal, neurons, images, repeats, what, copies }: Session): DatasetAdapter {
  const raw = files.find(({ path }) => path.endsWith(`raw/responses_${name}.npy`));
  const responses = raw ? [raw] : files.filter(({ path }) => path.endsWith(`avg/responses_${name}.npy`));
  const kept = raw ? `single trials, up to ${repeats} repeats` : `mean over up to ${repeats} repeats`;
  return {
    id: `macaque-v4-${name}`,
    release: '2023-11.2', // the first one had pixels of a decoder that did not interpolate colours
    shape: 'stimulus-response',
    card: {
      title: `Macaque V4, session ${name}`,
      description: `Spike counts in 100 ms of ${neurons} V4 neurons of macaque monkey ${animal} to ${what}; ${kept}.`,
      species: 'Macaca mulatta',
      subject: animal,
      modality: 'extracellular electrophysiology (Utah array)',
      kind: 'measured',
      doi: '10.1101/2023.11.22.568315',
      cite: ['Cowley, Stan, Pillow & Smith 2023, bioRxiv: Compact deep neural network models of visual cortex'],
      licence: 'GPL-3.0',
      licenceUrl: 'https://github.com/cowleygroup/V4_compact_models',
      exposure: 'public',
      notes: copies ? [copies] : undefined,
    },
    keywords: ['visual cortex', 'natural images', 'neural responses'],
    files: [...files.filter(({ path }) => path.endsWith(`images_${name}.zip`)), ...responses],
    async ingest(file, kit) {
      const responsesFile = file(`responses_${name}.npy`);
      const { shape } = parseNpy(readFileSync(responsesFile));
      if (shape[0] !== neurons || shape[1] !== images)
        throw new Error(`Session ${name} has the shape [${shape}], not ${neurons} neurons × ${images} images.`);
      return stimulusResponse.read(
        '',
        { stimuli: file(`images_${name}.zip`), responses: responsesFile, unit: 'spikes / 100 ms' },
        kit,
      );
    },
  };
}

/** Six sessions; the raw repeats of one are public. */
export const macaqueV4: DatasetAdapter[] = sessions.map(adapterOf);
