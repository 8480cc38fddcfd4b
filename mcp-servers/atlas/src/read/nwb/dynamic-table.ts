import { BregmaError } from '@bregma/core/errors';
import { type Collect, numbersOf, stepOf, whyUnread } from '../container/collect.ts';
import { below, type ContainerNode, countOf, nameOf, textAttribute, textsAttribute } from '../container/container.ts';
import { type FlatColumn, flatColumns, flatValues } from '../container/flat.ts';

/** Index arrays of one column are followed this deep: lists of lists of lists. */
const deepest = 3;

interface ColumnParts {
  name: string;
  /** The values. */
  data: ContainerNode;
  /** From the values outwards: where each list ends. */
  indices: ContainerNode[];
}

/**
 * Stores a DynamicTable (hdmf-common): one row a row of it. Columns of lists (as spike times) become tables of their own,
 * `TABLE_COLUMN`, with the id of the row that each value belongs to; columns of arrays (as waveforms) become arrays. Rows of
 * other tables (DynamicTableRegion) stay row numbers, from 0. Returns paths that were taken.
 */
export async function collectDynamicTable(collect: Collect, group: ContainerNode, wished: string): Promise<void> {
  const { tree } = collect;
  const ids = tree.array(below(group.path, 'id'));
  const named = textsAttribute(group, 'colnames');
  const all = columnsOf(collect, group, named);
  const length = ids?.shape?.[0] ?? rowsOf(all[0]);
  const plain: { node: ContainerNode; columns: FlatColumn[] }[] = [];
  if (ids) plain.push({ node: ids, columns: flatColumns('id', ids.type ?? { kind: 'unread', why: 'nothing' }) ?? [] });
  const units: Record<string, { unit?: string; description?: string }> = {};
  for (const column of all) {
    const { name, data, indices } = column;
    if (collect.isLeftOut(data.path) || collect.isTooLarge(data)) continue;
    if (rowsOf(column) !== length) {
      collect.warnings.push(`${data.path} has ${rowsOf(column)} rows, its table ${length}: it was left out.`);
      continue;
    }
    const flat = data.type && flatColumns(name, data.type);
    units[name] = { unit: textAttribute(data, 'unit'), description: textAttribute(data, 'description') };
    if (indices.length > 0) await collectRagged(collect, column, ids, wished);
    else if (flat && data.shape?.length === 1) plain.push({ node: data, columns: flat });
    else if ((data.shape?.length ?? 0) > 1 && data.type?.kind !== 'fields')
      await collect.array(data, `${wished}_${name}`, {
        axes: ['row'],
        unit: units[name].unit,
        description: units[name].description,
      });
    else collect.warnings.push(`${data.path} holds ${whyUnread(data.type)}: it was left out.`);
  }
  if (plain.length === 0) return;
  await collect.table({
    name: wished,
    description: textAttribute(group, 'description'),
    rows: length,
    step: Math.min(...plain.map(({ node }) => stepOf(node))),
    columns: plain.flatMap(({ columns }) => columns),
    units,
    batch: async (start, count) => {
      const parts = [];
      for (const { node } of plain)
        parts.push(
          ...flatValues(await tree.container.read(node.path, start, count), node.type ?? { kind: 'unread', why: '' }),
        );
      return parts;
    },
  });
}

/** Columns in their order; columns that the table does not name come last. */
function columnsOf(collect: Collect, group: ContainerNode, named: string[]): ColumnParts[] {
  const arrays = collect.tree
    .children(group.path)
    .map(({ path }) => collect.tree.array(path))
    .filter((node) => node !== undefined);
  const isIndex = (node: ContainerNode) =>
    /VectorIndex$/.test(textAttribute(node, 'neurodata_type') ?? '') ||
    (/_index$/.test(nameOf(node.path)) && arrays.some(({ path }) => path === node.path.slice(0, -'_index'.length)));
  const names = [...named, ...arrays.filter((node) => !isIndex(node)).map(({ path }) => nameOf(path))].filter(
    (name, i, list) => name !== 'id' && list.indexOf(name) === i,
  );
  return names.flatMap((name) => {
    const data = arrays.find(({ path }) => nameOf(path) === name);
    if (!data) return [];
    const indices: ContainerNode[] = [];
    for (let at = `${data.path}_index`; indices.length < deepest; at += '_index') {
      const index = arrays.find(({ path }) => path === at);
      if (!index) break;
      indices.push(index);
    }
    return [{ name, data, indices }];
  });
}

const rowsOf = (column: ColumnParts | undefined): number => (column?.indices.at(-1) ?? column?.data)?.shape?.[0] ?? 0;

/** A column of lists: one value a row, with the id of its row, and the places of inner lists. */
async function collectRagged(
  collect: Collect,
  column: ColumnParts,
  ids: ContainerNode | undefined,
  table: string,
): Promise<void> {
  const { tree } = collect;
  const { name, data, indices } = column;
  const flat = data.type && flatColumns(name, data.type);
  const type = data.type;
  if (!flat || !type || (data.shape?.length ?? 0) > 2 || (data.shape?.length === 2 && flat.length !== 1)) {
    await collect.array(data, `${table}_${name}`);
    for (const index of indices) await collect.array(index, `${table}_${nameOf(index.path)}`);
    return;
  }
  const ends: Float64Array[] = [];
  for (const index of indices) ends.push(wholeNumbers(numbersOf(await tree.container.read(index.path))));
  checkEnds(ends, data);
  const rowIds = ids ? wholeNumbers(numbersOf(await tree.container.read(ids.path))) : undefined;
  const inner = data.shape?.length === 2 ? data.shape[1] : 1;
  const short = nameOf(table);
  const owner = name.toLowerCase() === `${short}_id`.toLowerCase() ? `${short}_row` : `${short}_id`;
  await collect.table({
    name: `${table}_${name}`,
    description: `${textAttribute(data, 'description') ?? name}: one value a row; ${owner} is the id in ${short} that it belongs to.`,
    rows: data.shape?.[0] ?? 0,
    step: stepOf(data),
    columns: [
      { name: owner, type: 'DOUBLE', cast: 'BIGINT' },
      ...indices.slice(1).map((_, k) => ({ name: `list${k}`, type: 'INTEGER' })),
      ...Array.from({ length: inner }, (_, i) => (inner === 1 ? flat : [{ ...flat[0], name: `${name}_${i}` }])).flat(),
    ],
    units: Object.fromEntries(flat.map((one) => [one.name, { unit: textAttribute(data, 'unit') }])),
    batch: async (start, count) => {
      const values = flatValues(await tree.container.read(data.path, start, count), type);
      const places = placesOf(ends, start, count);
      const owners = Float64Array.from(places[places.length - 1], (row) => rowIds?.[row] ?? row);
      const split = inner === 1 ? values : splitRows(values[0], inner);
      return [owners, ...places.slice(0, -1), ...split];
    },
  });
}

/** For each value its list at every level, innermost first; the last is the row. */
function placesOf(ends: Float64Array[], start: number, count: number): Int32Array[] {
  const places: Int32Array[] = [];
  let below = Int32Array.from({ length: count }, (_, i) => start + i);
  for (const level of ends) {
    below = below.map((place) => firstBeyond(level, place));
    places.push(below);
  }
  return places;
}

/** The first list that ends beyond a place. */
function firstBeyond(ends: Float64Array, place: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Throws unless every level of lists ends where the level below does, and none ends before the one before it. */
function checkEnds(ends: Float64Array[], data: ContainerNode): void {
  let length = data.shape?.[0] ?? 0;
  for (const level of ends) {
    for (let i = 1; i < level.length; i++) if (level[i] < level[i - 1]) throw wrongIndex(data, `goes back at ${i}`);
    if ((level.at(-1) ?? 0) !== length) throw wrongIndex(data, `ends at ${level.at(-1) ?? 0}, the values at ${length}`);
    length = level.length;
  }
}

const wrongIndex = (data: ContainerNode, why: string) =>
  new BregmaError('corrupt', `${data.path}_index ${why}.`, { next: 'Write the file again.' });

const wholeNumbers = (data: ReturnType<typeof numbersOf>): Float64Array => {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
  return out;
};

function splitRows(values: ReturnType<typeof flatValues>[number], inner: number): ReturnType<typeof flatValues> {
  if (Array.isArray(values))
    return Array.from({ length: inner }, (_, k) => values.filter((_value, i) => i % inner === k));
  return Array.from({ length: inner }, (_, k) => {
    const out = values.slice(0, countOf([values.length]) / inner);
    for (let i = 0; i < out.length; i++) out[i] = values[i * inner + k];
    return out;
  });
}
