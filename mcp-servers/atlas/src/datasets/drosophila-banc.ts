import { BregmaError } from '@bregma/core/errors';
import { broughtConnectome } from '../read/registered/brought-connectome.ts';
import { loadFeather, textColumns } from '../read/registered/feather-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

const bucket = 'https://storage.googleapis.com/lee-lab_brain-and-nerve-cord-fly-connectome/compiled_data/banc_888';
const meta = 'banc_888_meta.feather';
const edgelist = 'banc_888_edgelist_simple_v2.feather';

const kept = [
  'super_class',
  'cell_class',
  'cell_sub_class',
  'region',
  'side',
  'flow',
  'hemilineage',
  'nerve',
  'cell_function',
  'body_part_sensory',
  'body_part_effector',
  'fafb_cell_type',
  'manc_cell_type',
  'malecns_cell_type',
  'hemibrain_cell_type',
  'sexually_dimorphic',
  'neurotransmitter_predicted',
];

/** Super classes of annotated segments that are no neurons. */
const noNeurons = "('glia', 'trachea', 'not_a_neuron')";

/** Brain and nerve cord of one female fly. */
export const drosophilaBanc: DatasetAdapter = {
  id: 'drosophila-banc',
  release: '888',
  shape: 'connectome',
  card: {
    title: 'BANC v888: brain and nerve cord of a female fly',
    description:
      'Fly: the proofread neurons of one whole central nervous system with types, matches to FAFB, MANC, MaleCNS and hemibrain, and predicted transmitter, and the connections between them.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.1038/s41586-026-10735-w',
    cite: ['Bates, Phelps, Kim, Yang et al. 2026, Nature (10.1038/s41586-026-10735-w)'],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: [
      'A neuron is a segment marked proofread or roughly proofread that is no glia, trachea or other non-neuron; rows of the edge list with other segments are left out, and counted.',
      'nt_type is predicted from images, not measured. Types of other brains are matches that the authors made: an "auto:" before a hemibrain type says that a program did.',
    ],
  },
  keywords: ['whole brain', 'ventral nerve cord', 'neck connective', 'Codex', 'FlyWire', 'cell types', 'motor neurons'],
  files: [],
  brought: [
    { name: meta, origin: `${bucket}/${meta}` },
    { name: edgelist, origin: `${bucket}/${edgelist}` },
  ],
  published: [
    {
      what: 'proofread and roughly proofread neurons',
      says: [
        { value: 155916, source: 'Bates et al. 2026, Nature' },
        { value: 155858, source: 'metadata of v888 as others counted it, without glia, trachea and non-neurons' },
      ],
      sql: 'SELECT count(*) FROM this.neurons',
    },
  ],
  async ingest(file, kit) {
    const present = await loadFeather('m', file(meta), kit);
    const id = ['banc_888_id', 'root_id', 'id'].find((name) => present.has(name));
    const marks = ['proofread', 'roughly_proofread'].filter((name) => present.has(name));
    if (!id || marks.length === 0)
      throw new BregmaError('bad-input', `${meta} has no column ${id ? 'proofread' : 'banc_888_id'}.`, {
        next: `Take the file of v888 from ${bucket}.`,
      });
    const marked = marks.map((name) => `upper(m."${name}"::VARCHAR) IN ('TRUE', '1')`).join(' OR ');
    const neuron = present.has('super_class') ? ` AND coalesce(m.super_class::VARCHAR, '') NOT IN ${noNeurons}` : '';
    await kit.duck.run(
      `CREATE TABLE nodes AS SELECT m."${id}"::VARCHAR AS id, m."${id}"::VARCHAR AS name${textColumns('m', present, ['cell_type', ...kept], { neurotransmitter_predicted: 'nt_type' })} FROM m WHERE (${marked})${neuron}`,
    );
    await loadFeather('e', file(edgelist), kit);
    await kit.duck.run(
      'CREATE VIEW links AS SELECT pre::VARCHAR AS pre, post::VARCHAR AS post, "count"::DOUBLE AS weight FROM e',
    );
    return broughtConnectome([{ what: 'neurons', sql: 'SELECT count(*) FROM nodes', value: 155858 }], kit);
  },
};
