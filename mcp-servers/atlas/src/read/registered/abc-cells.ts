import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';
import { loadTable } from '../load-table.ts';
import { checkListed } from './allen-manifest.ts';

const unitOfPlaces = { ccf_x: { unit: 'mm' }, ccf_y: { unit: 'mm' }, ccf_z: { unit: 'mm' } };

/**
 * Tables `cells` (metadata, with the type of each at every level of the taxonomy), `terms` (the taxonomy) and what else is there, from
 * files of the release's layout. places: the file with places of cells in a common space, by its end. Cells that are of no cluster of the taxonomy are kept, and counted. Throws `corrupt` for a file that is
 * not the one of the manifest, or a taxonomy that names a cluster twice at one level.
 */
export async function abcCells(
  places: string | undefined,
  file: (name: string) => string,
  kit: FormatKit,
  names: string[],
): Promise<{ tables: Table[]; arrays: []; warnings: string[] }> {
  const manifests = names.filter((name) => name.endsWith('manifest.json'));
  const data = names.filter((name) => !name.endsWith('manifest.json'));
  const manifest = manifests.at(-1) ?? '';
  const unlisted = await checkListed(
    file(manifest),
    data.map((name) => [name, file(name)]),
    kit.signal,
  );
  const warnings = unlisted.map(
    (name) => `${name} is not listed by ${manifest}: its size and digest are not held to anything.`,
  );
  const load = async (table: string, ending: string): Promise<boolean> => {
    const name = data.filter((one) => one.endsWith(ending)).at(-1);
    if (name === undefined) return false;
    await loadTable(table, file(name), { header: true, separator: ',', missing: [''], types: idTypes(ending) }, kit);
    return true;
  };
  await load('cell', 'cell_metadata.csv');
  await load('term', 'cluster_annotation_term.csv');
  await load('term_set', 'cluster_annotation_term_set.csv');
  await load('member', 'cluster_to_cluster_annotation_membership.csv');
  const hasPlaces = places !== undefined && (await load('place', places));
  const levels = await levelsOf(kit);
  await typesOfClusters(levels, kit);
  const own = new Set((await kit.duck.columns('cell')).map(({ name }) => name));
  const free = levels.filter((level) => !own.has(level)).map((level) => `, t.${identifier(level)}`);
  const placed = hasPlaces ? ', p.x::DOUBLE AS ccf_x, p.y::DOUBLE AS ccf_y, p.z::DOUBLE AS ccf_z' : '';
  const tables = [
    await kit.duck.table(
      `SELECT c.*${free.join('')}${placed} FROM cell c LEFT JOIN types t ON t.cluster_alias = c.cluster_alias${hasPlaces ? ' LEFT JOIN place p ON p.cell_label = c.cell_label' : ''} ORDER BY c.cell_label`,
      { name: 'cells', description: 'One row a cell, with its types', columns: hasPlaces ? unitOfPlaces : {} },
    ),
    await kit.duck.table('SELECT * FROM term ORDER BY label', { name: 'terms', description: 'One row a cell type' }),
  ];
  for (const [name, ending] of further)
    if (await load('further', ending))
      tables.push(await kit.duck.table('SELECT * FROM further ORDER BY ALL', { name }));
  const [{ untyped }] = await kit.duck.rows(
    'SELECT count(*)::DOUBLE AS untyped FROM cell c WHERE c.cluster_alias IS NULL OR c.cluster_alias NOT IN (SELECT cluster_alias FROM types)',
  );
  if (Number(untyped) > 0)
    warnings.push(`${Number(untyped)} cells are of no cluster of the taxonomy: their types are missing.`);
  return { tables, arrays: [], warnings };
}

const further = [
  ['genes', '/gene.csv'],
  ['regions_of_interest', 'region_of_interest_metadata.csv'],
  ['donors', '/donor.csv'],
  ['parcellation', 'parcellation_to_parcellation_term_membership.csv'],
] as const;

/** Columns that name things are text in every file. */
function idTypes(ending: string): Record<string, 'text'> {
  const ids = ending.endsWith('cell_metadata.csv')
    ? ['cell_label', 'cluster_alias']
    : ending.endsWith('membership.csv') && ending.startsWith('cluster')
      ? ['cluster_alias', 'cluster_annotation_term_label']
      : ending.endsWith('cluster_annotation_term.csv')
        ? ['label']
        : ending.endsWith('ccf_coordinates.csv')
          ? ['cell_label']
          : [];
  return Object.fromEntries(ids.map((name) => [name, 'text']));
}

/** The levels of the taxonomy, widest first. Throws `corrupt` when it has none. */
async function levelsOf(kit: FormatKit): Promise<string[]> {
  const columns = (await kit.duck.columns('term_set')).map(({ name }) => name);
  const order = ['term_set_order', 'order'].find((name) => columns.includes(name));
  const rows = await kit.duck.rows(`SELECT name FROM term_set ORDER BY ${order ? identifier(order) : 'name'}`);
  const levels = rows.map(({ name }) => String(name));
  if (levels.length > 0 && levels.length < 50) return levels;
  throw new BregmaError('corrupt', `cluster_annotation_term_set.csv names ${levels.length} levels.`, {
    next: 'Take the file of the release again.',
  });
}

/** The table `types`: a row a cluster_alias, a column a level. */
async function typesOfClusters(levels: string[], kit: FormatKit): Promise<void> {
  const [twice] = await kit.duck.rows(
    'SELECT cluster_alias, cluster_annotation_term_set_name AS level FROM member GROUP BY ALL HAVING count(DISTINCT cluster_annotation_term_name) > 1 LIMIT 1',
  );
  if (twice)
    throw new BregmaError(
      'corrupt',
      `The taxonomy gives cluster ${String(twice.cluster_alias)} several types of the level ${String(twice.level)}.`,
      {
        next: 'Take cluster_to_cluster_annotation_membership.csv of the release again.',
      },
    );
  const columns = levels.map(
    (level) =>
      `any_value(cluster_annotation_term_name) FILTER (cluster_annotation_term_set_name = ${literal(level)}) AS ${identifier(level)}`,
  );
  await kit.duck.run(
    `CREATE TABLE types AS SELECT cluster_alias, ${columns.join(', ')} FROM member GROUP BY cluster_alias`,
  );
}
