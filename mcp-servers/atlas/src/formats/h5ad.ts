import { collectAnnData, isAnnData } from '../read/cells/collect-anndata.ts';
import { genesAsked } from '../read/cells/genes.ts';
import { openContainer } from '../read/open-container.ts';
import { notOf, readContainer } from '../read/read-container.ts';
import type { FileFormat } from './format.ts';

/** AnnData in HDF5, of all layouts since 0.5. */
export const h5ad: FileFormat = {
  name: 'h5ad',
  title: 'AnnData (h5ad)',
  extensions: ['.h5ad'],
  options: ['leave_out', 'take', 'genes'],
  read: (file, options, kit) => {
    const genes = genesAsked(options);
    return readContainer(openContainer(file, kit.signal), options, kit, async (collect) => {
      if (!isAnnData(collect.tree)) throw notOf('AnnData', file, 'it has no obs and var');
      return { shape: 'tables', card: await collectAnnData(collect, genes) };
    });
  },
};
