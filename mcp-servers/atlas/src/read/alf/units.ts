import type { Table } from '@bregma/core/contracts/dataset';
import { identifier, literal, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';

/** Columns in which channels say where they are: acronym, id of the structure, place. */
const acronyms = ['allen_ontology', 'brainLocationAcronyms_ccf_2017', 'acronym'];
const ids = ['brainLocationIds_ccf_2017', 'atlas_id'];

/**
 * The table `units`: each cluster with the channel on which it is largest, and the region in which that channel lies. Nothing where
 * clusters or regions are missing. The channel of `clusters.peakChannel` counts from 0 in some releases and from 1 in others: it is told
 * by a 0, or by the number of channels itself, and without either no region is given.
 */
export async function unitsOf(
  tables: readonly Table[],
  prefix: string,
  kit: FormatKit,
): Promise<{ table?: Table; warnings: string[] }> {
  const named = (name: string) => tables.find((table) => table.name === `${prefix}${name}`);
  const has = (table: Table | undefined, wanted: readonly string[]) =>
    wanted.find((name) => table?.columns.some((column) => column.name === name));
  const clusters = named('clusters');
  const channelColumn = has(clusters, ['channels', 'peakChannel']);
  const places = [named('channels_brainLocation'), named('channels')].filter((table) => table !== undefined);
  const place = places.find((table) => has(table, acronyms) ?? has(table, ids));
  if (!clusters || !channelColumn || !place) return { warnings: [] };
  const source = (table: Table) => readFileSql('parquet', kit.objects.pathOf(table.object));
  let first = 0;
  if (channelColumn === 'peakChannel') {
    const [range] = await kit.duck.rows(
      `SELECT min("peakChannel")::DOUBLE AS least, max("peakChannel")::DOUBLE AS most FROM ${source(clusters)}`,
    );
    if (Number(range.most) === place.rows && Number(range.least) > 0) first = 1;
    else if (Number(range.least) !== 0)
      return {
        warnings: [
          `clusters.peakChannel goes from ${String(range.least)} to ${String(range.most)} of ${place.rows} channels: whether it counts from 0 or 1 cannot be told, so units have no region here. Join clusters with ${place.name} once you know.`,
        ],
      };
  }
  const [acronym, id] = [has(place, acronyms), has(place, ids)];
  const where = ['ccf_ap', 'ccf_dv', 'ccf_lr'].filter((name) => place.columns.some((column) => column.name === name));
  const parts = [
    'c."row" AS unit',
    `(c.${identifier(channelColumn)} - ${first})::INTEGER AS channel`,
    ...(acronym ? [`p.${identifier(acronym)}::VARCHAR AS region`] : []),
    ...(id ? [`p.${identifier(id)}::VARCHAR AS region_id`] : []),
    ...where.map((name) => `p.${identifier(name)}`),
    ...clusters.columns
      .filter(
        ({ name }) =>
          !['row', 'channels', 'peakChannel', 'unit', 'channel', 'region', 'region_id', ...where].includes(name),
      )
      .map(({ name }) => `c.${identifier(name)}`),
  ];
  const table = await kit.duck.table(
    `SELECT ${parts.join(', ')} FROM ${source(clusters)} c LEFT JOIN ${source(place)} p ON p."row" = c.${identifier(channelColumn)} - ${first} ORDER BY c."row"`,
    {
      name: `${prefix}units`,
      description: `Clusters with the region of the channel on which each is largest (${literal(channelColumn)}, counted from ${first})`,
    },
  );
  return {
    table,
    warnings: first === 1 ? ['clusters.peakChannel counts channels from 1 here: channel in units counts from 0.'] : [],
  };
}
