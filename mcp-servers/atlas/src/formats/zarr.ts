import { BregmaError } from '@bregma/core/errors';
import { genesAsked } from '../read/cells/genes.ts';
import { collectByConvention } from '../read/convention.ts';
import { readContainer } from '../read/read-container.ts';
import { tableName } from '../read/table-name.ts';
import { openZarr } from '../read/zarr/open-zarr.ts';
import type { FileFormat } from './format.ts';

/** Zarr 2 and 3, a folder or a zip: by the convention that it follows (AnnData, NWB, OME-Zarr), else arrays, columns and single values. */
export const zarr: FileFormat = {
  name: 'zarr',
  title: 'Zarr arrays',
  extensions: ['.zarr', '.zarr.zip', '.zip'],
  options: ['leave_out', 'plain', 'level', 'genes'],
  isFolder: (names) => names.some((name) => /^(zarr\.json|\.zgroup|\.zarray)$/.test(name)),
  async read(file, options, kit) {
    const { level = 0 } = options;
    if (!Number.isSafeInteger(level) || Number(level) < 0)
      throw new BregmaError('bad-input', `options.level is ${JSON.stringify(level)?.slice(0, 40)}.`, {
        next: 'Give the number of a resolution; 0 is the finest.',
      });
    const settings = { plain: options.plain === true, level: Number(level), genes: genesAsked(options) };
    return readContainer(openZarr(file, kit.signal), options, kit, (collect) =>
      collectByConvention(collect, tableName(file), settings),
    );
  },
};
