import { loadArrow } from '../read/arrow/load.ts';
import { broughtConnectome } from '../read/registered/brought-connectome.ts';
import type { DatasetAdapter } from './adapter.ts';

const bucket = 'https://storage.googleapis.com/flyem-male-cns/v1.0/connectome-data/flat-connectome';
const annotations = 'body-annotations-male-cns-v1.0-minconf-0.5.feather';
const transmitters = 'body-neurotransmitters-male-cns-v1.0.feather';
const weights = 'connectome-weights-male-cns-v1.0-minconf-0.5.feather';

/** The whole central nervous system of a male fly. */
export const drosophilaMaleCns: DatasetAdapter = {
  id: 'drosophila-male-cns',
  release: '1.0',
  shape: 'connectome',
  card: {
    title: 'MaleCNS 1.0: brain, optic lobes and ventral nerve cord of a male fly',
    description:
      'Fly: 166,700 neurons of the whole central nervous system with types, superclass and predicted transmitter, and 25,582,938 connections between them.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.1016/j.cell.2026.08.015',
    cite: ['Berg et al. 2026, Cell 189:5504'],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: [
      'A neuron is a body with a superclass. Connections with other segments are left out, and counted.',
      'nt_type is predicted from images, not measured.',
    ],
  },
  keywords: ['whole brain', 'ventral nerve cord', 'optic lobe', 'neuPrint', 'cell types', 'sexual dimorphism'],
  files: [],
  brought: [
    { name: annotations, origin: `${bucket}/${annotations}` },
    { name: weights, origin: `${bucket}/${weights}` },
    { name: transmitters, origin: `${bucket}/${transmitters}`, optional: true },
  ],
  published: [
    {
      what: 'neurons',
      says: [
        { value: 166700, source: 'annotations of release 1.0: bodies with a superclass' },
        { value: 166691, source: 'abstract of the preprint, second version' },
      ],
      sql: 'SELECT count(*) FROM this.neurons',
    },
    {
      what: 'cell types',
      says: [
        { value: 11751, source: 'annotations of release 1.0' },
        { value: 11691, source: 'abstract of the preprint, second version' },
      ],
      sql: 'SELECT count(DISTINCT cell_type) FROM this.neurons',
    },
  ],
  async ingest(file, kit) {
    const load = async (name: string, table: string) => {
      await loadArrow(file(name), kit);
      await kit.duck.run(`CREATE OR REPLACE TABLE ${table} AS FROM incoming`);
    };
    await load(annotations, 'bodies');
    const present = new Set((await kit.duck.columns('bodies')).map(({ name }) => name));
    const known = await hasFile(() => file(transmitters));
    if (known) await load(transmitters, 'transmitters');
    const more = ['instance', 'somaSide', 'class', 'subclass', 'hemilineage', 'entryNerve', 'exitNerve']
      .filter((name) => present.has(name))
      .map((name) => `, b."${name}"::VARCHAR AS "${name}"`);
    const nt = known
      ? ', t.consensus_nt::VARCHAR AS nt_type FROM bodies b LEFT JOIN (SELECT body, any_value(consensus_nt) AS consensus_nt FROM transmitters GROUP BY body) t ON t.body::VARCHAR = b."bodyId"::VARCHAR'
      : ' FROM bodies b';
    await kit.duck.run(
      `CREATE TABLE nodes AS SELECT b."bodyId"::VARCHAR AS id, coalesce(${present.has('instance') ? 'b.instance::VARCHAR, ' : ''}b."bodyId"::VARCHAR) AS name, b.type::VARCHAR AS cell_type, b.superclass::VARCHAR AS super_class${more.join('')}${nt} WHERE b.superclass IS NOT NULL`,
    );
    await loadArrow(file(weights), kit);
    await kit.duck.run(
      'CREATE VIEW links AS SELECT body_pre::VARCHAR AS pre, body_post::VARCHAR AS post, weight::DOUBLE AS weight FROM incoming',
    );
    return broughtConnectome([{ what: 'neurons', sql: 'SELECT count(*) FROM nodes', value: 166700 }], kit);
  },
};

/** Whether a file that need not be there is. */
async function hasFile(place: () => string): Promise<boolean> {
  try {
    return place() !== '';
  } catch {
    return false;
  }
}
