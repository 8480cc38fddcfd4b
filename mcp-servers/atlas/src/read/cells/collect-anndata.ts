import type { DataCard } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { Collect } from '../container/collect.ts';
import { type Tree, textAttribute } from '../container/container.ts';
import { collectPlain } from '../container/plain.ts';
import { collectFrame } from './frame.ts';
import { collectGenes, placesOfGenes } from './genes.ts';
import { collectMatrix, collectSparse, isFrame, type MatrixAxes, sparseKind } from './matrix.ts';

/** Whether a container is anndata, of any layout since 0.5. */
export function isAnnData(tree: Tree): boolean {
  if (textAttribute(tree.node('/'), 'encoding-type') === 'anndata') return true;
  return tree.node('/obs') !== undefined && tree.node('/var') !== undefined;
}

/**
 * Stores what an AnnData holds: cells (obs), genes (var), matrices by entry, embeddings, and the rest by its path. genes: of these alone,
 * and then nothing but cells, genes and X.
 */
export async function collectAnnData(collect: Collect, genes?: string[]): Promise<Partial<DataCard>> {
  const { tree } = collect;
  if (genes) return collectSomeGenes(collect, genes);
  const taken = new Set<string>();
  const cells = { row: 'cell', column: 'gene' };
  for (const [path, name, number] of [
    ['/obs', 'obs', 'cell'],
    ['/var', 'var', 'gene'],
    ['/raw/var', 'raw_var', 'gene'],
    ['/raw.var', 'raw_var', 'gene'],
  ]) {
    const node = tree.node(path);
    if (!node || collect.isLeftOut(path)) continue;
    await collectFrame(collect, node, name, number);
    taken.add(path);
  }
  for (const [path, name] of [
    ['/X', 'X'],
    ['/raw/X', 'raw_X'],
    ['/raw.X', 'raw_X'],
  ])
    if (await collectMatrix(collect, path, name, cells)) taken.add(path);
  for (const [folder, axes] of Object.entries(foldersOf(cells))) {
    for (const { path } of tree.children(folder)) {
      const node = tree.node(path);
      const name = path.slice(1);
      if (!node || collect.isLeftOut(path)) continue;
      if (node.kind === 'group' && isFrame(node)) await collectFrame(collect, node, name, axes.row);
      else if (folder.endsWith('m') && node.kind === 'array' && (node.shape?.length ?? 0) > 1)
        await collect.array(node, name, { axes: [axes.row, axes.column] });
      else if (!(await collectMatrix(collect, path, name, axes))) continue;
      taken.add(path);
    }
  }
  for (const node of tree.container.nodes) {
    const kind = node.path.startsWith('/uns/') && !collect.isLeftOut(node.path) ? sparseKind(node) : undefined;
    if (!kind) continue;
    await collectSparse(collect, node, node.path, { row: 'row', column: 'column' }, kind);
    taken.add(node.path);
  }
  await collectPlain(collect, taken, 'anndata');
  return { modality: 'single cells (AnnData)' };
}

/** Cells, genes, and the columns of some genes of X and of each layer. */
async function collectSomeGenes(collect: Collect, genes: string[]): Promise<Partial<DataCard>> {
  const { tree } = collect;
  const [obs, table] = [tree.node('/obs'), tree.node('/var')];
  if (!obs || !table)
    throw new BregmaError('bad-input', 'It has no obs and var: genes have no names.', {
      next: 'Leave options.genes out.',
    });
  const places = await placesOfGenes(collect, table, genes);
  if (!collect.isLeftOut('/obs')) await collectFrame(collect, obs, 'obs', 'cell');
  if (!collect.isLeftOut('/var')) await collectFrame(collect, table, 'var', 'gene');
  for (const path of ['/X', ...tree.children('/layers').map((layer) => layer.path)])
    await collectGenes(collect, path, path.slice(1), { row: 'cell', column: 'gene' }, places);
  collect.warnings.push(
    `Of X and layers ${places.length === 1 ? 'one gene was' : `${places.length} genes were`} read, as asked for; raw, embeddings and uns were not.`,
  );
  return { modality: 'single cells (AnnData)' };
}

/** Folders of matrices and what their axes are. */
const foldersOf = (cells: MatrixAxes): Record<string, MatrixAxes> => ({
  '/layers': cells,
  '/obsm': { row: 'cell', column: 'component' },
  '/varm': { row: 'gene', column: 'component' },
  '/raw/varm': { row: 'gene', column: 'component' },
  '/obsp': { row: 'cell', column: 'other_cell' },
  '/varp': { row: 'gene', column: 'other_gene' },
});
