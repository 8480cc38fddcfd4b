import { collectNwb, nwbVersion } from '../read/nwb/collect-nwb.ts';
import { openContainer } from '../read/open-container.ts';
import { notOf, readContainer } from '../read/read-container.ts';
import type { FileFormat } from './format.ts';

/** Neurodata Without Borders, schema 1 and 2, in HDF5. */
export const nwb: FileFormat = {
  name: 'nwb',
  title: 'Neurodata Without Borders',
  extensions: ['.nwb'],
  options: ['leave_out', 'take'],
  read: (file, options, kit) =>
    readContainer(openContainer(file, kit.signal), options, kit, async (collect) => {
      const version = await nwbVersion(collect.tree);
      if (version === undefined) throw notOf('NWB', file, 'it states no nwb_version');
      return { shape: 'tables', card: await collectNwb(collect, version) };
    }),
};
