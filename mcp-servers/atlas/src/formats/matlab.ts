import { collectByConvention } from '../read/convention.ts';
import { collectMat } from '../read/matlab/collect-mat.ts';
import { openMat } from '../read/matlab/open-mat.ts';
import { readContainer } from '../read/read-container.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** What MATLAB saves, version 4 to 7.3: numbers, text, cells, structs and sparse matrices. */
export const matlab: FileFormat = {
  name: 'matlab',
  title: 'MATLAB variables',
  extensions: ['.mat'],
  options: ['leave_out', 'take', 'plain'],
  async read(file, options, kit) {
    const { container, version } = await openMat(file, kit.objects.temporaryPath(), kit.signal);
    return readContainer(Promise.resolve(container), options, kit, async (collect) => {
      const root = tableName(file);
      if (version === 'hdf5') {
        collect.warnings.push('It is HDF5 that names no class of MATLAB: it was read as HDF5.');
        return collectByConvention(collect, root, { plain: options.plain === true });
      }
      await collectMat(collect, root);
      if (version === 7.3 && collect.arrays.some(({ shape }) => shape.length > 1))
        collect.warnings.push('Axes are as MATLAB shows them, rows first; h5py gives those of the file, in reverse.');
      return { shape: 'tables' };
    });
  },
};
