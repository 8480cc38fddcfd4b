import { wormClasses, wormDomain } from '../domain/worm-neurons.ts';
import type { FormatKit } from '../formats/format.ts';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter, RegistryFile } from './adapter.ts';

const files: RegistryFile[] = [
  {
    path: 'celegans-connectomes/herm_full_edgelist.csv',
    bytes: 245463,
    sha256: '142693f17556148d7f962835b18ac6dd5af18b7467eef61815ebc1dd5474c0ca',
    origin:
      'https://raw.githubusercontent.com/nanoman657/ConnectomeToolbox/308b0b970e5a42ccc4745d24272f906c34a590b7/cect/data/herm_full_edgelist.csv',
  },
];

/** "DB01" as "DB1": the numbered motor neurons are written with and without the zero; names are without, ids as in the source. */
export const standardName = (column: string) =>
  `regexp_replace(${column}, '^(AS|DA|DB|DD|VA|VB|VC|VD)0([0-9])$', '\\1\\2')`;

/** The tables of a worm connectome, from a table `wires(pre, post, weight, kind)`. Neurons are the nodes in capitals; muscles and others are not. */
async function wormTables(kit: FormatKit, weight: string) {
  const nodes = 'SELECT pre AS id FROM wires UNION SELECT post FROM wires';
  const neurons = await kit.duck.table(
    `SELECT id, ${standardName('id')} AS name, CASE WHEN id = upper(id) THEN 'neuron' ELSE 'muscle or other' END AS cell_type FROM (${nodes}) ORDER BY id`,
    {
      name: 'neurons',
      description: 'Cells of the wiring diagram',
      columns: { name: { description: 'without the zero of DB01' } },
    },
  );
  const edges = await kit.duck.table('SELECT pre, post, weight, kind FROM wires ORDER BY pre, post, kind', {
    name: 'edges',
    description: 'Connections from pre to post; electrical ones are listed from both sides where the source does',
    columns: { weight: { unit: weight }, kind: { description: 'chemical or electrical' } },
  });
  return { tables: [neurons, edges], arrays: [] };
}

/** The hermaphrodite worm: the complete wiring of 2019. */
export const celegans: DatasetAdapter[] = [
  {
    id: 'celegans-cook2019',
    release: '2019',
    shape: 'connectome',
    card: {
      title: 'C. elegans hermaphrodite connectome (Cook 2019)',
      description:
        'Worm: chemical synapses and gap junctions between 300 neurons and their targets, from electron microscopy.',
      species: 'Caenorhabditis elegans',
      modality: 'electron microscopy connectome',
      kind: 'measured',
      doi: '10.1038/s41586-019-1352-7',
      cite: ['Cook et al. 2019, Nature 571:63'],
      licence: 'MIT (table as packaged by OpenWorm); cite the paper',
      exposure: 'public',
    },
    keywords: [...wormClasses, 'nervous system', 'gap junctions', 'synapses'],
    domain: wormDomain,
    published: [
      {
        what: 'neurons of the hermaphrodite',
        says: [
          { value: 302, source: 'White et al. 1986, Phil Trans R Soc B 314:1' },
          { value: 300, source: 'this edge list: CANL and CANR have no synapse' },
        ],
        sql: "SELECT count(*) FROM this.neurons WHERE cell_type = 'neuron'",
      },
      {
        what: 'connections listed, chemical and electrical',
        says: [{ value: 7379, source: 'Cook et al. 2019, edge list of the hermaphrodite as packaged by OpenWorm' }],
        sql: 'SELECT count(*) FROM this.edges',
      },
    ],
    files: files.filter(({ path }) => path.endsWith('herm_full_edgelist.csv')),
    async ingest(file, kit) {
      await loadTable('listed', file('herm_full_edgelist.csv'), { types: 'text', missing: [''] }, kit);
      await kit.duck.run(
        'CREATE OR REPLACE TABLE wires AS SELECT trim("Source") AS pre, trim("Target") AS post, "Weight"::DOUBLE AS weight, trim("Type") AS kind FROM listed',
      );
      return wormTables(kit, 'size of all synapses, in electron microscopy sections');
    },
  },
];
