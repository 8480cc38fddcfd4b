import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isAlf } from '../read/alf/alf-names.ts';
import { readAlf } from '../read/alf/read-alf.ts';
import type { FileFormat } from './format.ts';

/** A session in the naming of the International Brain Laboratory (ALF): objects with attributes, a file each. */
export const alf: FileFormat = {
  name: 'alf',
  title: 'ALF session',
  extensions: [],
  options: [],
  isFolder: isAlf,
  async read(folder, _options, kit) {
    const names = readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .sort();
    return { shape: 'tables', ...(await readAlf(folder, names, kit)), card: { modality: 'electrophysiology (ALF)' } };
  },
};
