import { readFileSync } from 'node:fs';
import { listedFiles } from '../read/registered/allen-manifest.ts';
import type { DatasetAdapter } from './adapter.ts';

const name = 'abc_atlas_manifest_test.json';

/** Which files the Allen Brain Cell Atlas is, with size and checksum: what is downloaded is chosen here. */
export const mouseAbcManifest: DatasetAdapter = {
  id: 'mouse-abc-atlas-files',
  release: '20231215',
  shape: 'tables',
  card: {
    title: 'Allen Brain Cell Atlas, whole mouse brain: every file of release 20231215',
    description:
      'Mouse: the manifest of the release as a table: 243 files of 352.6 GB with data set, version, address, bytes and MD5; expression matrices (h5ad), metadata of 4 million cells, MERFISH coordinates, CCF volumes.',
    species: 'Mus musculus',
    modality: 'single-cell transcriptomics; MERFISH',
    kind: 'derived',
    doi: '10.1038/s41586-023-06812-z',
    cite: ['Yao et al. 2023, Nature 624:317', 'Zhang et al. 2023, Nature 624:343'],
    licence: 'CC BY-NC 4.0 (Allen Brain Cell Atlas)',
    licenceUrl: 'https://alleninstitute.org/terms-of-use',
    exposure: 'public',
    notes: [
      'A list of files, not the files: add one by its url (allowed with `bregma allow https://allen-brain-cell-atlas.s3.us-west-2.amazonaws.com`); an h5ad is read by the parts that are needed.',
    ],
  },
  terms:
    'Allen Brain Cell Atlas data are CC BY-NC 4.0: non-commercial use with citation (https://alleninstitute.org/terms-of-use).',
  keywords: ['gene expression', 'cell types', 'MERFISH', '10x', 'h5ad', 'whole brain', 'spatial transcriptomics'],
  files: [
    {
      path: `mouse-wmb-taxonomy/${name}`,
      bytes: 143591,
      sha256: '9ef2cdbb05d236f4850285af66b1a2f6afb6ad42be80f5f6184c9587828e7520',
      origin:
        'https://raw.githubusercontent.com/rachelhostetler/abc_atlas_access/e4a6696b44788088119238965f766db640b7ebb2/tests/abc_atlas_cache/resources/manifest.json',
    },
  ],
  published: [
    {
      what: 'files of the release',
      says: [{ value: 243, source: 'manifest of release 20231215' }],
      sql: 'SELECT count(*) FROM this.files',
    },
    {
      what: 'bytes of the release',
      says: [{ value: 352604088034, source: 'manifest of release 20231215' }],
      sql: 'SELECT sum(bytes) FROM this.files',
    },
  ],
  async ingest(file, kit) {
    const files = listedFiles(readFileSync(file(name), 'utf8'), name);
    await kit.duck.make('listed', {
      dataset: files.map(({ dataset }) => dataset),
      kind: files.map(({ kind }) => kind),
      format: files.map(({ format }) => format),
      version: files.map(({ version }) => version),
      path: files.map(({ relative_path }) => relative_path),
      url: files.map(({ url }) => url),
      bytes: Float64Array.from(files, ({ size }) => size),
      md5: files.map(({ file_hash }) => file_hash),
    });
    const table = await kit.duck.table('SELECT * REPLACE (bytes::BIGINT AS bytes) FROM listed ORDER BY path', {
      name: 'files',
      description: 'One row a file',
      columns: { bytes: { unit: 'bytes' }, md5: { description: 'as the manifest says' } },
    });
    return { tables: [table], arrays: [] };
  },
};
