import type { DataCard } from '@bregma/core/contracts/dataset';
import { type Collect, numbersOf, stepOf } from '../container/collect.ts';
import { below, type ContainerNode, nameOf, type Tree } from '../container/container.ts';
import { type FlatColumn, flatColumns, flatValues } from '../container/flat.ts';
import { collectPlain } from '../container/plain.ts';
import { collectSparse } from './matrix.ts';

/** Groups with a matrix of Cell Ranger: `matrix` since version 3, a group a genome before. */
export const tenxGroups = (tree: Tree): ContainerNode[] =>
  tree
    .children('/')
    .filter(
      ({ kind, path }) =>
        kind === 'group' &&
        ['data', 'indices', 'indptr', 'shape', 'barcodes'].every((part) => tree.array(below(path, part))),
    );

/** Stores what Cell Ranger counted: cells (barcodes), genes (features), and counts by entry. */
export async function collectTenx(collect: Collect, groups: ContainerNode[]): Promise<Partial<DataCard>> {
  const { tree } = collect;
  const taken = new Set<string>();
  for (const group of groups) {
    const prefix = groups.length === 1 ? '' : `${nameOf(group.path)}_`;
    const own = tree.children(group.path).filter(({ kind }) => kind === 'array');
    const features = tree.group(below(group.path, 'features'));
    const genes = features
      ? tree.children(features.path).filter((node) => node.kind === 'array' && !nameOf(node.path).startsWith('_'))
      : own.filter(({ path }) => /^(genes|gene_names)$/.test(nameOf(path)));
    const barcodes = own.filter(({ path }) => nameOf(path) === 'barcodes');
    await numbered(collect, `${prefix}cells`, 'cell', barcodes);
    await numbered(collect, `${prefix}genes`, 'gene', genes);
    const shape = numbersOf(await tree.container.read(below(group.path, 'shape')));
    // The file has genes by cells, kept by cell.
    const sizes = [Number(shape[1]), Number(shape[0])];
    await collectSparse(collect, group, `${prefix}X`, { row: 'cell', column: 'gene' }, 'csr', sizes);
    for (const { path } of [...barcodes, ...genes]) taken.add(path);
    for (const part of ['data', 'indices', 'indptr', 'shape']) taken.add(below(group.path, part));
  }
  await collectPlain(collect, taken, 'tenx');
  return { modality: 'single cells (10x Genomics)' };
}

async function numbered(collect: Collect, name: string, number: string, nodes: ContainerNode[]): Promise<void> {
  const rows = nodes[0]?.shape?.[0] ?? 0;
  const same = nodes.filter(({ shape, type }) => shape?.[0] === rows && type && flatColumns('', type));
  await collect.table({
    name,
    rows,
    step: Math.min(2 ** 20, ...same.map(stepOf)),
    columns: [
      { name: number, type: 'INTEGER' },
      ...same.flatMap(({ path, type }): FlatColumn[] => (type && flatColumns(singular(nameOf(path)), type)) ?? []),
    ],
    batch: async (start, count) => {
      const parts = [];
      for (const { path, type } of same)
        if (type) parts.push(...flatValues(await collect.tree.container.read(path, start, count), type));
      return [Int32Array.from({ length: count }, (_, i) => start + i), ...parts];
    },
  });
}

const singular = (name: string) => ({ barcodes: 'barcode', genes: 'id', gene_names: 'name' })[name] ?? name;
