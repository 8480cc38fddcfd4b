import { readFileSync } from 'node:fs';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import { stimulusResponse } from '../formats/stimulus-response.ts';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';

const folder = 'macaque-v1-tang-patterns';
const origin =
  'https://raw.githubusercontent.com/leelabcnbc/Fixed_Kernel_CNN/345129ecbd94ae49d3985f79f83999b33f6398c4/data/neurons';

const neurons: { name: string; file: RegistryFile }[] = [
  ['neu75', 'cda4d341bcd2a3f3e423912807fec98f68becc5af438bb9f3021193b2abb30ca'],
  ['neu255', 'da6191a8179b6e97e08cb7a94d4d311c57e491bfb12c92ce8c5973c8810bc2bf'],
  ['neu381', '05836ccc35af679356da438c13eb3d1ee25d1a2d8f69405dd6d1b1bec024e19a'],
].map(([name, sha256]) => ({
  name,
  file: { path: `${folder}/${name}.npy`, bytes: 76128, sha256, origin: `${origin}/${name}.npy` },
}));

/** Example neurons of awake macaques, and the patterns that they were shown. */
export const macaqueV1Tang: DatasetAdapter = {
  id: 'macaque-v1-tang-patterns',
  release: '2018',
  shape: 'stimulus-response',
  card: {
    title: 'Macaque V1: three neurons, 9,500 patterns (Tang 2018)',
    description:
      'Macaque monkey: mean response of three neurons of the upper layers of primary visual cortex to each of 9,500 black and white patterns, by calcium imaging in awake animals.',
    species: 'Macaca mulatta',
    modality: 'two-photon calcium imaging',
    kind: 'measured',
    doi: '10.7554/eLife.33370',
    cite: ['Tang et al. 2018, eLife 7:e33370', 'Zhang et al. 2019, J Comput Neurosci 46:33'],
    licence: 'unclear: the carrying repository names none; ask the authors',
    exposure: 'public',
    notes: ['Means over trials: how reliable a response is cannot be told from these files.'],
  },
  terms:
    'The licence of these data is not confirmed: use them for research, cite the papers, and ask the authors before redistributing.',
  keywords: ['primary visual cortex', 'V1', 'neural responses', 'patterns'],
  files: [
    {
      path: `${folder}/patterns.zip`,
      bytes: 4177349,
      sha256: 'e319723391d47c5cb716179ff79d6547d167bb7f72c4e26662e5ff292843f7cf',
      origin:
        'derived by git archive from data/stimuli/pattern of https://github.com/leelabcnbc/Fixed_Kernel_CNN at 345129ecbd94ae49d3985f79f83999b33f6398c4',
    },
    ...neurons.map((neuron) => neuron.file),
  ],
  async ingest(file, kit) {
    const rows = neurons.map(({ name }) => doublesOf(parseNpy(readFileSync(file(`/${name}.npy`)), name).data));
    if (rows.some(({ length }) => length !== 9500)) throw new Error('A neuron has not 9,500 responses.');
    const stacked = kit.objects.put(
      writeNpy({ data: Float64Array.from(rows.flatMap((row) => [...row])), shape: [rows.length, 9500] }),
      'application/x-npy',
    );
    const parts = await stimulusResponse.read(
      '',
      {
        stimuli: file('patterns.zip'),
        responses: kit.objects.pathOf(stacked.object),
        unit: 'ΔF/F',
        neurons: neurons.map(({ name }) => name),
      },
      { ...kit, resolve: (place) => place }, // both are ours: no path of a person's
    );
    return { tables: parts.tables, arrays: parts.arrays, warnings: parts.warnings };
  },
};
