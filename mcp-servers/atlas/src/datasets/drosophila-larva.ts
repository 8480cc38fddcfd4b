import { identifier } from '@bregma/readers/sql-text';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

/** The brain of the first-instar larva. Whether a node belongs to the 3,016 neurons of the paper is a column. */
export const drosophilaLarva: DatasetAdapter = {
  id: 'drosophila-larva-winding2023',
  release: '2023',
  shape: 'connectome',
  card: {
    title: 'Drosophila larva brain connectome (Winding 2023)',
    description:
      'Synapse counts between all neurons of the brain of a first-instar fly larva, with types, hemisphere and lineage. The list holds fewer synapses than the paper counts in all (548,000): probably axo-dendritic ones only.',
    species: 'Drosophila melanogaster (larva)',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.1126/science.add9330',
    cite: ['Winding, Pedigo et al. 2023, Science 379:eadd9330', 'Pedigo et al. 2023, eLife 12:e83739'],
    licence: 'MIT (repository), CC BY 4.0 (paper)',
    exposure: 'public',
    notes: ['Transmitters are not known here: signs of synapses are not part of the data.'],
  },
  keywords: ['whole brain', 'mushroom body', 'learning'],
  domain: {
    what: 'neurons of the brain of the first-instar larva',
    size: 3016,
    source: 'Winding et al. 2023',
    sql: 'SELECT count(*) FROM this.neurons WHERE in_paper',
  },
  published: [
    {
      what: 'neurons',
      says: [{ value: 3016, source: 'Winding et al. 2023, Science 379:eadd9330' }],
      sql: 'SELECT count(*) FROM this.neurons WHERE in_paper',
    },
    {
      what: 'synapses',
      says: [{ value: 548000, source: 'Winding et al. 2023, Science 379:eadd9330, rounded' }],
      sql: 'SELECT sum(weight) FROM this.edges',
      here: 376091,
      because: 'The edge list probably holds axo-dendritic synapses alone, and also neurons beyond the 3,016.',
    },
  ],
  files: [
    {
      path: 'drosophila-larva-winding2023/G_edgelist.txt',
      bytes: 2514626,
      sha256: '4f1e576776a1a02d3cc103d997e1ea7fa41a1f0e47859d94ee8f83790e2ed216',
      origin:
        'https://raw.githubusercontent.com/neurodata/bilateral-connectome/2f56a81187c364fa461ea8d99c299b2a75e58f69/data/elife/G_edgelist.txt',
    },
    {
      path: 'drosophila-larva-winding2023/meta_data.csv',
      bytes: 2848654,
      sha256: '9f393b4c481d31926aa46d031061a559db7999afe76a6ad7d740db43c6f785f4',
      origin:
        'https://raw.githubusercontent.com/neurodata/bilateral-connectome/2f56a81187c364fa461ea8d99c299b2a75e58f69/data/elife/meta_data.csv',
    },
  ],
  async ingest(file, kit) {
    const list = await loadTable(
      'listed',
      file('G_edgelist.txt'),
      { types: 'text', separator: ' ', header: false, missing: [''] },
      kit,
    );
    const [pre, post, weight] = list.columns.map(identifier);
    await kit.duck.run(
      `CREATE OR REPLACE TABLE wires AS SELECT ${pre} AS pre, ${post} AS post, ${weight}::DOUBLE AS weight FROM listed`,
    );
    const { columns } = await loadTable(
      'annotations',
      file('meta_data.csv'),
      { types: 'text', header: true, missing: [''] },
      kit,
    );
    await kit.duck.run(`ALTER TABLE annotations RENAME COLUMN ${identifier(columns[0])} TO skeleton`);
    const neurons = await kit.duck.table(
      `SELECT coalesce(a.skeleton, n.id) AS id, coalesce(nullif(trim(a.name), ''), a.skeleton, n.id) AS name, nullif(a.simple_group, 'unk') AS cell_type, nullif(a.merge_class, 'unk') AS cell_subtype, a.hemisphere AS hemisphere, a.lineage AS lineage,
         a.pair AS pair, a.io AS io, a.brain_and_inputs = 'True' AS in_paper, a.brain_neurons = 'True' AS brain
       FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires) n FULL JOIN annotations a ON a.skeleton = n.id ORDER BY try_cast(coalesce(a.skeleton, n.id) AS BIGINT)`,
      {
        name: 'neurons',
        description: 'Nodes of the wiring diagram and annotated cells; id is the CATMAID skeleton',
        columns: { in_paper: { description: 'one of the 3,016 neurons of the paper (brain and inputs)' } },
      },
    );
    const edges = await kit.duck.table(
      "SELECT pre, post, weight, 'chemical' AS kind FROM wires ORDER BY try_cast(pre AS BIGINT), try_cast(post AS BIGINT)",
      {
        name: 'edges',
        columns: { weight: { unit: 'synapses' } },
      },
    );
    return { tables: [neurons, edges], arrays: [] };
  },
};
