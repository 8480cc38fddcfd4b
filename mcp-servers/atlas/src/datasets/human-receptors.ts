import { readFileSync } from 'node:fs';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import { nifti } from '../formats/nifti.ts';
import { readMatrix } from '../read/matrix.ts';
import type { DatasetAdapter } from './adapter.ts';

/** Columns of the tables, in the order of the source's list of names. */
const receptors = '5HT1a 5HT1b 5HT2a 5HT4 5HT6 5HTT A4B2 CB1 D1 D2 DAT GABAa H3 M1 mGluR5 MOR NET NMDA VAChT'.split(
  ' ',
);
/** Parcellations: Cammoun's 68 regions (scale 033), and Schaefer's 100, 200 and 400. */
const scales = ['033', '100', '200', '400'];
const maps: [string, string][] = [
  ['5HT1a_way_hc36_savli.nii', 'serotonin receptor 5-HT1A, tracer WAY-100635, 36 people (Savli 2012)'],
  ['D1_SCH23390_hc13_kaller.nii', 'dopamine receptor D1, tracer SCH23390, 13 people (Kaller 2017)'],
  ['MU_carfentanil_hc204_kantonen.nii', 'µ-opioid receptor, tracer carfentanil, 204 people (Kantonen 2020)'],
];

/** Densities of 19 receptors and transporters over the human cortex. */
export const humanReceptors: DatasetAdapter = {
  id: 'human-receptors-hansen2022',
  release: '2022-10',
  shape: 'volume',
  card: {
    title: 'Human neurotransmitter receptors and transporters by PET (Hansen 2022)',
    description:
      'Human: mean density of 19 receptors and transporters in 68 to 400 cortical regions, from PET of over 1,200 people; structural and functional connections of the same 100 regions; three tracer maps as volumes of 3 mm.',
    species: 'Homo sapiens',
    modality: 'positron emission tomography',
    kind: 'derived',
    doi: '10.1038/s41593-022-01186-3',
    cite: ['Hansen et al. 2022, Nature Neuroscience 25:1569'],
    licence: 'CC BY-NC-SA 4.0; connections: terms of the Human Connectome Project',
    licenceUrl: 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    exposure: 'public',
    coordinateSpace: { name: 'MNI152 (volumes)', axes: 'RAS', unit: 'mm' },
    notes: [
      'Units differ from tracer to tracer: compare regions within a column, not columns.',
      'Cite the PET study of each tracer, too.',
    ],
  },
  keywords: [
    'HTR1A',
    'HTR2A',
    'SLC6A4',
    'DRD1',
    'DRD2',
    'SLC6A3',
    'OPRM1',
    'CNR1',
    'GRM5',
    'serotonin',
    'dopamine',
    'opioid',
    'GABA',
    'glutamate',
    'acetylcholine',
    'cortex',
    'Schaefer',
  ],
  terms:
    'CC BY-NC-SA 4.0: non-commercial use, with citation, under the same licence (https://creativecommons.org/licenses/by-nc-sa/4.0/).',
  files: [
    {
      path: 'human-receptors-hansen2022/receptor_data_scale033.csv',
      bytes: 32482,
      sha256: 'bf3e707fda6004749cec5571dc0720e12f8895c5827642e1f690787b0ff095e2',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/results/receptor_data_scale033.csv',
    },
    {
      path: 'human-receptors-hansen2022/receptor_data_scale100.csv',
      bytes: 47750,
      sha256: 'dcd7efc9ff4c68ab7349d62003dd121d7a257cbd8aa7de7ae155ab06e749b3cf',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/results/receptor_data_scale100.csv',
    },
    {
      path: 'human-receptors-hansen2022/receptor_data_scale200.csv',
      bytes: 95509,
      sha256: '124329632e6c3e69e635b9c6edc47046461fbf28507ed8fc2daabc08dd6da505',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/results/receptor_data_scale200.csv',
    },
    {
      path: 'human-receptors-hansen2022/receptor_data_scale400.csv',
      bytes: 191018,
      sha256: 'd3fc11edfa5d0fb12723fea4548d6f27c662d9728dfde725b4c818a00182cb0a',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/results/receptor_data_scale400.csv',
    },
    {
      path: 'human-receptors-hansen2022/sc_weighted.npy',
      bytes: 80128,
      sha256: 'b111ff2fb6e739dfaa9881d1d0213fb6ce03d916b552cec0a30e0c1c3ed9b8a9',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/schaefer/sc_weighted.npy',
    },
    {
      path: 'human-receptors-hansen2022/fc_weighted.npy',
      bytes: 80128,
      sha256: '1f047009d878161e6facd584c054a4440ff9ec9f0fd1682a46ba145b6050a045',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/schaefer/fc_weighted.npy',
    },
    {
      path: 'human-receptors-hansen2022/Schaefer_100_centres.txt',
      bytes: 5400,
      sha256: '1ee9cd926c3c2574c1bc2b7c9e1681d0696275490c33517f9388a2eee1b7db5e',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/schaefer/coordinates/Schaefer_100_centres.txt',
    },
    {
      path: 'human-receptors-hansen2022/5HT1a_way_hc36_savli.nii',
      bytes: 1086884,
      sha256: 'dda308c8b538556f279cafc2f8fa21f6825c28af39dbb003ca3017dca99548a6',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/PET_nifti_images/5HT1a_way_hc36_savli.nii',
    },
    {
      path: 'human-receptors-hansen2022/MU_carfentanil_hc204_kantonen.nii',
      bytes: 1086884,
      sha256: '5f0e06a9079f8dd5b27ac0243f050cea60e1c45452657db343a58abea7142cc8',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/PET_nifti_images/MU_carfentanil_hc204_kantonen.nii',
    },
    {
      path: 'human-receptors-hansen2022/D1_SCH23390_hc13_kaller.nii',
      bytes: 1086884,
      sha256: '49e00a39987486a6e2b3f82b0ee94509ebcde53ab2ccba17e8752d6f52494bf0',
      origin:
        'https://raw.githubusercontent.com/netneurolab/hansen_receptors/f8b41da92a733f99368c1f39d4959731aa1316c1/data/PET_nifti_images/D1_SCH23390_hc13_kaller.nii',
    },
  ],
  async ingest(file, kit) {
    const tables: Table[] = [];
    for (const scale of scales) {
      const name = `receptor_data_scale${scale}.csv`;
      const { data, shape } = readMatrix(readFileSync(file(name), 'utf8'), name);
      const column = (at: number) => Float64Array.from({ length: shape[0] }, (_, row) => data[row * shape[1] + at]);
      await kit.duck.make('densities', {
        position: Int32Array.from({ length: shape[0] }, (_, row) => row),
        ...Object.fromEntries(receptors.map((receptor, at) => [receptor, column(at)])),
      });
      tables.push(
        await kit.duck.table('SELECT * FROM densities', {
          name: `density_${scale}`,
          description: `A region each, in the order of the parcellation of scale ${scale}, from 0; a column a receptor`,
        }),
      );
    }
    const centres = readFileSync(file('Schaefer_100_centres.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    await kit.duck.make('centres', {
      position: Int32Array.from(centres, (_, row) => row),
      region: centres.map(([name]) => name),
      ...Object.fromEntries(
        ['x', 'y', 'z'].map((axis, at) => [axis, Float64Array.from(centres, (row) => Number(row[at + 1]))]),
      ),
    });
    const mm = { unit: 'mm' };
    tables.push(
      await kit.duck.table('SELECT * FROM centres', {
        name: 'regions_100',
        description: 'Middles of the regions of scale 100, as published; the space is not stated in the file',
        columns: { x: mm, y: mm, z: mm },
      }),
    );
    const arrays: DataArray[] = ['sc', 'fc'].map((kind) => {
      const { data, shape } = parseNpy(readFileSync(file(`${kind}_weighted.npy`)), `${kind}_weighted.npy`);
      return {
        name: kind === 'sc' ? 'structural_100' : 'functional_100',
        description: `Group ${kind === 'sc' ? 'structural' : 'functional'} connections between the regions of scale 100`,
        object: kit.objects.put(writeNpy({ data: doublesOf(data), shape }), 'application/x-npy').object,
        dtype: 'f8',
        shape,
        axes: ['region_from', 'region_to'],
      };
    });
    for (const [name, description] of maps) {
      const parts = await nifti.read(file(name), { space: 'MNI152' }, kit);
      arrays.push({ ...parts.arrays[0], description });
    }
    return { tables, arrays };
  },
};
