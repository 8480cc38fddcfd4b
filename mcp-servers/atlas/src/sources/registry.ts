import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatasetAdapter, RegistryFile } from '../datasets/adapter.ts';
import { datasets } from '../datasets/index.gen.ts';

/** Every release that can be added by name. */
export const registry: DatasetAdapter[] = datasets.flat();

/** `id@release` or `id`. */
export function findEntry(reference: string): DatasetAdapter | undefined {
  return registry.find(({ id, release }) => reference === id || reference === `${id}@${release}`);
}

/** Where a file can be had without the network. */
export type Place = 'embedded' | 'mirror' | 'origin';

/** The folder of embedded data: `BREGMA_DATASETS`, else `datasets/` beside the program or above it. */
export function embeddedFolder(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const candidates = [
    process.env.BREGMA_DATASETS,
    ...['..', '../..', '../../..', '../../../..'].map((up) => path.resolve(here, up, 'datasets')),
  ];
  return candidates.find(
    (folder): folder is string => folder !== undefined && existsSync(path.join(folder, 'README.md')),
  );
}

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
  const places = entry.files.map((file) => locate(file).place);
  return places.includes('origin') ? 'origin' : places.includes('mirror') ? 'mirror' : 'embedded';
}
