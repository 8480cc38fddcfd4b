import { statSync } from 'node:fs';
import type { Container } from './container/container.ts';
import { openHdf5 } from './hdf5/open-hdf5.ts';
import { openRegular } from './regular-file.ts';
import { openZarr } from './zarr/open-zarr.ts';

/** How a zip begins, and one of no files (APPNOTE.TXT, 4.3.7 and 4.3.16). */
const zipMagic = ['PK\x03\x04', 'PK\x05\x06'];

/** Opens a tree of arrays in whatever it lies: a folder or a zip is Zarr, anything else HDF5. Throws as `openZarr` and `openHdf5`. */
export async function openContainer(file: string, signal: AbortSignal): Promise<Container> {
  return isFolderOrZip(file) ? openZarr(file, signal) : openHdf5(file, signal);
}

function isFolderOrZip(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return true;
  const opened = openRegular(file, Number.MAX_SAFE_INTEGER);
  try {
    return zipMagic.some((magic) => opened.read(0, 4).equals(Buffer.from(magic, 'latin1')));
  } finally {
    opened.close();
  }
}
