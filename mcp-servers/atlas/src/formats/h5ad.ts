import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { collectAnnData, isAnnData } from '../read/cells/collect-anndata.ts';
import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { openContainer } from '../read/open-container.ts';
import type { FileFormat } from './format.ts';

/** AnnData in HDF5, of all layouts since 0.5. */
export const h5ad: FileFormat = {
  name: 'h5ad',
  title: 'AnnData (h5ad)',
  extensions: ['.h5ad'],
  options: ['leave_out'],
  async read(file, options, kit) {
    const container = await openContainer(file, kit.signal);
    try {
      const tree = new Tree(container);
      if (!isAnnData(tree))
        throw new BregmaError('bad-input', `${path.basename(file)} is no AnnData: it has no obs and var.`, {
          next: "Add it with format: 'hdf5', or 'zarr'.",
        });
      const collect = new Collect(tree, kit, options);
      const card = await collectAnnData(collect);
      return { shape: 'tables', ...(await collect.finish()), card };
    } finally {
      container.close();
    }
  },
};
