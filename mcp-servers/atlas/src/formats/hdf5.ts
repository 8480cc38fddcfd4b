import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { collectPlain } from '../read/container/plain.ts';
import { openHdf5 } from '../read/hdf5/open-hdf5.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** HDF5 of no convention that is known: arrays, columns and single values, by their paths. */
export const hdf5: FileFormat = {
  name: 'hdf5',
  title: 'HDF5 arrays',
  extensions: ['.h5', '.hdf5', '.hdf', '.he5'],
  options: ['leave_out'],
  async read(file, options, kit) {
    const container = await openHdf5(file, kit.signal);
    try {
      const collect = new Collect(new Tree(container), kit, options);
      await collectPlain(collect, new Set(), tableName(file));
      return { shape: 'tables', ...(await collect.finish()) };
    } finally {
      container.close();
    }
  },
};
