import { identifier, literal } from '@bregma/readers/sql-text';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';
import { standardName } from './celegans.ts';

const toolbox =
  'https://raw.githubusercontent.com/nanoman657/ConnectomeToolbox/308b0b970e5a42ccc4745d24272f906c34a590b7/cect/data';

const file = (name: string, bytes: number, sha256: string): RegistryFile => ({
  path: `celegans-connectomes/${name}`,
  bytes,
  sha256,
  origin: `${toolbox}/${name}`,
});

/** Matrices [sender × receiver] of how many pairs of transmitter and receptor connect two neurons. */
const layers = [
  {
    kind: 'neuropeptide',
    range: 'short-range',
    file: file(
      '01022024_neuropeptide_connectome_short_range_model.csv',
      185765,
      'ee630f66dbb78a49d1818bd5209f1f9a0ee46400c061126e30d0d0a4b9d2e44d',
    ),
  },
  {
    kind: 'neuropeptide',
    range: 'mid-range',
    file: file(
      '01022024_neuropeptide_connectome_mid_range_model.csv',
      185866,
      '97569885d58d947c2526e6ecc26c8b191b074d1b065f4da224102298203ad141',
    ),
  },
  {
    kind: 'neuropeptide',
    range: 'long-range',
    file: file(
      '01022024_neuropeptide_connectome_long_range_model.csv',
      186132,
      '57ebc0919860bafcb866e63f5ae06b8b5d59427897d8bd230b4461bfa833f6fe',
    ),
  },
  {
    kind: 'monoamine',
    range: null,
    file: file(
      '08062023_monoamine_connectome.csv',
      185444,
      '629c99a54190940be954b5281fb414553dcb2e4913ced34f355aab27b3c9650f',
    ),
  },
];

/** Who can signal to whom outside synapses: not a connectome, because no wire is meant. */
export const celegansExtrasynaptic: DatasetAdapter = {
  id: 'celegans-extrasynaptic',
  release: '2024',
  shape: 'tables',
  card: {
    title: 'C. elegans extrasynaptic signalling: neuropeptides and monoamines',
    description:
      'Worm: pairs of neurons of which one makes a neuropeptide or monoamine and the other has a receptor for it, inferred from gene expression; neuropeptides under three models of how far they reach.',
    species: 'Caenorhabditis elegans',
    modality: 'gene expression and receptor binding, combined',
    kind: 'derived',
    doi: '10.1016/j.neuron.2023.09.043',
    cite: ['Ripoll-Sánchez et al. 2023, Neuron 111:3570', 'Bentley et al. 2016, PLoS Comput Biol 12:e1005283'],
    licence: 'MIT (tables as packaged by OpenWorm); cite the papers',
    exposure: 'public',
    notes: [
      'A pair says that a signal is possible, not that it is used. The neuropeptide models join most pairs of neurons.',
    ],
  },
  keywords: ['neuromodulation'],
  files: layers.map((layer) => layer.file),
  async ingest(place, kit) {
    const parts: string[] = [];
    for (const [i, { kind, range, file }] of layers.entries()) {
      const layer = identifier(`layer${i}`);
      await loadTable(`layer${i}`, place(file.path), { types: 'text', header: true, missing: [''] }, kit);
      parts.push(
        `SELECT ${standardName('trim("Row")')} AS pre, ${standardName('trim(receiver)')} AS post, trim(pairs)::DOUBLE AS weight, ${literal(kind)} AS kind, ${range ? literal(range) : 'NULL::VARCHAR'} AS range FROM (UNPIVOT ${layer} ON COLUMNS(* EXCLUDE ("Row")) INTO NAME receiver VALUE pairs) WHERE trim(pairs)::DOUBLE > 0`,
      );
    }
    await kit.duck.run(`CREATE OR REPLACE TABLE extrasynaptic AS ${parts.join(' UNION ALL ')}`);
    const neurons = await kit.duck.table(
      'SELECT DISTINCT id, id AS name FROM (SELECT pre AS id FROM extrasynaptic UNION SELECT post FROM extrasynaptic) ORDER BY id',
      { name: 'neurons', description: 'Neurons that send or receive' },
    );
    const signals = await kit.duck.table(
      'SELECT pre, post, weight, kind, range FROM extrasynaptic ORDER BY kind, range, pre, post',
      {
        name: 'signals',
        description: 'From the neuron that makes a transmitter to the one that has a receptor for it',
        columns: {
          weight: { unit: 'pairs of transmitter and receptor' },
          kind: { description: 'neuropeptide or monoamine' },
          range: { description: 'model of how far neuropeptides reach; null for monoamines' },
        },
      },
    );
    return { tables: [neurons, signals], arrays: [] };
  },
};
