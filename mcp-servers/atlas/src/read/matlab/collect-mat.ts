import { BregmaError } from '@bregma/core/errors';
import type { Collect } from '../container/collect.ts';
import { stepOf } from '../container/collect.ts';
import { type ContainerNode, countOf, nameOf } from '../container/container.ts';
import { flatColumns, flatValues } from '../container/flat.ts';
import { collectPlain } from '../container/plain.ts';

/** Fields that name what a row is of, as spike sorters write them; the first that a struct has counts. */
const idNames =
  /^(id|ids|uid|uids|cluid|cluster_?ids?|unit_?ids?|neuron_?ids?|cell_?ids?|trial_?ids?|clusters?|units?|names?|labels?)$/i;

/**
 * Stores what a file of MATLAB holds. Cell arrays and fields of lists (trains of spikes) become tables of one value a row, with the place
 * of the list and, where a field beside them names each list, its name. root: the name of a table of variables.
 */
export async function collectMat(collect: Collect, root: string): Promise<void> {
  const taken = new Set<string>();
  for (const node of collect.tree.container.nodes) {
    if (node.type?.kind !== 'list' || collect.isTooLarge(node)) continue;
    taken.add(node.path);
    if (!collect.isLeftOut(node.path)) await collectTrains(collect, node);
  }
  await collectPlain(collect, taken, root);
  const said = collect.warnings.concat(collect.tree.container.notes?.() ?? []);
  if (collect.tables.length + collect.arrays.length > 0 || collect.hasFacts()) return;
  throw new BregmaError('bad-input', `It holds nothing that is read. ${said.slice(0, 5).join(' ')}`.trim(), {
    next: 'Save its values as numbers, text, cells or structs.',
  });
}

/** A list a row: the values of all, one a row. */
async function collectTrains(collect: Collect, node: ContainerNode): Promise<void> {
  const { type, shape } = node;
  if (type?.kind !== 'list' || !shape) return;
  const ids = idsOf(collect, node);
  const idColumns = ids?.type ? (flatColumns(nameOf(ids.path), ids.type) ?? []) : [];
  const places = shape.length === 1 ? ['row'] : shape.map((_, axis) => ['row', 'column'][axis] ?? `axis${axis}`);
  const inner = countOf(shape.slice(1));
  await collect.table({
    name: node.path,
    description: `Lists of different lengths, one value a row; ${places.join(' and ')}: the place of the list, from 0.`,
    rows: shape[0],
    step: stepOf(node),
    columns: [
      ...places.map((name) => ({ name, type: 'INTEGER' })),
      ...idColumns,
      ...(flatColumns(nameOf(node.path), type.of) ?? []),
    ],
    batch: async (start, count) => {
      const values = await collect.tree.container.read(node.path, start, count);
      if (values.kind !== 'lists') throw new Error('Lists were asked for.');
      const lists = new Int32Array(values.offsets[values.offsets.length - 1]);
      for (let i = 0; i + 1 < values.offsets.length; i++) lists.fill(i, values.offsets[i], values.offsets[i + 1]);
      const at = places.map((_, axis) => {
        const below = countOf(shape.slice(axis + 1));
        return lists.map((list) => Math.floor((start * inner + list) / below) % shape[axis]);
      });
      const named = ids?.type ? flatValues(await collect.tree.container.read(ids.path, start, count), ids.type) : [];
      return [...at, ...named.map((column) => spread(column, lists)), ...flatValues(values.of, type.of)];
    },
  });
}

/** The value of its list for every value. */
function spread<Column extends { [i: number]: unknown; length: number }>(column: Column, lists: Int32Array): Column {
  // SAFETY: a list of what a list holds is of the same kind.
  if (Array.isArray(column)) return Array.from(lists, (list) => column[list]) as unknown as Column;
  // SAFETY: what is no list is a typed array, whose class is its constructor and takes a length.
  const out = new (column.constructor as { new (length: number): Column })(lists.length);
  for (let i = 0; i < lists.length; i++) out[i] = column[lists[i]];
  return out;
}

/** The field beside a list of lists that names each of them. */
function idsOf(collect: Collect, { path, shape }: ContainerNode): ContainerNode | undefined {
  if (shape?.length !== 1) return undefined;
  const group = path.slice(0, path.lastIndexOf('/')) || '/';
  const beside = collect.tree
    .children(group)
    .filter((one) => idNames.test(nameOf(one.path)) && one.shape?.length === 1 && one.shape[0] === shape[0])
    .filter(({ type }) => type?.kind === 'scalar');
  const order = ['id', 'uid', 'cluid'];
  const rank = (node: ContainerNode) => (order.indexOf(nameOf(node.path).toLowerCase()) + 4) % 4;
  return beside.sort((a, b) => rank(a) - rank(b))[0];
}
