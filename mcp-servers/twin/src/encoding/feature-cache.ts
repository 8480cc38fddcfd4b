import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '@bregma/core/canonical';
import { sealCache, sealsOf } from '@bregma/core/ledger/cache-seals';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { memberOf } from '@bregma/core/members';
import { ownFolder, readOwnFile, writeWhole } from '@bregma/core/storage';
import type { Workspace } from '@bregma/core/workspace';
import type { DistinctData } from './distinct.ts';
import { computeFeatures, type FeatureOptions, pickImages } from './features.ts';
import type { Band } from './ridge.ts';

/** Features that were computed together: what they are of, and where they lie. */
interface Pack {
  file: string;
  /** sha256 of the file. */
  sha256: string;
  /** Digest of each image, in order. */
  images: string[];
  bands: { name: string; width: number; cells?: number }[];
}

/**
 * Features of every stimulus of a recording. Those of a network are kept in `.bregma/cache`, by the network, its layers and the
 * image: a copy only, which is made again when it is not what was written. progress: stimuli done.
 */
export async function featuresOf(
  data: Pick<DistinctData, 'images' | 'digests'>,
  options: FeatureOptions,
  { workspace, signal }: Pick<ToolContext, 'workspace' | 'signal'>,
  progress: (done: number) => void,
): Promise<Band[]> {
  if (!options.network) return computeFeatures(data.images, options, signal, progress, workspace.objects);
  const folder = path.join(workspace.bregma, 'cache', `features-${digestOf(options).slice(0, 32)}`);
  const places = new Map<string, { pack: Pack; row: number }>();
  for (const pack of packsIn(folder, workspace))
    pack.images.forEach((digest, row) => void places.set(digest, { pack, row }));
  const missing = data.digests.flatMap((digest, i) => (places.has(digest) ? [] : [i]));
  let computed: Band[] | undefined;
  if (missing.length > 0) {
    const told = (done: number) => progress(data.digests.length - missing.length + done);
    computed = await computeFeatures(pickImages(data.images, missing), options, signal, told, workspace.objects);
    const images = missing.map((i) => data.digests[i]);
    for (const part of packsOf(computed, images)) await keep(folder, part.bands, part.images, workspace);
    if (missing.length === data.digests.length) return computed;
  }
  const kept = read(data.digests, places);
  if (!kept) {
    rmSync(folder, { recursive: true, force: true });
    return featuresOf(data, options, { workspace, signal }, progress);
  }
  missing.forEach((row, i) => {
    for (const [k, { width, features }] of kept.entries())
      if (computed) features.set(computed[k].features.subarray(i * width, (i + 1) * width), row * width);
  });
  progress(data.digests.length);
  return kept;
}

/** Bytes of a pack: Node writes less than 2 GiB of a file at once, and one pack is in memory beside the features. */
const mostBytes = 2 ** 29;

/** Features of images, divided so that no part is larger than `most` bytes; an image is in one part. */
export function packsOf(bands: Band[], images: string[], most = mostBytes): { bands: Band[]; images: string[] }[] {
  const width = bands.reduce((sum, band) => sum + band.width, 0);
  const rows = Math.max(1, Math.floor(most / (4 * width)));
  return Array.from({ length: Math.ceil(images.length / rows) }, (_, i) => {
    const [from, to] = [i * rows, Math.min(images.length, (i + 1) * rows)];
    return {
      images: images.slice(from, to),
      bands: bands.map((band) => ({ ...band, features: band.features.subarray(from * band.width, to * band.width) })),
    };
  });
}

/** Packs whose list has the bytes that are on record, and names the digest of the numbers. */
function packsIn(folder: string, { ledger }: Pick<Workspace, 'ledger'>): Pack[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        const text = readOwnFile(path.join(folder, name));
        if (!text || !sealsOf(ledger, sealName(folder, name)).includes(sha256(text))) return [];
        const found: unknown = JSON.parse(text.toString('utf8'));
        if (!Array.isArray(memberOf(found, 'images')) || !Array.isArray(memberOf(found, 'bands'))) return [];
        // SAFETY: `keep` wrote it: its bytes are those on record.
        return [{ ...(found as Pack), file: path.join(folder, `${name.slice(0, -5)}.f32`) }];
      } catch {
        return [];
      }
    });
}

const sealName = (folder: string, name: string) => `${path.basename(folder)}/${name}`;

/** [image × all bands], float32, and beside it what it holds. The list comes last, and its seal: without these there is no pack. */
async function keep(
  folder: string,
  bands: Band[],
  images: string[],
  { ledger }: Pick<Workspace, 'ledger'>,
): Promise<void> {
  const width = bands.reduce((sum, band) => sum + band.width, 0);
  const data = new Float32Array(images.length * width);
  let at = 0;
  for (const band of bands) {
    for (let i = 0; i < images.length; i++)
      data.set(band.features.subarray(i * band.width, (i + 1) * band.width), i * width + at);
    at += band.width;
  }
  const bytes = new Uint8Array(data.buffer);
  const name = path.join(folder, digestOf(images).slice(0, 32));
  ownFolder(path.dirname(folder));
  ownFolder(folder);
  writeWhole(`${name}.f32`, bytes);
  const list = {
    sha256: sha256(bytes),
    images,
    bands: bands.map(({ name, width, cells }) => ({ name, width, cells })),
  };
  const text = JSON.stringify(list);
  writeWhole(`${name}.json`, text);
  await sealCache(ledger, sealName(folder, `${path.basename(name)}.f32`), list.sha256);
  await sealCache(ledger, sealName(folder, `${path.basename(name)}.json`), sha256(text));
}

/** Bands with the rows that are kept, zero elsewhere; undefined when a file is not what was written. */
function read(digests: string[], places: Map<string, { pack: Pack; row: number }>): Band[] | undefined {
  const files = new Map<Pack, Float32Array>();
  const layout = [...places.values()][0].pack.bands;
  const bands = layout.map((band) => ({ ...band, features: new Float32Array(digests.length * band.width) }));
  const width = layout.reduce((sum, band) => sum + band.width, 0);
  for (const [i, digest] of digests.entries()) {
    const found = places.get(digest);
    if (!found) continue;
    const { pack, row } = found;
    let data = files.get(pack);
    if (!data) {
      const bytes = readOwnFile(pack.file);
      if (!bytes || sha256(bytes) !== pack.sha256 || bytes.length !== 4 * width * pack.images.length) return undefined;
      data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      files.set(pack, data);
    }
    let at = row * width;
    for (const band of bands) {
      band.features.set(data.subarray(at, at + band.width), i * band.width);
      at += band.width;
    }
  }
  return bands;
}
