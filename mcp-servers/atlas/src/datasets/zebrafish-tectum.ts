import { readFileSync } from 'node:fs';
import { writeNpy } from '@bregma/core/npy';
import { identifier } from '@bregma/readers/sql-text';
import { readMatrix } from '../read/matrix.ts';
import type { DatasetAdapter } from './adapter.ts';

/** Spontaneous activity of the optic tectum of a larval zebrafish. */
export const zebrafishTectum: DatasetAdapter = {
  id: 'zebrafish-tectum-triplett2018',
  release: '20151104-f1',
  shape: 'tables',
  card: {
    title: 'Zebrafish tectum: spontaneous calcium activity and assemblies (fish 20151104-f1)',
    description:
      'Larval zebrafish: calcium activity of 114 cells of the optic tectum over 4,245 frames without stimulation, their places in the plane, and the 5 assemblies that the authors found in them.',
    species: 'Danio rerio',
    modality: 'two-photon calcium imaging',
    kind: 'measured',
    doi: '10.1371/journal.pcbi.1006421',
    cite: [
      'Triplett, Avitan & Goodhill 2018, PLoS Comput Biol 14:e1006421',
      'Triplett et al. 2018, figshare doi:10.6084/m9.figshare.6943265',
    ],
    licence: 'unclear: the carrying repository names none; figshare and PLoS have CC BY 4.0 by default',
    exposure: 'public',
    notes: [
      'Assemblies name cells by their number from 1, as published; the tables here count cells from 0.',
      'The time of a frame is not stated in the files.',
    ],
  },
  keywords: ['optic tectum', 'neuronal assemblies', 'spontaneous activity', 'midbrain'],
  terms:
    'The licence of these data is not confirmed: use them for research, cite both, and ask the authors before redistributing.',
  files: [
    {
      path: 'zebrafish-tectum-triplett2018/zf_20151104-f1_activity_matrix.csv',
      bytes: 3993463,
      sha256: 'a93ec1a24df02a76171f3198b77d4e62442e6d37cc5deef2c7a7625382badbf2',
      origin:
        'https://raw.githubusercontent.com/OpenSourceBrain/NWBShowcase/be2920012f0e007b597b1149bb2e87b24a507b96/TriplettEtAl2018/data/zf_20151104-f1/zf_20151104-f1_activity_matrix.csv',
    },
    {
      path: 'zebrafish-tectum-triplett2018/zf_20151104-f1_cell_coordinates.csv',
      bytes: 1258,
      sha256: 'f60d8f61355adc44dc8f7faaaf3882b68150aa2f34dc5bb0ff85eeb0945ecfac',
      origin:
        'https://raw.githubusercontent.com/OpenSourceBrain/NWBShowcase/be2920012f0e007b597b1149bb2e87b24a507b96/TriplettEtAl2018/data/zf_20151104-f1/zf_20151104-f1_cell_coordinates.csv',
    },
    {
      path: 'zebrafish-tectum-triplett2018/zf_20151104-f1_assembly_assignments.csv',
      bytes: 368,
      sha256: '73231468c47ddf86f5a30a0f177816599504af5097a0b38e07ca16d0f51b6510',
      origin:
        'https://raw.githubusercontent.com/OpenSourceBrain/NWBShowcase/be2920012f0e007b597b1149bb2e87b24a507b96/TriplettEtAl2018/data/zf_20151104-f1/zf_20151104-f1_assembly_assignments.csv',
    },
  ],
  async ingest(file, kit) {
    const activity = readMatrix(readFileSync(file('activity_matrix.csv'), 'utf8'), 'activity_matrix.csv');
    const places = readMatrix(readFileSync(file('cell_coordinates.csv'), 'utf8'), 'cell_coordinates.csv');
    const [cells] = activity.shape;
    const members = readFileSync(file('assembly_assignments.csv'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line, assembly) => line.split(',').map((cell) => ({ assembly, cell: Number(cell) - 1 })));
    const column = (at: number) => Float64Array.from({ length: cells }, (_, cell) => places.data[2 * cell + at]);
    await kit.duck.make('cells', {
      cell: Array.from({ length: cells }, (_, cell) => String(cell)),
      x: column(0),
      y: column(1),
    });
    await kit.duck.make('members', {
      assembly: Int32Array.from(members, ({ assembly }) => assembly),
      cell: members.map(({ cell }) => String(cell)),
    });
    return {
      tables: [
        await kit.duck.table(`SELECT * FROM ${identifier('cells')}`, {
          name: 'cells',
          description: 'A cell each, in the order of the array',
          columns: {
            x: { unit: 'not stated', description: 'place in the plane of imaging' },
            y: { unit: 'not stated' },
          },
        }),
        await kit.duck.table(`SELECT * FROM ${identifier('members')}`, {
          name: 'assemblies',
          description: 'A cell of an assembly each; a cell may be of several',
        }),
      ],
      arrays: [
        {
          name: 'activity',
          description: 'Fluorescence of each cell in each frame, as published',
          object: kit.objects.put(writeNpy(activity), 'application/x-npy').object,
          dtype: 'f8',
          shape: activity.shape,
          axes: ['neuron', 'time'],
        },
      ],
    };
  },
};
