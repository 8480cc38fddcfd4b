import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { collectByConvention } from '../read/convention.ts';
import { openHdf5 } from '../read/hdf5/open-hdf5.ts';
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
      const found = await collectByConvention(collect, tableName(file), { plain: options.plain === true });
      return { ...found, ...(await collect.finish()) };
    } finally {
      container.close();
    }
  },
};
