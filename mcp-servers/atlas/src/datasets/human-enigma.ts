import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataArray } from '@bregma/core/contracts/dataset';
import { writeNpy } from '@bregma/core/npy';
import { literal } from '@bregma/readers/sql-text';
import { loadTable } from '../read/load-table.ts';
import { readMatrix } from '../read/matrix.ts';
import { enigmaMatrices, enigmaStatistics } from '../read/registered/human-enigma-files.ts';
import type { DatasetAdapter } from './adapter.ts';

/** Parcellations of the matrices: Desikan-Killiany with and without subcortex, Schaefer 2018. */
const parcellations = ['ctx', 'sctx', 'with_sctx', 'ctx_schaefer_100', 'with_sctx_schaefer_100', 'ctx_schaefer_200'];

/** Effect sizes of the ENIGMA working groups, and the group connectomes that their toolbox compares them with. */
export const humanEnigma: DatasetAdapter = {
  id: 'human-enigma',
  release: '2025-04',
  shape: 'tables',
  card: {
    title: 'ENIGMA: case-control effect sizes, and group connectomes of the Human Connectome Project',
    description:
      "Human: Cohen's d between patients and controls for each region of the Desikan-Killiany atlas, 71 published comparisons; mean structural and functional connections of healthy adults in the same and in the Schaefer parcellations.",
    species: 'Homo sapiens',
    modality: 'structural MRI meta-analysis; diffusion MRI; resting-state fMRI',
    kind: 'derived',
    doi: '10.1038/s41592-021-01186-4',
    cite: ['Larivière et al. 2021, Nature Methods 18:698', 'Van Essen et al. 2013, NeuroImage 80:62'],
    licence: 'BSD-3-Clause (ENIGMA Toolbox); HCP group data: acknowledge the Human Connectome Project',
    licenceUrl: 'https://github.com/MICA-MNI/ENIGMA',
    exposure: 'public',
    notes: [
      'Group averages: nothing here is of one person.',
      'An empty number of patients or controls is not stated in its table.',
    ],
  },
  keywords: [
    'connectome',
    'cortical thickness',
    'schizophrenia',
    'depression',
    'epilepsy',
    'autism',
    'Desikan-Killiany',
    'Schaefer',
  ],
  files: [...enigmaMatrices, ...enigmaStatistics],
  async ingest(file, kit) {
    const arrays: DataArray[] = [];
    const regions: { parcellation: string; position: number; name: string }[] = [];
    for (const parcellation of parcellations)
      for (const [kind, word] of [
        ['struc', 'structural'],
        ['func', 'functional'],
      ] as const) {
        const matrixName = `${kind}Matrix_${parcellation}.csv`;
        if (!enigmaMatrices.some(({ path: name }) => name.endsWith(`/${matrixName}`))) continue;
        const matrix = readMatrix(readFileSync(file(`/${matrixName}`), 'utf8'), matrixName);
        const names = readFileSync(file(`/${kind}Labels_${parcellation}.csv`), 'utf8')
          .trim()
          .split(',');
        if (names.length !== matrix.shape[0])
          throw new Error(`${matrixName} has ${matrix.shape[0]} rows and ${names.length} names.`);
        if (kind === 'struc')
          names.forEach((name, position) => regions.push({ parcellation, position, name: name.trim() }));
        const hasSource = matrix.shape[0] === matrix.shape[1];
        arrays.push({
          name: `${word}_${parcellation}`,
          description: `Mean ${word} connections of healthy adults (HCP), ${parcellation}; names in the table regions`,
          object: kit.objects.put(writeNpy(matrix), 'application/x-npy').object,
          dtype: 'f8',
          shape: matrix.shape,
          // From the subcortex to the cortex, where it is not square.
          axes: [hasSource ? 'region_from' : 'subcortical_region', hasSource ? 'region_to' : 'cortical_region'],
        });
      }
    await kit.duck.make('regions', {
      parcellation: regions.map(({ parcellation }) => parcellation),
      position: Int32Array.from(regions, ({ position }) => position),
      region: regions.map(({ name }) => name),
    });
    for (const [i, { path: name }] of enigmaStatistics.entries()) {
      await loadTable('comparison', file(name), { types: 'text', missing: [''] }, kit);
      const rows = comparison(path.basename(name));
      await kit.duck.run(i === 0 ? `CREATE OR REPLACE TABLE effects AS ${rows}` : `INSERT INTO effects ${rows}`);
    }
    return {
      tables: [
        await kit.duck.table('SELECT * FROM regions', {
          name: 'regions',
          description: 'Regions of each matrix in its order, from 0',
        }),
        await kit.duck.table('SELECT * FROM effects', {
          name: 'effects',
          description: 'One region of one comparison of patients with controls',
          columns: {
            d: { description: "Cohen's d, adjusted for the volume inside the skull" },
            se: { description: 'standard error of d' },
            p: { description: 'as published, not corrected' },
            p_fdr: { description: 'corrected for the false discovery rate, as published' },
            n_controls: { unit: 'people' },
            n_patients: { unit: 'people' },
          },
        }),
      ],
      arrays,
    };
  },
};

/** The rows of the table `comparison` as those of `effects`. What was measured is in its name; its first column says so, too, in three spellings. */
function comparison(name: string): string {
  const [, group, measure] = /^(.*?)_(CortThick|CortSurf|SubVol)/.exec(name) ?? [];
  const what = { CortThick: 'cortical thickness', CortSurf: 'cortical surface area', SubVol: 'subcortical volume' }[
    measure
  ];
  const number = (column: string) => `try_cast(trim(${column}) AS DOUBLE)`;
  return `SELECT ${literal(group)} AS comparison, ${literal(path.basename(name, '.csv'))} AS source, ${literal(what ?? measure)} AS measure, trim("Structure") AS region, ${number('d_icv')} AS d, ${number('se_icv')} AS se, ${number('low_ci_icv')} AS ci_low, ${number('up_ci_icv')} AS ci_high, ${number('n_controls')} AS n_controls, ${number('n_patients')} AS n_patients, ${number('pobs')} AS p, ${number('fdr_p')} AS p_fdr FROM comparison WHERE trim("Structure") <> ''`;
}
