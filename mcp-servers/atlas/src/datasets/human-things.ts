import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { loadTable } from '../read/load-table.ts';
import { openContainer } from '../read/open-container.ts';
import { readContainer } from '../read/read-container.ts';
import type { DatasetAdapter } from './adapter.ts';

const origin = 'https://doi.org/10.25452/figshare.plus.c.6161151 (single-trial responses, table format: betas_csv)';

/** Trials of a person in the release without catch trials (THINGS-fMRI usage notes). */
const trialsOfPerson = 9840;

/** Responses to photographs of objects of 720 concepts. */
export const humanThings: DatasetAdapter = {
  id: 'human-things-fmri',
  release: 'betas_csv',
  shape: 'tables',
  parts: 'person, or several',
  card: {
    title: 'THINGS-fMRI: single-trial responses of three people to photographs of objects',
    description:
      'Human: response of each voxel to each trial, the image of each trial, and of each voxel its place, regions of interest, noise ceilings and receptive field.',
    species: 'Homo sapiens',
    modality: '3T fMRI, object images',
    kind: 'measured',
    doi: '10.7554/eLife.82580',
    cite: ['Hebart, Contier, Teichmann et al. 2023, eLife 12:e82580'],
    licence: 'CC0 (raw data, OpenNeuro ds004192); of the table format as its figshare item states',
    licenceUrl: 'https://openneuro.org/datasets/ds004192',
    exposure: 'public',
    notes: [
      'Catch trials are left out by the release. Trials of trial_type test show one of 100 images, in every session.',
      'Regions are columns of voxels that say 1 for what belongs to them. nc_singletrial and nc_testset are percent.',
      'responses_sub01 is [voxel × trial]; row of voxels and trials is their place in it, from 0.',
    ],
  },
  keywords: [
    'objects',
    'natural images',
    'betas',
    'noise ceiling',
    'visual cortex',
    'V1',
    'FFA',
    'PPA',
    'LOC',
    'semantic',
  ],
  files: [],
  brought: [
    { name: 'sub-*_ResponseData.h5', origin },
    { name: 'sub-*_StimulusMetadata.csv', origin },
    { name: 'sub-*_VoxelMetadata.csv', origin },
  ],
  async ingest(file, kit, names) {
    const [arrays, warnings]: [DataArray[], string[]] = [[], []];
    const people = names.flatMap((name) => /^(sub-(\w+))_ResponseData\.h5$/.exec(name)?.slice(1, 3).join('\n') ?? []);
    const selects: Record<'voxels' | 'trials', string[]> = { voxels: [], trials: [] };
    for (const person of people) {
      const [prefix, label] = person.split('\n');
      const counts: number[] = [];
      for (const [table, ending] of [
        ['voxels', 'VoxelMetadata'],
        ['trials', 'StimulusMetadata'],
      ] as const) {
        const name = `${table}_${label}`;
        const loaded = await loadTable(name, file(`${prefix}_${ending}.csv`), { header: true, separator: ',' }, kit);
        counts.push(loaded.rows);
        selects[table].push(
          `SELECT '${label}' AS person, (row_number() OVER () - 1)::INTEGER AS "row", * FROM ${name}`,
        );
      }
      const parts = await readContainer(
        openContainer(file(`${prefix}_ResponseData.h5`), kit.signal),
        {},
        kit,
        async (collect) => {
          // pandas keeps numbers of one type as a block [row × column]; the column voxel_id is one of its own.
          const blocks = collect.tree.container.nodes.filter(
            ({ kind, shape, path: place }) =>
              kind === 'array' && shape?.length === 2 && shape[1] > 1 && /\/block\d+_values$/.test(place),
          );
          for (const block of blocks)
            await collect.array(block, `responses_sub${label}`, {
              axes: ['voxel', 'trial'],
              description: `Responses of ${prefix}`,
            });
          return { shape: 'tables' };
        },
      );
      const [found] = parts.arrays;
      if (parts.arrays.length !== 1 || found.shape.join() !== counts.join())
        warnings.push(
          `${prefix}: responses are ${parts.arrays.map(({ shape }) => `[${shape}]`).join(', ') || 'missing'}, voxels and trials [${counts}]: they do not belong together.`,
        );
      if (counts[1] !== trialsOfPerson)
        warnings.push(`${prefix} has ${counts[1]} trials, ${trialsOfPerson} in the published release.`);
      arrays.push(...parts.arrays);
      warnings.push(...parts.warnings.filter((text) => !/axis\d|_items/.test(text)));
    }
    const tables: Table[] = [];
    for (const [name, parts] of Object.entries(selects))
      tables.push(
        await kit.duck.table(`SELECT * FROM (${parts.join(' UNION ALL BY NAME ')}) ORDER BY person, "row"`, {
          name,
          description: `${name === 'voxels' ? 'Rows' : 'Columns'} of the responses of each person`,
        }),
      );
    return { tables, arrays, warnings };
  },
};
