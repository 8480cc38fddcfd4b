import { readFileSync } from 'node:fs';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

const folder = 'drosophila-shiu2024-sim';
const commit =
  'https://raw.githubusercontent.com/philshiu/Drosophila_brain_model/91bdd1e7dcf193f3e7ca5a8933497fcef63b7960';
const completeness = '2023_03_23_completeness_630_final.csv';
const card = {
  species: 'Drosophila melanogaster',
  doi: '10.1038/s41586-024-07763-9',
  cite: ['Shiu et al. 2024, Nature 634:210', 'Dorkenwald et al. 2024, Nature 634:124'],
  exposure: 'public' as const,
};
const ids = 'Ids are those of release 630: 47 to 55 neurons of each simulation have other ids in release 783.';

/** Release 630 of FlyWire as the whole-brain model took it, and what that model fired. */
export const flywireV630: DatasetAdapter[] = [
  {
    id: 'flywire-v630',
    release: '630',
    shape: 'tables',
    card: {
      ...card,
      title: 'FlyWire, adult fly brain, release 630: neurons of the whole-brain model',
      description:
        'Fly: ids of the 127,400 proofread neurons of release 630 in the order of the connectivity file of Shiu 2024, and the names of 106 groups of the subesophageal zone.',
      modality: 'electron microscopy connectome',
      kind: 'measured',
      licence: 'MIT (repository); FlyWire terms: non-commercial, with citation',
      licenceUrl: 'https://github.com/philshiu/Drosophila_brain_model',
      notes: [
        'Ids do not persist between releases: joins with release 783 are refused until it is said that ids mean the same.',
      ],
    },
    terms:
      'FlyWire data are free for non-commercial use with citation of the FlyWire papers (https://codex.flywire.ai).',
    keywords: ['whole brain', 'subesophageal zone', 'gustatory', 'Codex'],
    published: [
      {
        what: 'neurons in the whole-brain model',
        says: [{ value: 127400, source: 'Shiu et al. 2024, Nature 634:210' }],
        sql: 'SELECT count(DISTINCT id) FROM this.model_order',
      },
    ],
    files: [
      {
        path: `${folder}/${completeness}`,
        bytes: 3057611,
        sha256: 'e6b71e17671a9bdb05f55e4bc6774640a1418cb7a05125e0fc994ad40f9bfdfb',
        origin: `${commit}/${completeness}`,
      },
      {
        path: `${folder}/sez_neurons.json`,
        bytes: 9679,
        sha256: '2a10a00a12ae24e1c5c8d068ed5d21b0e8fc69e2a090f53b79f3c62a2c460c11',
        origin: `converted from ${commit}/sez_neurons.pickle: names to lists of ids as texts`,
      },
    ],
    async ingest(file, kit) {
      const { columns } = await loadTable('model', file(completeness), { types: 'text', header: true }, kit);
      const order = await kit.duck.table(
        `SELECT ${identifier(columns[0])} AS id, row_number() OVER () - 1 AS position FROM model`,
        { name: 'model_order', description: 'Neurons in the order of the connectivity file' },
      );
      // SAFETY: the file is pinned by its digest, and is names to lists of ids.
      const groups = JSON.parse(readFileSync(file('sez_neurons.json'), 'utf8')) as Record<string, string[]>;
      const rows = Object.entries(groups).flatMap(([name, members]) => members.map((id) => ({ name, id })));
      await kit.duck.make('sez', { name: rows.map(({ name }) => name), id: rows.map(({ id }) => id) });
      const named = await kit.duck.table('SELECT DISTINCT name, id FROM sez ORDER BY name, id', {
        name: 'groups',
        description: 'Named groups of neurons of the subesophageal zone, one row a neuron',
      });
      return { tables: [order, named], arrays: [] };
    },
  },
  {
    id: 'drosophila-shiu2024-sim',
    release: '2024',
    shape: 'tables',
    card: {
      ...card,
      title: 'Spikes of the whole-brain model of the fly when sugar neurons are driven (Shiu 2024)',
      description:
        'Fly, simulated: every spike of 30 trials of 1 s of a leaky integrate-and-fire model of all 127,400 neurons, with 20 sugar-sensing neurons driven at 150 and at 100 Hz.',
      modality: 'simulation of a connectome',
      kind: 'simulated',
      licence: 'MIT',
      licenceUrl: 'https://github.com/philshiu/Drosophila_brain_model',
      notes: [ids, 'Simulated: no spike here was measured.'],
    },
    keywords: ['whole brain', 'gustatory', 'taste', 'feeding', 'leaky integrate-and-fire'],
    published: [
      {
        what: 'neurons that are active when sugar neurons are driven at 150 Hz',
        says: [{ value: 448, source: 'results/example/sugarR.parquet of the model of Shiu et al. 2024' }],
        sql: "SELECT count(DISTINCT neuron_id) FROM this.spikes WHERE experiment = 'sugarR'",
      },
      {
        what: 'neurons that are active when sugar neurons are driven at 100 Hz',
        says: [{ value: 404, source: 'results/example/sugarR_100Hz.parquet of the model of Shiu et al. 2024' }],
        sql: "SELECT count(DISTINCT neuron_id) FROM this.spikes WHERE experiment = 'sugarR_100Hz'",
      },
      {
        what: 'neurons that both sugar and water activate',
        says: [
          { value: 250, source: 'quoted of Shiu et al. 2024; which rates and which threshold is not stated with it' },
          { value: 280, source: 'quoted of Shiu et al. 2024; which rates and which threshold is not stated with it' },
        ],
        because: 'This release has no simulation of water with which to count.',
      },
    ],
    files: [
      {
        path: `${folder}/sugarR.parquet`,
        bytes: 948526,
        sha256: '83921d50089d966785e402d6c0e3be5ab3eba5beb680410a09c557b0f22dcc28',
        origin: `${commit}/results/example/sugarR.parquet`,
      },
      {
        path: `${folder}/sugarR_100Hz.parquet`,
        bytes: 557849,
        sha256: '93722ec03c3faa5a85790d77ed16bdd7f1e38a7c847ed0bc3af3dc2e4d0c3d34',
        origin: `${commit}/results/example/sugarR_100Hz.parquet`,
      },
    ],
    async ingest(file, kit) {
      const spikes = ['sugarR', 'sugarR_100Hz']
        .map((one) => `SELECT * FROM ${readFileSql('parquet', file(`/${one}.parquet`))}`)
        .join(' UNION ALL ');
      const table = await kit.duck.table(
        `SELECT exp_name AS experiment, trial::INTEGER AS trial, flywire_id::BIGINT::VARCHAR AS neuron_id, t AS time_s FROM (${spikes}) ORDER BY ALL`,
        {
          name: 'spikes',
          description: 'One spike a row',
          columns: {
            time_s: { unit: 's' },
            experiment: { description: 'sugarR: 150 Hz; sugarR_100Hz: 100 Hz' },
            neuron_id: { description: 'of release 630' },
          },
        },
      );
      return { tables: [table], arrays: [] };
    },
  },
];
