import { existsSync } from 'node:fs';
import path from 'node:path';
import { embeddedFolder } from '@bregma/core/embedded';
import type { DatasetAdapter, RegistryFile } from '../datasets/adapter.ts';
import { datasets } from '../datasets/index.gen.ts';

/** Every release that can be added by name. */
export const registry: DatasetAdapter[] = datasets.flat();

/** `id@release` or `id`; of a release of many parts, whichever part was brought. */
export function findEntry(reference: string): DatasetAdapter | undefined {
  return registry.find(
    ({ id, release, parts }) =>
      reference === id || reference === `${id}@${release}` || (parts && reference.startsWith(`${id}@${release}-`)),
  );
}

/** Where a file can be had without the network. */
export type Place = 'embedded' | 'mirror' | 'origin' | 'options.folder';

/** Where this file lies now: embedded, in the mirror, or only at its origin. */
export function locate(file: RegistryFile): { place: Place; path?: string } {
  const embedded = embeddedFolder();
  if (embedded && existsSync(path.join(embedded, file.path)))
    return { place: 'embedded', path: path.join(embedded, file.path) };
  const mirror = process.env.BREGMA_MIRROR;
  if (mirror && existsSync(path.join(mirror, file.path)))
    return { place: 'mirror', path: path.join(mirror, file.path) };
  return { place: 'origin' };
}

/** The farthest place that adding this release needs. */
export function placeOf(entry: DatasetAdapter): Place {
  if (entry.brought) return 'options.folder';
  const places = entry.files.map((file) => locate(file).place);
  return places.includes('origin') ? 'origin' : places.includes('mirror') ? 'mirror' : 'embedded';
}
