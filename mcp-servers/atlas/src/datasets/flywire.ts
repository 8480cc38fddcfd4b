import { identifier } from '@bregma/readers/sql-text';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

/** The adult fly's neurons and what they are; the wiring is a download of its own from Codex. */
export const flywire: DatasetAdapter = {
  id: 'flywire-v783',
  release: '783',
  shape: 'tables',
  card: {
    title: 'FlyWire, whole adult fly brain, release 783: neurons and classification',
    description:
      'All 139,255 proofread neurons with predicted transmitter, flow, class, hemilineage, side and nerve. Ids do not persist between releases.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.1038/s41586-024-07558-y',
    cite: [
      'Dorkenwald et al. 2024, Nature 634:124',
      'Schlegel et al. 2024, Nature 634:139',
      'Eckstein et al. 2024, Cell 187:2574 (transmitters)',
    ],
    licence: 'FlyWire terms; non-commercial, with citation',
    licenceUrl: 'https://codex.flywire.ai',
    exposure: 'public',
    notes: ['nt_type is predicted from images, not measured.'],
  },
  terms: 'FlyWire data are free for non-commercial use with citation of the FlyWire papers (https://codex.flywire.ai).',
  keywords: ['whole brain', 'central brain', 'central complex', 'mushroom body', 'optic lobe', 'Codex'],
  domain: {
    what: 'proofread neurons of the adult brain',
    size: 139255,
    source: 'Dorkenwald et al. 2024',
    sql: 'SELECT count(DISTINCT id) FROM this.neurons',
  },
  published: [
    {
      what: 'proofread neurons',
      says: [
        { value: 139255, source: 'Dorkenwald et al. 2024, Nature 634:124' },
        { value: 139246, source: 'quoted elsewhere of release 783, without a table in which it can be counted' },
      ],
      sql: 'SELECT count(DISTINCT id) FROM this.neurons',
    },
    {
      what: 'neurons in the whole-brain model',
      says: [{ value: 138639, source: 'Shiu et al. 2024, completeness list of release 783' }],
      sql: 'SELECT count(*) FROM this.model_order',
    },
    ...[
      ['intrinsic', 118464],
      ['afferent', 19300],
      ['efferent', 1491],
    ].map(([flow, value]) => ({
      what: `${flow} neurons`,
      says: [{ value: Number(value), source: 'Schlegel et al. 2024, Nature 634:139' }],
      sql: `SELECT count(*) FROM this.neurons WHERE flow = '${flow}'`,
    })),
  ],
  files: [
    {
      path: 'drosophila-flywire-v783/neurons.csv.gz',
      bytes: 1679884,
      sha256: '6a6b3759e635f0f35a677d169052362131ec61d95f55919298b55c43fce4e719',
      origin:
        'https://raw.githubusercontent.com/snedea/flybrain/9191824d17871b7851645782d53d23f213ddb938/data/neurons.csv.gz',
    },
    {
      path: 'drosophila-flywire-v783/classification.csv.gz',
      bytes: 934402,
      sha256: 'e946b552f4056dfc977707be0674609832c3f64332a22d69dc0d9615e7aae663',
      origin:
        'https://raw.githubusercontent.com/snedea/flybrain/9191824d17871b7851645782d53d23f213ddb938/data/classification.csv.gz',
    },
    {
      path: 'drosophila-flywire-v783/Completeness_783.csv',
      bytes: 3327347,
      sha256: 'bbb847a4cc2caaa7a16349722d220c087317b946d148d4d592d94d250617a311',
      origin:
        'https://raw.githubusercontent.com/philshiu/Drosophila_brain_model/91bdd1e7dcf193f3e7ca5a8933497fcef63b7960/Completeness_783.csv',
    },
  ],
  async ingest(file, kit) {
    const missing = [''];
    for (const name of ['neurons', 'classification'])
      await loadTable(name, file(`${name}.csv.gz`), { types: { root_id: 'text' }, missing }, kit);
    const neurons = await kit.duck.table(
      `SELECT root_id AS id, root_id, n.* EXCLUDE (root_id), c.* EXCLUDE (root_id) FROM neurons n JOIN classification c USING (root_id) ORDER BY root_id`,
      { name: 'neurons', description: 'Proofread neurons; scores are those of the transmitter prediction' },
    );
    const { columns } = await loadTable('model', file('Completeness_783.csv'), { types: 'text', header: true }, kit);
    const modelled = await kit.duck.table(
      `SELECT ${identifier(columns[0])} AS id, row_number() OVER () - 1 AS position FROM model`,
      {
        name: 'model_order',
        description:
          'The 138,639 neurons of the whole-brain model of Shiu et al. 2024, in the order of its connectivity file',
      },
    );
    return { tables: [neurons, modelled], arrays: [] };
  },
};
