import { readFileSql } from '@bregma/readers/sql-text';
import { wormClasses, wormDomain } from '../domain/worm-neurons.ts';
import { xlsx } from '../formats/xlsx.ts';
import { wormTables } from '../read/registered/worm-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

const name = 'NeuronConnectFormatted.xlsx';

/**
 * What the source lists from the sending side (S: to one neuron, Sp: to several), and what it lists from the receiving one (R, Rp),
 * which are the same synapses again.
 */
const kinds: Record<string, string> = { S: 'chemical', Sp: 'chemical', EJ: 'electrical', NMJ: 'neuromuscular' };

/** The wiring of 279 neurons of the body, pharynx left out. */
export const celegansVarshney: DatasetAdapter = {
  id: 'celegans-varshney2011',
  release: '2011',
  shape: 'connectome',
  card: {
    title: 'C. elegans somatic nervous system (Varshney 2011)',
    description:
      'Worm: chemical synapses and gap junctions between 279 neurons of the body, revised from White 1986; neuromuscular junctions as one target.',
    species: 'Caenorhabditis elegans',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.1371/journal.pcbi.1001066',
    cite: ['Varshney, Chen, Paniagua, Hall & Chklovskii 2011, PLoS Comput Biol 7:e1001066'],
    licence: 'MIT (table as packaged by OpenWorm); cite the paper',
    exposure: 'public',
    notes: [
      'Rows of the receiving side (R, Rp) list the same synapses again and are left out. The 20 neurons of the pharynx are not in this table: they were not looked at.',
      'The paper counts 6,393 chemical synapses, the table has 6,394.',
    ],
  },
  keywords: [...wormClasses, 'nervous system', 'gap junctions', 'synapses', 'motor neurons'],
  domain: wormDomain,
  published: [
    {
      what: 'chemical synapses',
      says: [
        { value: 6393, source: 'Varshney et al. 2011, PLoS Comput Biol 7:e1001066' },
        { value: 6394, source: 'the table that the paper offers, sending side (S, Sp)' },
      ],
      sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'chemical'",
    },
    {
      what: 'neuromuscular junctions',
      says: [{ value: 1410, source: 'Varshney et al. 2011, PLoS Comput Biol 7:e1001066' }],
      sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'neuromuscular'",
    },
    {
      what: 'gap junctions',
      says: [{ value: 890, source: 'Varshney et al. 2011, PLoS Comput Biol 7:e1001066' }],
      sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'electrical'",
      here: 1777,
      because: 'The table lists a gap junction from both sides; 3 of them join a neuron to itself.',
    },
  ],
  files: [
    {
      path: `celegans-connectomes/${name}`,
      bytes: 149490,
      sha256: '33e073727baf85286ce8f278a1a418bff8779ed0dac1a3ea38174ed89ed16af7',
      origin: `https://raw.githubusercontent.com/nanoman657/ConnectomeToolbox/308b0b970e5a42ccc4745d24272f906c34a590b7/cect/data/${name}`,
    },
  ],
  async ingest(file, kit) {
    const { tables } = await xlsx.read(file(name), {}, kit);
    const source = readFileSql('parquet', kit.objects.pathOf(tables[0].object));
    const rows = await kit.duck.rows(
      `SELECT trim("Neuron 1") AS pre, trim("Neuron 2") AS post, trim("Type") AS type, "Nbr"::DOUBLE AS weight FROM ${source}`,
    );
    const wires = rows
      .filter(({ type }) => String(type) in kinds)
      .map((row) => ({
        pre: String(row.pre),
        post: String(row.post),
        kind: kinds[String(row.type)],
        weight: Number(row.weight),
      }));
    return wormTables(wires, 'synapses', kit);
  },
};
