import { BregmaError } from '@bregma/core/errors';
import { type Collect, numbersOf, stepOf } from '../container/collect.ts';
import { below, type ContainerNode, countOf, numberAttribute, textAttribute } from '../container/container.ts';
import { type FlatColumn, flatColumns } from '../container/flat.ts';

/** What rows and columns of a matrix are called. */
export interface MatrixAxes {
  row: string;
  column: string;
}

/** Dense matrices of more values are arrays alone. */
const mostDenseRows = 20_000_000;
/** Tables of more entries stay in the order of the file. */
const mostSorted = 100_000_000;

/** How a group keeps a sparse matrix: by rows, by columns, or not at all. */
export function sparseKind({ attributes, kind }: ContainerNode): 'csr' | 'csc' | undefined {
  if (kind !== 'group') return undefined;
  const said = String(attributes['encoding-type'] ?? attributes.h5sparse_format ?? '');
  return said.startsWith('csr') ? 'csr' : said.startsWith('csc') ? 'csc' : undefined;
}

/** Rows and columns of a sparse matrix, as its group states them. */
export function sparseShape(node: ContainerNode): number[] | undefined {
  const said = node.attributes.shape ?? node.attributes.h5sparse_shape;
  return Array.isArray(said) && said.length === 2 && said.every((size) => typeof size === 'number') ? said : undefined;
}

/** A sparse matrix, its parts looked at. */
export interface Sparse {
  shape: number[];
  data: ContainerNode;
  indices: ContainerNode;
  /** Where each row (of `csr`) or column (of `csc`) begins, and where the last one ends. */
  ends: Float64Array;
  entries: number;
  /** Places along the axis that `indices` counts. */
  minor: number;
  value: FlatColumn;
  broken(why: string): BregmaError;
}

/**
 * The parts of a sparse matrix; nothing where they are too large, which is said. isCopied: not where it is only looked through. Throws
 * `corrupt` when its parts do not fit.
 */
export async function sparseParts(
  collect: Collect,
  group: ContainerNode,
  kind: 'csr' | 'csc',
  { shape = sparseShape(group), isCopied = true }: { shape?: number[]; isCopied?: boolean } = {},
): Promise<Sparse | undefined> {
  const { tree } = collect;
  const [data, indices, indptr] = ['data', 'indices', 'indptr'].map((part) => tree.array(below(group.path, part)));
  const broken = (why: string) =>
    new BregmaError('corrupt', `The sparse matrix ${group.path} ${why}.`, { next: 'Write the file again.' });
  if (!data?.type || !indices || !indptr || !shape) throw broken('has no data, indices, indptr or shape');
  const entries = data.shape?.[0] ?? 0;
  if (collect.isTooLarge(data, isCopied) || collect.isTooLarge(indptr)) return undefined;
  // SAFETY: `Number` takes the elements of any of these arrays.
  const ends = Float64Array.from(numbersOf(await tree.container.read(indptr.path)) as ArrayLike<number>, Number);
  const [major, minor] = kind === 'csr' ? shape : [shape[1], shape[0]];
  if (indices.shape?.[0] !== entries || ends.length !== major + 1 || ends[0] !== 0 || ends[major] !== entries)
    throw broken(`of shape [${shape}] has ${entries} values, ${indices.shape?.[0]} indices and ${ends.length} ends`);
  for (let i = 1; i < ends.length; i++) if (ends[i] < ends[i - 1]) throw broken(`goes back at ${i} of its indptr`);
  const value = flatColumns('value', data.type);
  if (value?.length !== 1) throw broken('holds no numbers');
  return { shape, data, indices, ends, entries, minor, value: value[0], broken };
}

/**
 * Stores a sparse matrix as a table of its entries: row, column, value, both counted from 0, by column where that is affordable, so
 * that one column (a gene) is read quickly. Entries that are not stored are zero. Throws as `sparseParts`.
 */
export async function collectSparse(
  collect: Collect,
  group: ContainerNode,
  name: string,
  { row, column }: MatrixAxes,
  kind: 'csr' | 'csc',
  shape?: number[],
): Promise<void> {
  const { tree } = collect;
  const parts = await sparseParts(collect, group, kind, { shape });
  if (!parts) return;
  const { data, indices, ends, entries, minor, value, broken } = parts;
  await collect.table({
    name,
    description: `Entries of a sparse matrix of ${parts.shape[0]} rows (${row}) and ${parts.shape[1]} columns (${column}), both counted from 0. What has no entry is 0.`,
    rows: entries,
    step: Math.min(stepOf(data), stepOf(indices)),
    columns: [
      { name: kind === 'csr' ? row : column, type: 'INTEGER' },
      { name: kind === 'csr' ? column : row, type: 'INTEGER' },
      value,
    ],
    order: kind === 'csr' && entries <= mostSorted ? `"${column}", "${row}"` : undefined,
    batch: async (start, count) => {
      const at = numbersOf(await tree.container.read(indices.path, start, count));
      const places = new Int32Array(count);
      for (let i = 0; i < count; i++) {
        places[i] = Number(at[i]);
        if (!(places[i] >= 0 && places[i] < minor))
          throw broken(`has the index ${at[i]}, its other axis ${minor} places`);
      }
      return [majorOf(ends, start, count), places, numbersOf(await tree.container.read(data.path, start, count))];
    },
  });
}

/** The row (or column) that each entry from `start` on lies in. */
function majorOf(ends: Float64Array, start: number, count: number): Int32Array {
  const out = new Int32Array(count);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle + 1] > start) high = middle;
    else low = middle + 1;
  }
  for (let i = 0, at = low; i < count; i++) {
    while (ends[at + 1] <= start + i) at++;
    out[i] = at;
  }
  return out;
}

/** Stores a dense matrix as an array, and as a table of all of its values where there are not too many. */
export async function collectDense(
  collect: Collect,
  node: ContainerNode,
  name: string,
  { row, column }: MatrixAxes,
): Promise<void> {
  await collect.array(node, name, { axes: [row, column] });
  const shape = node.shape ?? [];
  const type = node.type;
  const value = type && flatColumns('value', type);
  if (shape.length !== 2 || value?.length !== 1 || value[0].type === 'VARCHAR') return;
  if (countOf(shape) > mostDenseRows) {
    collect.warnings.push(`${node.path} has ${countOf(shape)} values: it is an array and no table.`);
    return;
  }
  const inner = shape[1];
  await collect.table({
    name,
    description: `Values of a matrix of ${shape[0]} rows (${row}) and ${inner} columns (${column}), both counted from 0.`,
    rows: shape[0],
    step: stepOf(node),
    columns: [{ name: row, type: 'INTEGER' }, { name: column, type: 'INTEGER' }, value[0]],
    order: `"${column}", "${row}"`,
    batch: async (start, count) => [
      Int32Array.from({ length: count * inner }, (_, i) => start + Math.floor(i / inner)),
      Int32Array.from({ length: count * inner }, (_, i) => i % inner),
      numbersOf(await collect.tree.container.read(node.path, start, count)),
    ],
  });
}

/** A matrix, sparse or dense, or nothing where there is none. Returns whether there was one. */
export async function collectMatrix(collect: Collect, path: string, name: string, axes: MatrixAxes): Promise<boolean> {
  const node = collect.tree.node(path);
  if (!node || collect.isLeftOut(path)) return false;
  const kind = sparseKind(node);
  if (kind) await collectSparse(collect, node, name, axes, kind);
  else if (node.kind === 'array' && node.shape && node.shape.length === 2 && node.type?.kind === 'scalar')
    await collectDense(collect, node, name, axes);
  else return false;
  return true;
}

/** How anndata says that a node is a table. */
export const isFrame = (node: ContainerNode): boolean =>
  textAttribute(node, 'encoding-type') === 'dataframe' ||
  Object.hasOwn(node.attributes, '_index') ||
  numberAttribute(node, '_index') !== undefined;
