import { abcCells } from '../read/registered/abc-cells.ts';
import type { BroughtFile, DatasetAdapter } from './adapter.ts';

const bucket = 'https://allen-brain-cell-atlas.s3.us-west-2.amazonaws.com';
const licence = {
  licence: 'CC BY-NC 4.0 (Allen Brain Cell Atlas)',
  licenceUrl: 'https://alleninstitute.org/terms-of-use',
};
const terms =
  'Allen Brain Cell Atlas data are CC BY-NC 4.0: non-commercial use with citation (https://alleninstitute.org/terms-of-use).';
const notes = [
  'options.folder is the cache that abc_atlas_access fills, or a copy of the bucket: releases/…/manifest.json and metadata/… below it. Sizes and MD5 of the manifest are held to.',
  'Expression: add an h5ad of expression_matrices with options {"genes": ["Pvalb"]}, which reads these columns and not the matrix; its cell labels are those of cells.',
];

/** The files of one collection: its cells, its taxonomy, and what may be there beside them. */
const brings = (cells: string, taxonomy: string, more: string[] = []): BroughtFile[] =>
  [
    { name: 'releases/*/manifest.json' },
    { name: `metadata/${cells}/*/cell_metadata.csv` },
    { name: `metadata/${taxonomy}/*/cluster_annotation_term.csv` },
    { name: `metadata/${taxonomy}/*/cluster_annotation_term_set.csv` },
    { name: `metadata/${taxonomy}/*/cluster_to_cluster_annotation_membership.csv` },
    { name: `metadata/${cells}/*/gene.csv`, optional: true as const },
    { name: `metadata/${cells}/*/region_of_interest_metadata.csv`, optional: true as const },
    { name: `metadata/${cells}/*/donor.csv`, optional: true as const },
    ...more.map((name) => ({ name, optional: true as const })),
  ].map((file) => ({ ...file, origin: `${bucket}/${file.name.replace('/*/', '/RELEASE/')}` }));

/** Published counts of the terms of a taxonomy, by level. */
const termsOfLevels = (source: string, counts: Record<string, number>) =>
  Object.entries(counts).map(([level, value]) => ({
    what: `terms of the level ${level}`,
    says: [{ value, source }],
    sql: `SELECT count(*) FROM this.terms WHERE cluster_annotation_term_set_name = '${level}'`,
  }));

/** Cells of the Allen Brain Cell Atlas with their types: mouse by sequencing and in place, human, and donors with Alzheimer's disease. */
export const abcAtlas: DatasetAdapter[] = [
  {
    id: 'mouse-abc-cells',
    release: 'WMB-10X',
    shape: 'tables',
    card: {
      title: 'Allen Brain Cell Atlas, whole mouse brain: 4 million cells by single-cell RNA sequencing',
      description:
        'Mouse: one row a cell with region of interest, donor, place in the UMAP, and class, subclass, supertype and cluster of taxonomy CCN20230722.',
      species: 'Mus musculus',
      modality: 'single-cell transcriptomics',
      kind: 'measured',
      doi: '10.1038/s41586-023-06812-z',
      cite: ['Yao et al. 2023, Nature 624:317'],
      ...licence,
      exposure: 'public',
      notes,
    },
    terms,
    keywords: [
      'gene expression',
      'cell types',
      '10x',
      'whole brain',
      'taxonomy',
      'isocortex',
      'hippocampus',
      'thalamus',
    ],
    files: [],
    brought: brings('WMB-10X', 'WMB-taxonomy'),
    published: termsOfLevels('Yao et al. 2023, Nature 624:317', {
      class: 34,
      subclass: 338,
      supertype: 1201,
      cluster: 5322,
    }),
    ingest: (file, kit, names) => abcCells(undefined, file, kit, names),
  },
  {
    id: 'mouse-abc-merfish',
    release: 'MERFISH-C57BL6J-638850',
    shape: 'tables',
    card: {
      title: 'Allen Brain Cell Atlas, mouse MERFISH: cells of one brain in place, registered to CCFv3',
      description:
        'Mouse: one row a cell with its section, its coordinates in the section and in the common coordinate framework (CCF), its parcellation and its type.',
      species: 'Mus musculus',
      modality: 'MERFISH spatial transcriptomics',
      kind: 'measured',
      doi: '10.1038/s41586-023-06812-z',
      cite: ['Yao et al. 2023, Nature 624:317'],
      ...licence,
      exposure: 'public',
      notes: [
        ...notes,
        'ccf_x, ccf_y, ccf_z are mm of Allen-CCF-2020: x grows from front to back, y from top to bottom, z from one side to the other (as ap, dv, ml of locate_points).',
      ],
    },
    terms,
    keywords: ['gene expression', 'cell types', 'MERFISH', 'spatial transcriptomics', 'CCFv3', 'whole brain'],
    files: [],
    brought: brings('MERFISH-C57BL6J-638850', 'WMB-taxonomy', [
      'metadata/MERFISH-C57BL6J-638850-CCF/*/ccf_coordinates.csv',
      'metadata/Allen-CCF-2020/*/parcellation_to_parcellation_term_membership.csv',
    ]),
    ingest: (file, kit, names) => abcCells('ccf_coordinates.csv', file, kit, names),
  },
  {
    id: 'human-abc-cells',
    release: 'WHB-10Xv3',
    shape: 'tables',
    card: {
      title: 'Allen Brain Cell Atlas, whole human brain: nuclei by single-nucleus RNA sequencing',
      description:
        'Human: one row a nucleus with region, dissection and donor, and supercluster, cluster and subcluster of the taxonomy of Siletti et al.',
      species: 'Homo sapiens',
      modality: 'single-nucleus transcriptomics',
      kind: 'measured',
      doi: '10.1126/science.add7046',
      cite: ['Siletti et al. 2023, Science 382:eadd7046'],
      ...licence,
      exposure: 'public',
      notes,
    },
    terms,
    keywords: ['gene expression', 'cell types', '10x', 'whole brain', 'taxonomy', 'snRNA-seq'],
    files: [],
    brought: brings('WHB-10Xv3', 'WHB-taxonomy'),
    published: termsOfLevels('Siletti et al. 2023, Science 382:eadd7046', { cluster: 461, subcluster: 3313 }),
    ingest: (file, kit, names) => abcCells(undefined, file, kit, names),
  },
  {
    id: 'human-sea-ad',
    release: 'SEAAD',
    shape: 'tables',
    card: {
      title: "SEA-AD: nuclei of donors with and without Alzheimer's disease",
      description:
        "Human: one row a nucleus with donor and cell type, and one row a donor with age, sex, cognition and neuropathology of the Seattle Alzheimer's Disease Brain Cell Atlas.",
      species: 'Homo sapiens',
      modality: 'single-nucleus transcriptomics',
      kind: 'measured',
      doi: '10.1038/s41593-024-01774-5',
      cite: ['Gabitto, Travaglini et al. 2024, Nature Neuroscience 27:2366'],
      ...licence,
      exposure: 'public',
      notes: [
        ...notes,
        'Columns of cell_metadata.csv and donor.csv are kept as they come: their names were not read from a published description here.',
      ],
    },
    terms,
    keywords: [
      'gene expression',
      'cell types',
      'Alzheimer',
      'dementia',
      'middle temporal gyrus',
      'donors',
      'snRNA-seq',
    ],
    files: [],
    brought: brings('SEAAD', 'SEAAD-taxonomy'),
    ingest: (file, kit, names) => abcCells(undefined, file, kit, names),
  },
];
