import { readFileSync } from 'node:fs';
import { wormClasses, wormDomain } from '../domain/worm-neurons.ts';
import { type Wire, wormTables } from '../read/registered/worm-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

const toolbox =
  'https://raw.githubusercontent.com/nanoman657/ConnectomeToolbox/308b0b970e5a42ccc4745d24272f906c34a590b7/cect/data';

interface Series {
  id: string;
  what: string;
  name: string;
  bytes: number;
  sha256: string;
  /** Synapses in its table. */
  chemical: number;
}

const series: Series[] = [
  {
    id: 'adult',
    what: 'nerve ring of an adult (the series N2U)',
    name: 'aconnectome_white_1986_A.csv',
    bytes: 43790,
    sha256: '09284a374c3c30f6c806ea4dbbbb33da2e735d1891893a3f1fd65ada1e565123',
    chemical: 4538,
  },
  {
    id: 'l4',
    what: 'nerve ring of a larva of the last stage (the series JSH)',
    name: 'aconnectome_white_1986_L4.csv',
    bytes: 40834,
    sha256: 'f2b709afa7b7997dff7482999af189971f79203f9df1db184a37ced86cb0127d',
    chemical: 4340,
  },
  {
    id: 'whole',
    what: 'whole animal, put together from several series',
    name: 'aconnectome_white_1986_whole.csv',
    bytes: 67453,
    sha256: 'c8aac78756b71f6337629951e5f4211448e85d148f6db9b367b2cd0450bb403a',
    chemical: 7943,
  },
];

/** One line a connection: pre, post, type and number of synapses, between blanks or tabs. */
function readWires(text: string, name: string): Wire[] {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  if (header.trim().split(/\s+/).join() !== 'pre,post,type,synapses')
    throw new Error(`${name} begins with '${header}'.`);
  return lines.map((line, i) => {
    const [pre, post, kind, count, ...more] = line.trim().split(/\s+/);
    const weight = Number(count);
    if (more.length > 0 || !Number.isFinite(weight)) throw new Error(`${name}, line ${i + 2}: '${line}'.`);
    return { pre, post, kind, weight };
  });
}

function adapterOf({ id, what, name, bytes, sha256, chemical }: Series): DatasetAdapter {
  return {
    id: `celegans-white1986-${id}`,
    release: '1986',
    shape: 'connectome',
    card: {
      title: `C. elegans, ${what} (White 1986)`,
      description: `Worm: synapses and gap junctions of the first connectome, ${what}, as curated for comparison with later ones.`,
      species: 'Caenorhabditis elegans',
      modality: 'electron microscopy connectome',
      kind: 'measured',
      doi: '10.1098/rstb.1986.0056',
      cite: [
        'White, Southgate, Thomson & Brenner 1986, Phil Trans R Soc B 314:1',
        'Witvliet et al. 2021, Nature 596:257',
      ],
      licence: 'MIT (table as packaged by OpenWorm); cite the paper',
      exposure: 'public',
    },
    keywords: [...wormClasses, 'nervous system', 'nerve ring', 'gap junctions', 'synapses'],
    published: [
      {
        what: 'chemical synapses',
        says: [{ value: chemical, source: 'table of the series as packaged by OpenWorm' }],
        sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'chemical'",
      },
    ],
    domain: wormDomain,
    files: [{ path: `celegans-connectomes/${name}`, bytes, sha256, origin: `${toolbox}/${name}` }],
    ingest: (file, kit) => wormTables(readWires(readFileSync(file(name), 'utf8'), name), 'synapses', kit),
  };
}

/** The series of the first connectome. */
export const celegansWhite: DatasetAdapter[] = series.map(adapterOf);
