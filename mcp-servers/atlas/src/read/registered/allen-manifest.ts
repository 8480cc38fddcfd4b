import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { BregmaError } from '@bregma/core/errors';

/** A file as a manifest of the Allen Brain Cell Atlas lists it. */
export interface ListedFile {
  version: string;
  relative_path: string;
  url: string;
  size: number;
  file_hash: string;
  /** Under which it stands: data set, kind, …, format. */
  dataset: string;
  kind: string;
  format: string;
}

/** Every file of a release's manifest. name: of the manifest. Throws `corrupt` where it is none, or lacks a size or MD5. */
export function listedFiles(text: string, name: string): ListedFile[] {
  const wrong = (why: string) =>
    new BregmaError('corrupt', `${name} ${why}.`, { next: 'Take the manifest of the release again.' });
  let manifest: { file_listing?: unknown };
  try {
    manifest = JSON.parse(text);
  } catch {
    throw wrong('is no JSON');
  }
  const found: ListedFile[] = [];
  const walk = (tree: unknown, path: string[]): void => {
    if (typeof tree !== 'object' || tree === null || path.length > 12) return;
    if (!('relative_path' in tree && 'url' in tree)) {
      for (const [key, value] of Object.entries(tree)) walk(value, [...path, key]);
      return;
    }
    // SAFETY: a file of the manifest; its members are looked at here.
    const file = tree as ListedFile;
    if (!Number.isSafeInteger(file.size) || !/^[0-9a-f]{32}$/.test(file.file_hash))
      throw wrong(`says no size or digest of ${String(file.relative_path).slice(0, 200)}`);
    found.push({ ...file, dataset: path[0], kind: path[1], format: path.at(-1) ?? '' });
  };
  walk(manifest?.file_listing, []);
  if (found.length === 0) throw wrong('lists no file');
  return found;
}

/**
 * Compares files with what a manifest says of them. files: name below the atlas' folder, and place. Returns names that it does not list.
 * Throws `corrupt` for a file of another size or MD5.
 */
export async function checkListed(
  manifest: string,
  files: (readonly [name: string, place: string])[],
  signal: AbortSignal,
): Promise<string[]> {
  const listed = new Map(
    listedFiles(readFileSync(manifest, 'utf8'), 'manifest.json').map((one) => [one.relative_path, one]),
  );
  const unlisted: string[] = [];
  for (const [name, place] of files) {
    const said = listed.get(name);
    if (!said) {
      unlisted.push(name);
      continue;
    }
    const { size } = statSync(place);
    const hash = createHash('md5');
    if (size === said.size) await pipeline(createReadStream(place), hash, { signal });
    const digest = size === said.size ? hash.digest('hex') : undefined;
    if (digest === said.file_hash) continue;
    const [here, there] = digest ? [`MD5 ${digest}`, `MD5 ${said.file_hash}`] : [`${size} bytes`, `${said.size} bytes`];
    throw new BregmaError('corrupt', `${name} has ${here}; the manifest of its release says ${there}.`, {
      next: `Download it again from ${said.url.slice(0, 300)}, or take the manifest of its release.`,
    });
  }
  return unlisted;
}
