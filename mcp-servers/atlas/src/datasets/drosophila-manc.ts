import { loadTable } from '../read/load-table.ts';
import { broughtConnectome } from '../read/registered/brought-connectome.ts';
import { loadFeather, textColumns } from '../read/registered/feather-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

const bucket = 'https://storage.googleapis.com/flyem-manc-exports/v1.0';
const properties = 'manc-v1.0-neuron-properties.feather';

/** What the export says of a neuron beside its name and type, and how it is called here. */
const kept = [
  'class',
  'subclass',
  'systematicType',
  'hemilineage',
  'birthtime',
  'group',
  'serial',
  'somaSide',
  'rootSide',
  'somaNeuromere',
  'entryNerve',
  'exitNerve',
  'longTract',
  'modality',
  'origin',
  'target',
  'transmission',
  'status',
  'predictedNt',
];

/** The ventral nerve cord of a male fly, in the flat export of its authors. */
export const drosophilaManc: DatasetAdapter = {
  id: 'drosophila-manc',
  release: '1.0',
  shape: 'connectome',
  card: {
    title: 'MANC 1.0: ventral nerve cord of a male fly',
    description:
      'Fly: the traced neurons of the male adult nerve cord with types, class, hemilineage, nerves and predicted transmitter, and the connections between them.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.7554/eLife.97769.1',
    cite: [
      'Takemura et al. 2024, eLife 13:RP97769',
      'Marin et al. 2024, eLife 13:RP97766',
      'Cheong et al. 2024, eLife 13:RP96084',
    ],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: [
      'Flat files are published of release 1.0 alone; types of later releases (1.2.1, 1.2.3) are in neuPrint.',
      'nt_type is predicted from images (acetylcholine, GABA or glutamate, or unknown), not measured. Gap junctions are not in the data.',
      'How many neurons the export has is not stated by a source that was read here: it is counted when it is added.',
    ],
  },
  keywords: [
    'ventral nerve cord',
    'VNC',
    'motor neurons',
    'descending neurons',
    'hemilineage',
    'neuPrint',
    'cell types',
  ],
  files: [],
  brought: [
    { name: 'traced-neurons.csv', origin: `${bucket}/manc-traced-adjacencies-v1.0/traced-neurons.csv` },
    { name: 'traced-connections.csv', origin: `${bucket}/manc-traced-adjacencies-v1.0/traced-connections.csv` },
    { name: properties, origin: `${bucket}/${properties}`, optional: true },
  ],
  async ingest(file, kit, names) {
    const missing = [''];
    const text = (...columns: string[]) => ({
      types: Object.fromEntries(columns.map((one) => [one, 'text' as const])),
    });
    await loadTable('n', file('traced-neurons.csv'), { ...text('bodyId', 'type', 'instance'), missing }, kit);
    await loadTable('c', file('traced-connections.csv'), { ...text('bodyId_pre', 'bodyId_post'), missing }, kit);
    const known = names.includes(properties);
    const present = known ? await loadFeather('p', file(properties), kit) : new Set<string>();
    const key = ['bodyId', 'body', 'bodyid'].find((name) => present.has(name));
    const more = textColumns('p', present, kept, { class: 'super_class', predictedNt: 'nt_type' });
    await kit.duck.run(
      `CREATE TABLE nodes AS SELECT n."bodyId" AS id, coalesce(n.instance, n."bodyId") AS name, n.type AS cell_type, n.instance${key ? more : ''} FROM n${key ? ` LEFT JOIN p ON p."${key}"::VARCHAR = n."bodyId"` : ''}`,
    );
    await kit.duck.run(
      'CREATE VIEW links AS SELECT "bodyId_pre" AS pre, "bodyId_post" AS post, weight::DOUBLE AS weight FROM c',
    );
    const made = await broughtConnectome([], kit);
    const unread = known && !key ? [`${properties} has no column bodyId: it was not used.`] : [];
    return { ...made, warnings: [...made.warnings, ...unread] };
  },
};
