import { collectByConvention } from '../read/convention.ts';
import { openHdf5 } from '../read/hdf5/open-hdf5.ts';
import { readContainer } from '../read/read-container.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** HDF5: by the convention that it follows (10x, AnnData, NWB), else arrays, columns and single values by their paths. */
export const hdf5: FileFormat = {
  name: 'hdf5',
  title: 'HDF5 arrays',
  extensions: ['.h5', '.hdf5', '.hdf', '.he5'],
  options: ['leave_out', 'take', 'plain'],
  read: (file, options, kit) =>
    readContainer(openHdf5(file, kit.signal), options, kit, (collect) =>
      collectByConvention(collect, tableName(file), { plain: options.plain === true }),
    ),
};
