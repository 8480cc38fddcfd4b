import { readFileSql } from '@bregma/readers/sql-text';
import { wormClasses, wormDomain } from '../domain/worm-neurons.ts';
import { xlsx } from '../formats/xlsx.ts';
import { wormTables } from '../read/registered/worm-tables.ts';
import type { DatasetAdapter } from './adapter.ts';

const toolbox =
  'https://raw.githubusercontent.com/nanoman657/ConnectomeToolbox/308b0b970e5a42ccc4745d24272f906c34a590b7/cect/data';

interface Animal {
  number: number;
  stage: string;
  bytes: number;
  sha256: string;
  /** Sums of its table. */
  chemical: number;
  electrical: number;
}

/** Witvliet et al. 2021, figure 1: eight animals of one genotype, from birth to adulthood. */
const animals: Animal[] = [
  {
    number: 1,
    stage: 'L1, at birth',
    bytes: 21805,
    sha256: 'e988deaa25d290786434a23131c1bf3f144e3ca07980233a6edbfcfb8d4d30be',
    chemical: 1296,
    electrical: 104,
  },
  {
    number: 2,
    stage: 'L1',
    bytes: 26528,
    sha256: 'b365bdd96dea52c261c748232dd5d333671721865be1282f3b7efa806d010e2a',
    chemical: 1895,
    electrical: 133,
  },
  {
    number: 3,
    stage: 'L1',
    bytes: 26540,
    sha256: 'd94d522af2a64177ebef0dea0951b2a252eb973bbed01a85a19aaafe4ff0244b',
    chemical: 2128,
    electrical: 109,
  },
  {
    number: 4,
    stage: 'L1',
    bytes: 31213,
    sha256: '10f16bd1f122288e9111acabccbf3fbd4811b861ce6e3293600d4eb5e42e4fbe',
    chemical: 2777,
    electrical: 243,
  },
  {
    number: 5,
    stage: 'L2',
    bytes: 39861,
    sha256: '011ebda64c379fa066254ddd5c8ff0ab89621e1e85e8d31ffc0b37b9602fc163',
    chemical: 4116,
    electrical: 419,
  },
  {
    number: 6,
    stage: 'L3',
    bytes: 38723,
    sha256: '9b342751812bf42733ae7c0de8b40f41ea0af0c5c560215d59525631b220b177',
    chemical: 4456,
    electrical: 267,
  },
  {
    number: 7,
    stage: 'adult',
    bytes: 53165,
    sha256: 'd0fd2dd32adbe5f04ce90a2e5b74c01c9a831876527b0a2b8bd5b94edc86b037',
    chemical: 7467,
    electrical: 400,
  },
  {
    number: 8,
    stage: 'adult',
    bytes: 53143,
    sha256: 'fdead89606257c1b26e57069fbe1de14c7696633b75b59b79e74c0bcc3497e62',
    chemical: 7970,
    electrical: 430,
  },
];

function adapterOf({ number, stage, bytes, sha256, chemical, electrical }: Animal): DatasetAdapter {
  const name = `witvliet_2020_${number}.xlsx`;
  return {
    id: `celegans-witvliet2020-${number}`,
    release: '2021.2', // in the first one muscles in capitals were neurons, and no neuron had a class
    shape: 'connectome',
    card: {
      title: `C. elegans brain, animal ${number} of 8: ${stage} (Witvliet 2021)`,
      description: `Worm: synapses in the nerve ring of one animal (${stage}), number ${number} of eight from birth to adulthood.`,
      species: 'Caenorhabditis elegans',
      modality: 'electron microscopy connectome',
      kind: 'measured',
      doi: '10.1038/s41586-021-03778-8',
      cite: ['Witvliet et al. 2021, Nature 596:257'],
      licence: 'MIT (table as packaged by OpenWorm); cite the paper',
      exposure: 'public',
      notes: ['The volume covers the nerve ring: a neuron of the body that is not here was not looked at.'],
    },
    keywords: [...wormClasses, 'nervous system', 'nerve ring', 'gap junctions', 'synapses', 'development'],
    published: [
      {
        what: 'chemical synapses',
        says: [{ value: chemical, source: 'Witvliet et al. 2021, connectivity table of this animal' }],
        sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'chemical'",
      },
      {
        what: 'gap junctions',
        says: [{ value: electrical, source: 'Witvliet et al. 2021, connectivity table of this animal' }],
        sql: "SELECT sum(weight) FROM this.edges WHERE kind = 'electrical'",
      },
    ],
    domain: wormDomain,
    files: [{ path: `celegans-connectomes/${name}`, bytes, sha256, origin: `${toolbox}/${name}` }],
    async ingest(file, kit) {
      const { tables } = await xlsx.read(file(name), {}, kit);
      const source = readFileSql('parquet', kit.objects.pathOf(tables[0].object));
      const rows = await kit.duck.rows(
        `SELECT trim(pre) AS pre, trim(post) AS post, synapses::DOUBLE AS weight, trim(type) AS kind FROM ${source}`,
      );
      const wires = rows.map((row) => ({
        pre: String(row.pre),
        post: String(row.post),
        kind: String(row.kind),
        weight: Number(row.weight),
      }));
      return wormTables(wires, 'synapses', kit);
    },
  };
}

/** Eight animals from birth to adulthood. */
export const celegansWitvliet: DatasetAdapter[] = animals.map(adapterOf);
