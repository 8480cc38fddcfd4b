import type { Batch } from '@bregma/readers/duck-batches';
import { type Collect, stepOf, whyUnread } from '../container/collect.ts';
import { below, type ContainerNode, nameOf, textAttribute, textsAttribute } from '../container/container.ts';
import { type FlatColumn, flatColumns, flatValues } from '../container/flat.ts';

/** Columns that are read together from one place. */
interface FrameColumn {
  columns: FlatColumn[];
  rows: number;
  step: number;
  read(start: number, count: number): Promise<Batch>;
}

/**
 * Stores a table of anndata: a group with a column an array (since 0.7), or records (before). number: the name of a column with the
 * place of each row, from 0, which matrices refer to. Categories become their words.
 */
export async function collectFrame(collect: Collect, node: ContainerNode, name: string, number: string): Promise<void> {
  const parts = node.kind === 'array' ? await oldColumns(collect, node) : await columnsOf(collect, node);
  const rows = parts[0]?.rows ?? 0;
  const same = parts.filter((part) => part.rows === rows);
  for (const part of parts.filter((one) => one.rows !== rows))
    collect.warnings.push(
      `${node.path} has ${rows} rows and ${part.rows} values of ${part.columns[0]?.name}: they were left out.`,
    );
  await collect.table({
    name,
    rows,
    step: Math.min(2 ** 20, ...same.map(({ step }) => step)),
    columns: [{ name: number, type: 'INTEGER' }, ...same.flatMap(({ columns }) => columns)],
    batch: async (start, count) => {
      const batch: Batch = [Int32Array.from({ length: count }, (_, i) => start + i)];
      for (const part of same) batch.push(...(await part.read(start, count)));
      return batch;
    },
  });
}

async function columnsOf(collect: Collect, group: ContainerNode): Promise<FrameColumn[]> {
  const { tree } = collect;
  const index = textAttribute(group, '_index') ?? 'index';
  const ordered = textsAttribute(group, 'column-order');
  const present = tree.children(group.path).map(({ path }) => nameOf(path));
  const names = [index, ...ordered, ...present.filter((one) => one !== '__categories')];
  const parts: FrameColumn[] = [];
  for (const name of new Set(names)) {
    const node = tree.node(below(group.path, name));
    if (!node) continue;
    const part = await columnOf(collect, node, name === index && index.startsWith('_') ? 'name' : name);
    if (part) parts.push(part);
  }
  return parts;
}

async function columnOf(collect: Collect, node: ContainerNode, name: string): Promise<FrameColumn | undefined> {
  const { tree } = collect;
  if (node.kind === 'array') {
    const categories = textAttribute(node, 'categories');
    // HDF5 has a reference to them, Zarr a path from the table.
    const words =
      categories === undefined
        ? undefined
        : (tree.array(categories) ?? tree.array(`${node.path.slice(0, node.path.lastIndexOf('/'))}/${categories}`));
    return words ? categorical(collect, name, node, words) : plainColumn(collect, node, name);
  }
  const [codes, categories, values, mask] = ['codes', 'categories', 'values', 'mask'].map((part) =>
    tree.array(below(node.path, part)),
  );
  if (codes && categories) return categorical(collect, name, codes, categories);
  if (values && mask) return masked(collect, name, values, mask);
  if (node.kind === 'group') collect.warnings.push(`${node.path} is no column that is known: it was left out.`);
  return undefined;
}

function plainColumn(collect: Collect, node: ContainerNode, name: string): FrameColumn | undefined {
  const { type } = node;
  const columns = type && flatColumns(name, type);
  if (!columns || node.shape?.length !== 1) {
    collect.warnings.push(`${node.path} holds ${whyUnread(type)}: it was left out.`);
    return undefined;
  }
  if (collect.isTooLarge(node)) return undefined;
  return {
    columns,
    rows: node.shape[0],
    step: stepOf(node),
    read: async (start, count) => flatValues(await collect.tree.container.read(node.path, start, count), type),
  };
}

/** Codes from 0 that stand for words; −1 is missing. */
async function categorical(
  collect: Collect,
  name: string,
  codes: ContainerNode,
  categories: ContainerNode,
): Promise<FrameColumn | undefined> {
  const part = plainColumn(collect, codes, name);
  const kind = categories.type && flatColumns(name, categories.type)?.[0];
  if (!part || !kind || !categories.type) return part;
  const words = flatValues(await collect.tree.container.read(categories.path), categories.type)[0];
  const texts: string[] = [];
  for (const word of words) texts.push(String(word));
  const cast = kind.cast ?? (kind.type === 'VARCHAR' ? undefined : kind.type);
  return { ...part, columns: [{ ...part.columns[0], words: texts, cast }] };
}

/** Values of which some are missing, as pandas keeps whole numbers, truth values and text. */
function masked(collect: Collect, name: string, values: ContainerNode, mask: ContainerNode): FrameColumn | undefined {
  const part = plainColumn(collect, values, name);
  const { type } = values;
  if (!part || !type || !mask.type) return part;
  const [column] = part.columns;
  const cast = column.cast ?? (column.type === 'VARCHAR' ? undefined : column.type);
  return {
    ...part,
    columns: [{ name, type: 'VARCHAR', cast }],
    async read(start, count) {
      const { container } = collect.tree;
      const [data] = flatValues(await container.read(values.path, start, count), type);
      const missing = await container.read(mask.path, start, count);
      const isMissing = missing.kind === 'numbers' ? missing.data : new Uint8Array(count);
      return [Array.from({ length: count }, (_, i) => (isMissing[i] ? null : String(data[i])))];
    },
  };
}

/** Records; the words of a column lie in uns, as NAME_categories. */
async function oldColumns(collect: Collect, node: ContainerNode): Promise<FrameColumn[]> {
  const { type, path } = node;
  if (type?.kind !== 'fields') return [];
  const parts: FrameColumn[] = [];
  for (const [k, field] of type.fields.entries()) {
    const columns = flatColumns(field.name, field.type);
    if (!columns) {
      collect.warnings.push(`${path}, field ${field.name}, holds ${whyUnread(field.type)}: it was left out.`);
      continue;
    }
    const categories = collect.tree.array(`/uns/${field.name}_categories`);
    if (categories?.type && /INT/.test(columns[0].type)) {
      const words = flatValues(await collect.tree.container.read(categories.path), categories.type)[0];
      columns[0].words = Array.from({ length: words.length }, (_, i) => String(words[i]));
    }
    parts.push({
      columns,
      rows: node.shape?.[0] ?? 0,
      step: stepOf(node),
      async read(start, count) {
        const values = await collect.tree.container.read(path, start, count);
        if (values.kind !== 'fields') throw new Error('Records were asked for.');
        return flatValues(values.fields[type.fields[k].name], field.type);
      },
    });
  }
  return parts;
}
