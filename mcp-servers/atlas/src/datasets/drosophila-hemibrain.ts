import { loadTable } from '../read/load-table.ts';
import { broughtConnectome } from '../read/registered/brought-connectome.ts';
import type { DatasetAdapter } from './adapter.ts';

const archive = 'https://storage.googleapis.com/hemibrain/v1.2/exported-traced-adjacencies-v1.2.tar.gz';

/** Half of the adult fly's central brain, in the compact export of its authors. */
export const drosophilaHemibrain: DatasetAdapter = {
  id: 'drosophila-hemibrain',
  release: '1.2',
  shape: 'connectome',
  card: {
    title: 'Hemibrain, adult fly, release 1.2: traced neurons',
    description:
      'Fly: 21,739 traced neurons of a large part of the right half of the central brain, with types, and 3,550,403 connections between them.',
    species: 'Drosophila melanogaster',
    modality: 'electron microscopy connectome',
    kind: 'measured',
    doi: '10.7554/eLife.57443',
    cite: ['Scheffer et al. 2020, eLife 9:e57443'],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: ['A part of one half: a neuron that leaves the volume has connections that are not covered.'],
  },
  keywords: ['central brain', 'central complex', 'mushroom body', 'neuPrint', 'cell types'],
  files: [],
  brought: [
    { name: 'traced-neurons.csv', origin: `${archive} (unpacked)` },
    { name: 'traced-total-connections.csv', origin: `${archive} (unpacked)` },
  ],
  published: [
    {
      what: 'traced neurons',
      says: [{ value: 21739, source: 'export of release 1.2 by its authors' }],
      sql: 'SELECT count(*) FROM this.neurons',
    },
    {
      what: 'connections between traced neurons',
      says: [{ value: 3550403, source: 'export of release 1.2 by its authors' }],
      sql: 'SELECT count(*) FROM this.edges',
    },
  ],
  async ingest(file, kit) {
    const types = { bodyId: 'text', type: 'text', instance: 'text', bodyId_pre: 'text', bodyId_post: 'text' } as const;
    const missing = [''];
    await loadTable(
      'n',
      file('traced-neurons.csv'),
      { types: pick(types, ['bodyId', 'type', 'instance']), missing },
      kit,
    );
    await loadTable(
      'c',
      file('traced-total-connections.csv'),
      { types: pick(types, ['bodyId_pre', 'bodyId_post']), missing },
      kit,
    );
    await kit.duck.run(
      'CREATE TABLE nodes AS SELECT "bodyId" AS id, coalesce(instance, "bodyId") AS name, type AS cell_type, instance FROM n',
    );
    await kit.duck.run(
      'CREATE TABLE links AS SELECT "bodyId_pre" AS pre, "bodyId_post" AS post, weight::DOUBLE AS weight FROM c',
    );
    return broughtConnectome(
      [
        { what: 'traced neurons', sql: 'SELECT count(*) FROM nodes', value: 21739 },
        { what: 'connections', sql: 'SELECT count(*) FROM links', value: 3550403 },
      ],
      kit,
    );
  },
};

const pick = <Name extends string>(types: Record<Name, 'text'>, names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, types[name]]));
