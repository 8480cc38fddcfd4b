import { readFileSync } from 'node:fs';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../formats/format.ts';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

const bucket = 'https://storage.googleapis.com/mat_dbs/public/minnie65_phase3_v1/v1412';
const twin =
  'https://bossdb-open-data.s3.amazonaws.com/iarpa_microns/minnie/functional_data/digital_twin_properties/v2';
const [coregistration, properties] = ['coregistration_manual_v4_merged', 'functional_properties_v3_bcm_merged'];
/** A unit is this of a recording; the same three in every file. */
const key = ['session', 'scan_idx', 'unit_id'];

/** Which neuron of the electron microscopy is which unit of the calcium imaging, and how it is tuned. */
export const mouseMicronsFunctional: DatasetAdapter = {
  id: 'mouse-microns-functional',
  release: 'v1412',
  shape: 'tables',
  card: {
    title: 'MICrONS minnie65, materialization 1412: neurons of the connectome matched with units of calcium imaging',
    description:
      'Mouse: manual matches of neurons in electron microscopy with units of two-photon imaging in visual cortex, and functional properties of units.',
    species: 'Mus musculus',
    modality: 'two-photon calcium imaging; electron microscopy',
    kind: 'derived',
    doi: '10.1038/s41586-025-08790-w',
    cite: ['MICrONS Consortium 2025, Nature 640:435'],
    licence: 'as microns-explorer.org states; not confirmed here',
    licenceUrl: 'https://www.microns-explorer.org/terms-of-service',
    exposure: 'public',
    notes: [
      'The tables are published without a line of names; the names are a file beside each, which is read.',
      'Properties come from a digital twin of the recordings: predicted from measurements, not measured.',
      'A neuron may be matched in several scans, and a match may be wrong: residual and score say how good it is. pt_root_id 0 is no neuron.',
    ],
  },
  keywords: [
    'visual cortex',
    'V1',
    'coregistration',
    'orientation tuning',
    'calcium imaging',
    'connectome',
    'digital twin',
  ],
  files: [],
  brought: [
    ...[coregistration, properties].flatMap((name, i) =>
      [`${name}.csv.gz`, `${name}_header.csv`].map((one) => ({
        name: one,
        origin: `${bucket}/${one}`,
        ...(i > 0 ? { optional: true as const } : {}),
      })),
    ),
    { name: 'units.csv', origin: `${twin}/ori_dir_tuning/units.csv`, optional: true },
  ],
  async ingest(file, kit, names) {
    await loadHeaderless('matches', coregistration, file, kit);
    const tables = [
      await kit.duck.table(`SELECT * FROM matches ORDER BY ${key.join(', ')}`, {
        name: 'matches',
        description: 'One row a match of a neuron with a unit of a scan',
      }),
    ];
    const warnings: string[] = [];
    if (names.includes(`${properties}.csv.gz`)) {
      await loadHeaderless('properties', properties, file, kit);
      tables.push(
        await kit.duck.table(`SELECT * FROM properties ORDER BY ${key.join(', ')}`, {
          name: 'properties',
          description: 'One row a unit with what its digital twin gives',
        }),
      );
      const [{ without }] = await kit.duck.rows(
        `SELECT count(*)::DOUBLE AS without FROM matches m WHERE NOT EXISTS (FROM properties p WHERE ${key.map((one) => `p.${one} = m.${one}`).join(' AND ')})`,
      );
      if (Number(without) > 0) warnings.push(`${Number(without)} matches have no row in properties.`);
    }
    if (names.includes('units.csv')) {
      await loadTable('tuned', file('units.csv'), { header: true, separator: ',' }, kit);
      tables.push(await kit.duck.table('SELECT * FROM tuned ORDER BY ALL', { name: 'digital_twin_units' }));
    }
    return { tables, arrays: [], warnings };
  },
};

/** A CSV without a line of names, with the names that lie beside it, one a line. Throws `corrupt` where they are not as many. */
async function loadHeaderless(
  table: string,
  name: string,
  file: (name: string) => string,
  kit: FormatKit,
): Promise<void> {
  const said = readFileSync(file(`${name}_header.csv`), 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
    .filter(Boolean);
  const columns = said.length === 1 ? said[0].split(',') : said;
  const loaded = await loadTable(
    'raw',
    file(`${name}.csv.gz`),
    { header: false, separator: ',', types: 'text', missing: [''] },
    kit,
  );
  if (loaded.columns.length !== columns.length || new Set(columns).size !== columns.length)
    throw new BregmaError(
      'corrupt',
      `${name}.csv.gz has ${loaded.columns.length} columns, its header ${columns.length} names.`,
      {
        next: 'Take both files of one version.',
      },
    );
  for (const one of key)
    if (!columns.includes(one))
      throw new BregmaError('corrupt', `${name}_header.csv names no ${one}.`, { next: 'Take the files of v1412.' });
  // Ids of 64 bits stay text; a column is a number where all of it is one.
  const cast = [];
  for (const [i, column] of columns.entries()) {
    const [from, as] = [identifier(loaded.columns[i]), identifier(column)];
    const isId = /(^|_)(id|valid)$|_id(_|$)|supervoxel|root/.test(column) && !key.includes(column);
    const [{ bad }] = isId
      ? [{ bad: 1 }]
      : await kit.duck.rows(
          `SELECT count(*) FILTER (try_cast(${from} AS DOUBLE) IS NULL AND ${from} IS NOT NULL)::DOUBLE AS bad FROM raw`,
        );
    cast.push(
      Number(bad) > 0
        ? `${from} AS ${as}`
        : `try_cast(${from} AS ${key.includes(column) ? 'INTEGER' : 'DOUBLE'}) AS ${as}`,
    );
  }
  await kit.duck.run(`CREATE OR REPLACE TABLE ${table} AS SELECT ${cast.join(', ')} FROM raw`);
}
