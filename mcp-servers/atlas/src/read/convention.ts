import type { DataCard } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import type { Parts } from '../formats/format.ts';
import { collectAnnData, isAnnData } from './cells/collect-anndata.ts';
import { collectTenx, tenxGroups } from './cells/collect-tenx.ts';
import type { Collect } from './container/collect.ts';
import { collectPlain } from './container/plain.ts';
import { collectNwb, nwbVersion } from './nwb/collect-nwb.ts';
import { collectOme, omeImages } from './ome/collect-ome.ts';

/**
 * Stores a tree of arrays by the convention that it follows (10x, NWB, AnnData, OME), else arrays, columns and single values by their
 * paths. root: the name of a table in its root. plain: no convention is looked for. level: which resolution of an OME image.
 * genes: of AnnData, these alone.
 */
export async function collectByConvention(
  collect: Collect,
  root: string,
  { plain, level = 0, genes }: { plain: boolean; level?: number; genes?: string[] },
): Promise<Pick<Parts, 'shape' | 'card'>> {
  const { tree } = collect;
  const said = (what: string) => collect.warnings.push(`It was read as ${what}. Option: plain.`);
  const tables = (card?: Partial<DataCard>) => ({ shape: 'tables' as const, card });
  const tenx = plain ? [] : tenxGroups(tree);
  if (tenx.length > 0) {
    said('counts of Cell Ranger (10x)');
    return tables(await collectTenx(collect, tenx));
  }
  const version = plain ? undefined : await nwbVersion(tree);
  if (version !== undefined) {
    said('NWB');
    return tables(await collectNwb(collect, version));
  }
  if (!plain && isAnnData(tree)) {
    said('AnnData');
    return tables(await collectAnnData(collect, genes));
  }
  if (genes)
    throw new BregmaError('bad-input', 'It is no AnnData: it has no genes.', { next: 'Leave options.genes out.' });
  const images = plain ? [] : omeImages(tree);
  if (images.length > 0) {
    said('an image of OME-Zarr');
    return collectOme(collect, images, root, level);
  }
  await collectPlain(collect, new Set(), root);
  return tables();
}
