import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { collectNwb, nwbVersion } from '../read/nwb/collect-nwb.ts';
import { openContainer } from '../read/open-container.ts';
import type { FileFormat } from './format.ts';

/** Neurodata Without Borders, schema 1 and 2, in HDF5. */
export const nwb: FileFormat = {
  name: 'nwb',
  title: 'Neurodata Without Borders',
  extensions: ['.nwb'],
  options: ['leave_out'],
  async read(file, options, kit) {
    const container = await openContainer(file, kit.signal);
    try {
      const tree = new Tree(container);
      const version = await nwbVersion(tree);
      if (version === undefined)
        throw new BregmaError('bad-input', `${path.basename(file)} is no NWB: it states no nwb_version.`, {
          next: "Add it with format: 'hdf5', or 'zarr'.",
        });
      const collect = new Collect(tree, kit, options);
      const card = await collectNwb(collect, version);
      return { shape: 'tables', ...(await collect.finish()), card };
    } finally {
      container.close();
    }
  },
};
