import type { DataCard } from '@bregma/core/contracts/dataset';
import { collectAnnData, isAnnData } from '../read/cells/collect-anndata.ts';
import { collectTenx, tenxGroups } from '../read/cells/collect-tenx.ts';
import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { collectPlain } from '../read/container/plain.ts';
import { openHdf5 } from '../read/hdf5/open-hdf5.ts';
import { collectNwb, nwbVersion } from '../read/nwb/collect-nwb.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** HDF5: by the convention that it follows (10x, AnnData, NWB), else arrays, columns and single values by their paths. */
export const hdf5: FileFormat = {
  name: 'hdf5',
  title: 'HDF5 arrays',
  extensions: ['.h5', '.hdf5', '.hdf', '.he5'],
  options: ['leave_out', 'plain'],
  async read(file, options, kit) {
    const container = await openHdf5(file, kit.signal);
    try {
      const collect = new Collect(new Tree(container), kit, options);
      const card = await collectAny(collect, tableName(file), options.plain === true);
      return { shape: 'tables', ...(await collect.finish()), card };
    } finally {
      container.close();
    }
  },
};

async function collectAny(collect: Collect, root: string, plain: boolean): Promise<Partial<DataCard> | undefined> {
  const { tree } = collect;
  const said = (what: string) => collect.warnings.push(`It was read as ${what}. Option: plain.`);
  const tenx = plain ? [] : tenxGroups(tree);
  if (tenx.length > 0) {
    said('counts of Cell Ranger (10x)');
    return collectTenx(collect, tenx);
  }
  const version = plain ? undefined : await nwbVersion(tree);
  if (version !== undefined) {
    said('NWB');
    return collectNwb(collect, version);
  }
  if (!plain && isAnnData(tree)) {
    said('AnnData');
    return collectAnnData(collect);
  }
  await collectPlain(collect, new Set(), root);
  return undefined;
}
