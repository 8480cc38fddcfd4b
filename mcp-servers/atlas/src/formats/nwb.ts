import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { openHdf5 } from '../read/hdf5/open-hdf5.ts';
import { collectNwb, nwbVersion } from '../read/nwb/collect-nwb.ts';
import type { FileFormat } from './format.ts';

/** Neurodata Without Borders, schema 1 and 2, in HDF5. */
export const nwb: FileFormat = {
  name: 'nwb',
  title: 'Neurodata Without Borders',
  extensions: ['.nwb'],
  options: ['leave_out'],
  async read(file, options, kit) {
    const container = await openHdf5(file, kit.signal);
    try {
      const tree = new Tree(container);
      const version = await nwbVersion(tree);
      if (version === undefined)
        throw new BregmaError('bad-input', `${path.basename(file)} is HDF5 and no NWB: it states no nwb_version.`, {
          next: "Add it with format: 'hdf5'.",
        });
      const collect = new Collect(tree, kit, options);
      const card = await collectNwb(collect, version);
      return { shape: 'tables', ...(await collect.finish()), card };
    } finally {
      container.close();
    }
  },
};
