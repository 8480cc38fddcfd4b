import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

const name = 'visual_type_to_type_connection_and_synapse_counts.csv';

/** Which types of the fly's visual system are wired to which. */
export const drosophilaVisualTypes: DatasetAdapter = {
  id: 'drosophila-visual-types-matsliah2024',
  release: '783',
  shape: 'connectome',
  card: {
    title: 'FlyWire v783: the visual system, type to type (Matsliah 2024)',
    description:
      'Fly: connections and synapses from each type of the visual system to each, 742 types that take part in one, in the right and the left optic lobe and between neurons of both sides.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'derived',
    doi: '10.1038/s41586-024-07981-1',
    cite: ['Matsliah et al. 2024, Nature 634:166', 'Dorkenwald et al. 2024, Nature 634:124'],
    licence: 'Apache-2.0 (table); FlyWire terms: non-commercial, with citation',
    licenceUrl: 'https://github.com/murthylab/visual-system-parts-list',
    exposure: 'public',
    notes: ['A node is a type, not a cell: a self-loop is a connection between cells of one type.'],
  },
  terms: 'FlyWire data are free for non-commercial use with citation of the FlyWire papers (https://codex.flywire.ai).',
  keywords: ['optic lobe', 'medulla', 'lobula', 'lobula plate', 'vision', 'cell types', 'T4', 'T5', 'Mi1', 'Tm1'],
  published: [
    {
      what: 'connections between neurons of the visual system',
      says: [{ value: 4425193, source: 'Matsliah et al. 2024, table of the parts list' }],
      sql: 'SELECT sum(connections_total) FROM this.edges',
    },
    {
      what: 'synapses between neurons of the visual system',
      says: [{ value: 23500481, source: 'Matsliah et al. 2024, table of the parts list' }],
      sql: 'SELECT sum(synapses_total) FROM this.edges',
    },
  ],
  files: [
    {
      path: `drosophila-flywire-v783/${name}`,
      bytes: 2159275,
      sha256: '215cf7a65895f9f84768db34052964542f7ebbe986ce9864b7e9ed2976c55e38',
      origin:
        'https://raw.githubusercontent.com/murthylab/visual-system-parts-list/0d8574d46627ce7fadd968a3c5d602e837325373/data/type_to_type_connection_and_synapse_counts.csv',
    },
  ],
  async ingest(file, kit) {
    // A type may have a name that reads as nothing elsewhere.
    await loadTable('counts', file(name), { types: { 'from type': 'text', 'to type': 'text' }, missing: [''] }, kit);
    const neurons = await kit.duck.table(
      'SELECT DISTINCT id, id AS type FROM (SELECT "from type" AS id FROM counts UNION SELECT "to type" FROM counts) ORDER BY id',
      { name: 'neurons', description: 'Types: what is connected here' },
    );
    const sides = ['total', 'RHS', 'LHS', 'bilateral'];
    const counted = sides.flatMap((side) =>
      ['connections', 'synapses'].map((what) => `"${what} ${side}"::BIGINT AS ${what}_${side.toLowerCase()}`),
    );
    const edges = await kit.duck.table(
      `SELECT "from type" AS pre, "to type" AS post, "synapses total"::DOUBLE AS weight, 'chemical' AS kind, ${counted.join(', ')} FROM counts ORDER BY pre, post`,
      {
        name: 'edges',
        description: 'From type to type; bilateral: between a neuron of one side and one of the other',
        columns: {
          weight: { unit: 'synapses' },
          connections_total: { description: 'pairs of neurons' },
        },
      },
    );
    return { tables: [neurons, edges], arrays: [] };
  },
};
