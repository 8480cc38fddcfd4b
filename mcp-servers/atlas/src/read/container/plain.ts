import { type Collect, stepOf, whyUnread } from './collect.ts';
import { type ContainerNode, countOf, nameOf } from './container.ts';
import { type FlatColumn, flatColumns, flatValues } from './flat.ts';

/**
 * Stores what no convention of a format has taken. Arrays of one axis are columns: those of one length in a group are a table. Arrays
 * of more axes stay arrays. Single values and attributes are facts. root: the name of a table in the root of the file.
 */
export async function collectPlain(collect: Collect, taken: Set<string>, root: string, under = '/'): Promise<void> {
  const inside = (path: string) => under === '/' || path === under || path.startsWith(`${under}/`);
  const byGroup = new Map<string, ContainerNode[]>();
  for (const node of collect.tree.container.nodes) {
    if (!inside(node.path) || isTaken(node.path, taken) || collect.isLeftOut(node.path)) continue;
    for (const [name, value] of Object.entries(node.attributes)) collect.fact(node.path, name, value);
    if (node.kind === 'broken') collect.warnings.push(`${node.path} was left out: ${node.target}.`);
    if (node.kind === 'link') collect.fact(node.path, '', `→ ${node.target}`);
    if (node.kind !== 'array') continue;
    const group = node.path.slice(0, node.path.lastIndexOf('/')) || '/';
    const column = await collectOne(collect, node);
    if (column) byGroup.set(group, [...(byGroup.get(group) ?? []), column]);
  }
  for (const [group, columns] of byGroup) await collectColumns(collect, group, columns, root);
}

/** Whether a format has taken a node, or a group that it is in. */
function isTaken(path: string, taken: Set<string>): boolean {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (taken.has(at)) return true;
  return false;
}

/** Stores an array, or gives it back when it is a column. */
async function collectOne(collect: Collect, node: ContainerNode): Promise<ContainerNode | undefined> {
  const { shape, type, path } = node;
  if (!shape) {
    collect.fact(path, '', null);
    return undefined;
  }
  if (countOf(shape) > 1 && collect.isTooLarge(node)) return undefined;
  if (type?.kind === 'list') {
    await collectLists(collect, node);
    return undefined;
  }
  const flat = type && flatColumns(nameOf(path), type);
  if (flat && shape.length <= 1 && countOf(shape) === 1 && flat.length === 1) {
    await collectFact(collect, node);
    return undefined;
  }
  if (flat && shape.length === 1) return node;
  if (type?.kind === 'scalar' && (type.scalar === 'text' || type.scalar === 'reference'))
    await collectTexts(collect, node);
  else if (type?.kind === 'fields' && flat) await collectTexts(collect, node);
  else await collect.array(node, path);
  return undefined;
}

/** A single value as a fact. */
export async function collectFact(collect: Collect, node: ContainerNode): Promise<void> {
  if (!node.type || node.type.kind === 'unread') {
    collect.warnings.push(`${node.path} holds ${whyUnread(node.type)}: it was left out.`);
    return;
  }
  const values = await collect.tree.container.read(node.path);
  const [column] = flatValues(values, node.type);
  const value = column[0];
  const isTruth = node.type.kind === 'scalar' && node.type.scalar === 'b1';
  collect.fact(node.path, '', isTruth ? value !== 0 : typeof value === 'bigint' ? String(value) : (value ?? null));
}

async function collectColumns(collect: Collect, group: string, columns: ContainerNode[], root: string): Promise<void> {
  const byLength = new Map<number, ContainerNode[]>();
  for (const column of columns) {
    const length = column.shape?.[0] ?? 0;
    byLength.set(length, [...(byLength.get(length) ?? []), column]);
  }
  const name = group === '/' ? root : group;
  for (const [length, same] of byLength) {
    const own = same.length === 1 ? same[0].path : byLength.size === 1 ? name : `${name}_${length}`;
    await collectTable(collect, own, same);
  }
}

/** Arrays of one axis and one length as a table. description, and names of columns, where they are not those of the arrays. */
export async function collectTable(
  collect: Collect,
  name: string,
  nodes: ContainerNode[],
  description?: string,
): Promise<string> {
  const types = nodes.map((node) => node.type ?? { kind: 'unread' as const, why: 'nothing' });
  const single = nodes.length === 1 && types[0].kind === 'fields';
  const columns = nodes.flatMap(
    (node, i): FlatColumn[] => flatColumns(single ? '' : nameOf(node.path), types[i]) ?? [],
  );
  return collect.table({
    name,
    description,
    rows: nodes[0].shape?.[0] ?? 0,
    step: Math.min(...nodes.map(stepOf)),
    columns,
    batch: async (start, count) => {
      const parts = [];
      for (const [i, node] of nodes.entries())
        parts.push(...flatValues(await collect.tree.container.read(node.path, start, count), types[i]));
      return parts;
    },
  });
}

/** Text or records with several axes: a table with the place of each. */
async function collectTexts(collect: Collect, node: ContainerNode): Promise<void> {
  const shape = node.shape ?? [];
  const type = node.type ?? { kind: 'unread' as const, why: 'nothing' };
  const inner = countOf(shape.slice(1));
  await collect.table({
    name: node.path,
    rows: shape.length === 0 ? 1 : shape[0],
    step: stepOf(node),
    columns: [
      ...shape.map((_, axis) => ({ name: `axis${axis}`, type: 'INTEGER' })),
      ...(flatColumns('value', type) ?? []),
    ],
    batch: async (start, count) => {
      const values = flatValues(await collect.tree.container.read(node.path, start, count), type);
      const places = shape.map((_, axis) => {
        const below = countOf(shape.slice(axis + 1));
        return Int32Array.from(
          { length: count * inner },
          (_, i) => Math.floor((start * inner + i) / below) % shape[axis],
        );
      });
      return [...places, ...values];
    },
  });
}

/** Lists of different lengths: a table with the row that each value is of. */
async function collectLists(collect: Collect, node: ContainerNode): Promise<void> {
  if (node.type?.kind !== 'list') return;
  const { of } = node.type;
  const columns = flatColumns('value', of);
  if (!columns) {
    collect.warnings.push(`${node.path} holds lists of ${whyUnread(of)}: it was left out.`);
    return;
  }
  await collect.table({
    name: node.path,
    description: 'Lists of different lengths, one value a row; row: the place of the list.',
    rows: countOf(node.shape ?? []) > 0 ? (node.shape?.[0] ?? 1) : 0,
    step: stepOf(node),
    columns: [{ name: 'row', type: 'INTEGER' }, ...columns],
    batch: async (start, count) => {
      const values = await collect.tree.container.read(node.path, start, count);
      if (values.kind !== 'lists') throw new Error('Lists were asked for.');
      const each = countOf((node.shape ?? []).slice(1));
      const rows = new Int32Array(values.offsets[values.offsets.length - 1]);
      for (let i = 0; i + 1 < values.offsets.length; i++)
        rows.fill(start * each + i, values.offsets[i], values.offsets[i + 1]);
      return [rows, ...flatValues(values.of, of)];
    },
  });
}
