import { loadTable } from '../read/load-table.ts';
import type { TableOptions } from '../read/table-options.ts';
import type { DatasetAdapter } from './adapter.ts';

/** Cell types of the whole mouse brain: class, subclass, supertype, cluster. */
export const mouseWmbTaxonomy: DatasetAdapter = {
  id: 'mouse-wmb-taxonomy',
  release: 'CCN20230722',
  shape: 'tables',
  card: {
    title: 'Whole mouse brain cell-type taxonomy CCN20230722',
    description:
      '34 classes, 338 subclasses, 1,201 supertypes and 5,322 clusters with markers, transmitter and anatomy.',
    species: 'Mus musculus',
    modality: 'single-cell transcriptomics',
    kind: 'derived',
    doi: '10.1038/s41586-023-06812-z',
    cite: ['Yao et al. 2023, Nature 624:317'],
    licence: 'CC BY-NC 4.0 (Allen Brain Cell Atlas); confirm before commercial use',
    licenceUrl: 'https://alleninstitute.org/terms-of-use',
    exposure: 'public',
  },
  terms:
    'Allen Brain Cell Atlas data are CC BY-NC 4.0: non-commercial use with citation (https://alleninstitute.org/terms-of-use).',
  keywords: [
    'Pvalb',
    'Sst',
    'Vip',
    'Slc17a7',
    'Gad1',
    'glutamatergic',
    'gene expression',
    'cell types',
    'hippocampus',
    'cortex',
    'thalamus',
    'hypothalamus',
    'striatum',
    'cerebellum',
    'midbrain',
  ],
  published: [
    ['class', 34],
    ['subclass', 338],
    ['supertype', 1201],
    ['cluster', 5322],
  ].map(([level, value]) => ({
    what: `cell sets of the level ${level}`,
    says: [{ value: Number(value), source: 'Yao et al. 2023, Nature 624:317' }],
    sql: `SELECT count(*) FROM this.cell_sets WHERE labelset = '${level}'`,
  })),
  files: [
    {
      path: 'mouse-wmb-taxonomy/annotation.tsv',
      bytes: 3283904,
      sha256: '3a4ab43d8aa3c2e925dac53fbdc0be05193ceafedc7be2469fa2642aa33b5af5',
      origin:
        'https://raw.githubusercontent.com/brain-bican/whole_mouse_brain_taxonomy/83533fba4f625cd7018c26a39bc3e0f9df4d230c/curation_tables/annotation.tsv',
    },
  ],
  async ingest(file, kit) {
    const options: TableOptions = { types: 'text', separator: '\t', header: true, quote: '', missing: ['', 'None'] };
    await loadTable('annotation', file('annotation.tsv'), options, kit);
    return {
      tables: [
        await kit.duck.table(`SELECT * FROM annotation ORDER BY cell_set_accession`, {
          name: 'cell_sets',
          description: 'One row a cell set; labelset says the level',
        }),
      ],
      arrays: [],
    };
  },
};
