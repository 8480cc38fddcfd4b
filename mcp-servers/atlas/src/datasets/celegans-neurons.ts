import { wormClasses, wormNeurons } from '../domain/worm-neurons.ts';
import { wormColumns } from '../read/registered/worm-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

/** The one vocabulary by which worm connectomes are joined. */
export const celegansNeurons: DatasetAdapter = {
  id: 'celegans-neurons',
  release: '1986',
  shape: 'tables',
  card: {
    title: 'C. elegans: the 302 neurons by name, class and side',
    description:
      'Worm: each of the 302 neurons of the hermaphrodite with its class (118), its side and its mirror image, and the aliases by which sources call it: what worm data sets are joined by.',
    species: 'Caenorhabditis elegans',
    modality: 'nomenclature',
    kind: 'derived',
    doi: '10.1098/rstb.1986.0056',
    cite: ['White, Southgate, Thomson & Brenner 1986, Phil Trans R Soc B 314:1'],
    licence: 'CC0-1.0 (a list of names)',
    exposure: 'public',
    notes: ['Pairs are read off the names: L and R of one class.'],
  },
  keywords: [...wormClasses, 'nervous system', 'neuron classes', 'aliases', 'vocabulary'],
  published: [
    {
      what: 'neurons of the hermaphrodite',
      says: [{ value: 302, source: 'White et al. 1986, Phil Trans R Soc B 314:1' }],
      sql: 'SELECT count(*) FROM this.neurons',
    },
    {
      what: 'classes of neurons',
      says: [{ value: 118, source: 'White et al. 1986, Phil Trans R Soc B 314:1' }],
      sql: 'SELECT count(DISTINCT class) FROM this.neurons',
    },
  ],
  files: [],
  async ingest(_file, kit) {
    const neurons = [...wormNeurons.values()];
    await kit.duck.make('vocabulary', {
      id: neurons.map(({ name }) => name),
      class: neurons.map(({ neuronClass }) => neuronClass),
      side: neurons.map(({ side }) => side ?? ''),
      partner: neurons.map(({ partner }) => partner ?? ''),
    });
    const table = await kit.duck.table(
      "SELECT id, id AS name, class, nullif(side, '') AS side, nullif(partner, '') AS partner FROM vocabulary ORDER BY id",
      { name: 'neurons', description: 'The 302 neurons', columns: wormColumns },
    );
    const aliases = await kit.duck.table(
      "SELECT id AS alias, id FROM vocabulary UNION SELECT regexp_replace(id, '^([A-Z]+)([0-9])$', '\\10\\2'), id FROM vocabulary WHERE class IN ('AS', 'DA', 'DB', 'DD', 'VA', 'VB', 'VC', 'VD') AND length(id) = length(class) + 1 ORDER BY alias",
      { name: 'aliases', description: 'What sources call them: the name itself, and DB01 for DB1' },
    );
    return { tables: [table, aliases], arrays: [] };
  },
};
