import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { xlsx } from '../formats/xlsx.ts';
import type { DatasetAdapter } from './adapter.ts';

const origin =
  'https://raw.githubusercontent.com/benfulcher/mouseStructuralConnectivity/a2429d1082a81fbdcbea2261fb03e6ac8fc20048/Data';
const matrices = 'Suppl_Table_3_nature13186-s4.xlsx';
const structures = 'nature13186-s2.xlsx';

/** A table `name(pre, post, value)` of a sheet whose first row and column are acronyms. Throws where they differ, or are not 213. */
async function unpivot(name: string, file: string, sheet: string, kit: FormatKit): Promise<void> {
  const { tables } = await xlsx.read(file, { sheet, types: 'text', header: true }, kit);
  const [first, ...others] = tables[0].columns.map((column) => column.name);
  const source = readFileSql('parquet', kit.objects.pathOf(tables[0].object));
  const rows = await kit.duck.rows(`SELECT ${identifier(first)} AS acronym FROM ${source}`);
  if (others.length !== 213 || rows.length !== 213 || rows.some(({ acronym }, i) => acronym !== others[i]))
    throw new Error(`Sheet ${sheet} has ${rows.length} rows and ${others.length} columns, or other names in them.`);
  const acronym = identifier(first);
  // What has no number has no row when a table is unpivoted: it is a text until then.
  const whole = `SELECT ${acronym}, coalesce(COLUMNS(* EXCLUDE (${acronym})), '') FROM ${source}`;
  await kit.duck.run(`CREATE OR REPLACE TABLE sheet AS ${whole}`);
  await kit.duck.run(
    `CREATE OR REPLACE TABLE ${name} AS SELECT ${acronym} AS pre, post, try_cast(value AS DOUBLE) AS value FROM (UNPIVOT sheet ON COLUMNS(* EXCLUDE (${acronym})) INTO NAME post VALUE value)`,
  );
}

/** Which region projects to which, by a linear model over 469 tracer injections. */
export const mouseMesoscaleOh: DatasetAdapter = {
  id: 'mouse-mesoscale-oh2014',
  release: '2014',
  shape: 'connectome',
  card: {
    title: 'Mouse mesoscale connectome: 213 regions (Oh 2014)',
    description:
      'Mouse: strength of the projection from each of 213 regions to every other one, on the same and on the other side, fitted to viral tracer injections, with the p-value of each.',
    species: 'Mus musculus',
    modality: 'anterograde viral tracing, serial two-photon tomography',
    kind: 'derived',
    doi: '10.1038/nature13186',
    cite: ['Oh et al. 2014, Nature 508:207'],
    licence: 'Allen Institute Terms of Use: non-commercial, with citation (supplement of the paper)',
    licenceUrl: 'https://alleninstitute.org/terms-of-use',
    exposure: 'public',
    notes: [
      'Strengths come from a fit with no negative values: a zero is one at which the fit stopped, and has no p-value. It is no proof that there is no projection.',
      'Ids are acronyms of the Allen reference atlas, as in the structures of mouse-ccfv3-50um.',
    ],
  },
  terms: 'Allen Institute Terms of Use: non-commercial use with citation (https://alleninstitute.org/terms-of-use).',
  keywords: ['cortex', 'thalamus', 'hippocampus', 'striatum', 'midbrain', 'projections', 'tracing', 'regions'],
  domain: {
    what: 'summary structures of grey matter of the Allen reference atlas',
    size: 295,
    source: 'Oh et al. 2014, supplementary table 1',
    sql: 'SELECT count(*) FROM this.neurons',
  },
  published: [
    {
      what: 'regions',
      says: [{ value: 213, source: 'Oh et al. 2014, Nature 508:207' }],
      sql: 'SELECT count(*) FROM this.neurons',
    },
    {
      what: 'projections of the same side that have a p-value',
      says: [{ value: 16954, source: 'Oh et al. 2014, supplementary table 3' }],
      sql: "SELECT count(p) FROM this.edges WHERE kind = 'ipsilateral'",
    },
    {
      what: 'projections to the other side that have a p-value',
      says: [{ value: 15868, source: 'Oh et al. 2014, supplementary table 3' }],
      sql: "SELECT count(p) FROM this.edges WHERE kind = 'contralateral'",
    },
  ],
  files: [
    {
      path: `mouse-mesoscale-oh2014/${matrices}`,
      bytes: 1570536,
      sha256: 'c5c2a640873c07f4f52ed4fdceae8cee68d4acae8e1a1015a2c77b18b4b3c756',
      origin: `${origin}/${matrices}`,
    },
    {
      path: `mouse-mesoscale-oh2014/${structures}`,
      bytes: 90654,
      sha256: '2bdc599b969db4fcbcfbe27138732050e009f5de7e3e486a1c172cb5d5bc08d5',
      origin: `${origin}/${structures}`,
    },
  ],
  async ingest(file, kit) {
    const sides = [
      ['ipsi', 'ipsilateral'],
      ['contra', 'contralateral'],
    ];
    for (const [short] of sides) {
      await unpivot(`w_${short}`, file(matrices), `W_${short}`, kit);
      await unpivot(`p_${short}`, file(matrices), `PValue_${short}`, kit);
    }
    const pairs = sides
      .map(
        ([short, side]) =>
          `SELECT w.pre, w.post, w.value AS weight, p.value AS p, ${literal(side)} AS kind FROM w_${short} w JOIN p_${short} p USING (pre, post)`,
      )
      .join(' UNION ALL ');
    const edges = await kit.duck.table(`SELECT * FROM (${pairs}) WHERE weight > 0 ORDER BY pre, post, kind`, {
      name: 'edges',
      description: 'Projections of a strength above 0, from the region of the injection',
      columns: {
        weight: { unit: 'normalised connection strength' },
        p: { description: 'of the fit, not corrected over pairs; smaller than a double can hold is 0' },
        kind: { description: 'ipsilateral or contralateral to the source' },
      },
    });
    const { tables } = await xlsx.read(file(structures), { sheet: 'voxel_count_all ARA', header: true }, kit);
    const source = readFileSql('parquet', kit.objects.pathOf(tables[0].object));
    const neurons = await kit.duck.table(
      `SELECT r.pre AS id, s.id::BIGINT::VARCHAR AS structure_id, s.name, s."ontology order"::INTEGER AS ontology_order, s."voxel count"::BIGINT AS voxels FROM (SELECT DISTINCT pre FROM w_ipsi) r LEFT JOIN ${source} s ON s.acronym = r.pre ORDER BY r.pre`,
      {
        name: 'neurons',
        description: 'Regions: what is connected here',
        columns: { id: { description: 'acronym' }, voxels: { unit: 'voxels of 100 µm' } },
      },
    );
    return { tables: [neurons, edges], arrays: [] };
  },
};
