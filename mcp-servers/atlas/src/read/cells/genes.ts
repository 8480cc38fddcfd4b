import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { type Collect, numbersOf, stepOf } from '../container/collect.ts';
import { below, type ContainerNode, eachOf } from '../container/container.ts';
import { type FlatColumn, flatColumns } from '../container/flat.ts';
import { type MatrixAxes, type Sparse, sparseKind, sparseParts } from './matrix.ts';

/** Genes that are asked for at once, at most. */
const mostGenes = 200;

/** `options.genes`: names of genes, or nothing. Throws `bad-input`. */
export function genesAsked({ genes }: Record<string, unknown>): string[] | undefined {
  if (genes === undefined) return undefined;
  if (
    Array.isArray(genes) &&
    genes.length > 0 &&
    genes.length <= mostGenes &&
    genes.every((one) => typeof one === 'string')
  )
    return [...new Set(genes)];
  throw new BregmaError('bad-input', `options.genes is ${JSON.stringify(genes)?.slice(0, 100)}.`, {
    next: `Give up to ${mostGenes} names of genes, as ["Pvalb", "Sst"].`,
  });
}

/**
 * The places of genes in the table var, by their index or any text that it says of them (symbol, identifier); a name that several genes
 * have stands for all of them. Throws `unknown-name` with the nearest.
 */
export async function placesOfGenes(collect: Collect, table: ContainerNode, genes: string[]): Promise<number[]> {
  const places = new Set<number>();
  const open = new Set(genes);
  const all = new Set<string>();
  for await (const words of textsOf(collect, table)) {
    for (const [i, word] of words.entries()) {
      if (word === null) continue;
      if (all.size < 500_000) all.add(word);
      if (!genes.includes(word)) continue;
      places.add(i);
      open.delete(word);
    }
  }
  const [missing] = open;
  if (missing !== undefined)
    throw unknownName('gene', missing, nearest(missing, [...all]), 'Names are those of the table var.');
  return [...places].sort((a, b) => a - b);
}

/** Each column of text of a table of anndata. */
async function* textsOf(collect: Collect, table: ContainerNode): AsyncGenerator<(string | null)[]> {
  const { tree } = collect;
  if (table.kind === 'array') {
    const values = await tree.container.read(table.path);
    if (values.kind === 'fields')
      for (const field of Object.values(values.fields)) if (field.kind === 'texts') yield field.data;
    return;
  }
  for (const { path } of tree.children(table.path)) {
    const [column, codes, categories] = [path, below(path, 'codes'), below(path, 'categories')].map((one) =>
      tree.array(one),
    );
    if (column?.type?.kind === 'scalar' && column.type.scalar === 'text' && column.shape?.length === 1) {
      const values = await tree.container.read(column.path);
      if (values.kind === 'texts') yield values.data;
    } else if (codes && categories) {
      const [at, words] = [await tree.container.read(codes.path), await tree.container.read(categories.path)];
      if (words.kind === 'texts') yield eachOf(numbersOf(at), (code) => words.data[Number(code)] ?? null);
    }
  }
}

/** Entries of some genes, as they are found. */
class Entries {
  private readonly cells: number[] = [];
  private readonly genes: number[] = [];
  private readonly values: ExactArray[0][] = [];
  private sample: ExactArray | undefined;

  add(cell: number, gene: number, from: ExactArray, at: number): void {
    this.cells.push(cell);
    this.genes.push(gene);
    this.values.push(from[at]);
    this.sample ??= from;
  }

  /** Stores them as the table that a whole matrix would be. */
  async store(
    collect: Collect,
    name: string,
    { row, column }: MatrixAxes,
    shape: number[],
    value: FlatColumn,
  ): Promise<void> {
    const { cells, genes, values, sample } = this;
    // SAFETY: every typed array has its own class as constructor, which takes a list of its elements.
    const list = sample?.constructor as { from(list: ExactArray[0][]): ExactArray } | undefined;
    await collect.table({
      name,
      description: `Of ${shape[0]} rows (${row}) and ${shape[1]} columns (${column}), both counted from 0, those genes alone that were asked for. What has no entry is 0.`,
      rows: cells.length,
      step: 2 ** 20,
      columns: [{ name: row, type: 'INTEGER' }, { name: column, type: 'INTEGER' }, value],
      order: `"${column}", "${row}"`,
      batch: async (start, count) => [
        Int32Array.from(cells.slice(start, start + count)),
        Int32Array.from(genes.slice(start, start + count)),
        list?.from(values.slice(start, start + count)) ?? [],
      ],
    });
  }
}

/**
 * Stores the columns of some genes of a matrix of cells by genes, whatever way it is kept, as the table that the whole would be. By
 * columns, these alone are read; by rows, all of it is looked through, part by part. Returns whether there was a matrix.
 */
export async function collectGenes(
  collect: Collect,
  path: string,
  name: string,
  axes: MatrixAxes,
  genes: readonly number[],
): Promise<boolean> {
  const node = collect.tree.node(path);
  const kind = node && sparseKind(node);
  if (!node || collect.isLeftOut(path)) return false;
  if (kind) {
    const parts = await sparseParts(collect, node, kind, { isCopied: kind === 'csr' && collect.kit.isSparing });
    if (!parts) return true;
    const found = kind === 'csc' ? await ofColumns(collect, parts, genes) : await ofRows(collect, parts, genes);
    await found.store(collect, name, axes, parts.shape, parts.value);
    return true;
  }
  const { shape, type } = node;
  const value = type && flatColumns('value', type);
  if (node.kind !== 'array' || shape?.length !== 2 || value?.length !== 1 || value[0].type === 'VARCHAR') return false;
  if (collect.isTooLarge(node, false)) return true;
  const found = new Entries();
  for await (const { start, count, values } of collect.parts(node)) {
    const data = numbersOf(values);
    for (let i = 0; i < count; i++) for (const gene of genes) found.add(start + i, gene, data, i * shape[1] + gene);
  }
  await found.store(collect, name, axes, shape, value[0]);
  return true;
}

/** Entries of a matrix by columns: those of each gene lie together. */
async function ofColumns(
  { tree: { container } }: Collect,
  { data, indices, ends, minor, broken }: Sparse,
  genes: readonly number[],
): Promise<Entries> {
  const found = new Entries();
  for (const gene of genes) {
    const [start, count] = [ends[gene], ends[gene + 1] - ends[gene]];
    if (count === 0) continue;
    const cells = numbersOf(await container.read(indices.path, start, count));
    const values = numbersOf(await container.read(data.path, start, count));
    for (let i = 0; i < count; i++) {
      const cell = Number(cells[i]);
      if (!(cell >= 0 && cell < minor)) throw broken(`has the index ${cells[i]}, its other axis ${minor} places`);
      found.add(cell, gene, values, i);
    }
  }
  return found;
}

/** Entries of a matrix by rows. */
async function ofRows(
  { tree: { container }, kit }: Collect,
  { data, indices, ends, entries, minor, broken }: Sparse,
  genes: readonly number[],
): Promise<Entries> {
  const found = new Entries();
  const wanted = new Uint8Array(minor);
  for (const gene of genes) wanted[gene] = 1;
  const step = Math.min(stepOf(data), stepOf(indices));
  let cell = 0;
  for (let start = 0; start < entries; start += step) {
    const count = Math.min(step, entries - start);
    kit.progress(start, entries, data.path);
    const at = numbersOf(await container.read(indices.path, start, count));
    const hits: number[] = [];
    for (let i = 0; i < count; i++) {
      const flag = wanted[Number(at[i])];
      if (flag === 1) hits.push(i);
      else if (flag === undefined) throw broken(`has the index ${at[i]}, its other axis ${minor} places`);
    }
    if (hits.length === 0) continue;
    const values = numbersOf(await container.read(data.path, start, count));
    for (const hit of hits) {
      while (ends[cell + 1] <= start + hit) cell++;
      found.add(cell, Number(at[hit]), values, hit);
    }
  }
  return found;
}
