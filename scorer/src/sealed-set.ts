import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import { writeWhole } from '@bregma/core/storage';
import * as z from 'zod';

/** What a scorer keeps of a benchmark beside its card. */
const Kept = z.object({
  card: BenchmarkCard,
  title: z.string(),
  /** Name of the registered benchmark that it was made from; absent: a folder of a person's. */
  registered: z.string().optional(),
  canaries: z.number(),
});

/** A benchmark as a scorer holds it. */
export interface SealedSet extends z.infer<typeof Kept> {
  /** [unit × item], with the outcomes that were drawn for canaries. */
  outcomes: Float64Array;
  /** NPY of uint8 [item × y × x × 3]: what a network is shown. */
  images?: Uint8Array;
}

const folderOf = (folder: string, name: string) => path.join(folder, 'benchmarks', name);

/** Writes a benchmark whole: its card comes last. arrays: what is given away, by digest. Throws `conflict` for one that is there. */
export function writeSealedSet(
  folder: string,
  { outcomes, images, ...kept }: SealedSet,
  arrays: Map<string, Uint8Array>,
): void {
  const { name, units, items } = kept.card;
  const place = folderOf(folder, name);
  if (existsSync(path.join(place, 'card.json')))
    throw new BregmaError('conflict', `The scorer has a benchmark ${name}: scores on it would mean two things.`, {
      next: 'Choose another name with --name NAME.',
    });
  mkdirSync(path.join(place, 'arrays'), { recursive: true, mode: 0o700 });
  const write = (file: string, bytes: Uint8Array) => writeWhole(path.join(place, file), bytes, 0o600);
  write('outcomes.npy', writeNpy({ data: outcomes, shape: [units.count, items.count] }));
  if (images) write('images.npy', images);
  for (const [digest, bytes] of arrays) write(`arrays/${digest}`, bytes);
  writeWhole(path.join(place, 'card.json'), JSON.stringify(kept), 0o600);
}

/** Opens a benchmark. Throws `unknown-name` with the nearest. */
export function readSealedSet(folder: string, name: string): SealedSet {
  const names = sealedNames(folder);
  if (!names.includes(name))
    throw unknownName(
      'benchmark',
      name,
      nearest(name, names),
      names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has none yet.',
    );
  const place = folderOf(folder, name);
  const kept = Kept.parse(JSON.parse(readFileSync(path.join(place, 'card.json'), 'utf8')));
  const images = path.join(place, 'images.npy');
  return {
    ...kept,
    outcomes: Float64Array.from(doublesOf(parseNpy(readFileSync(path.join(place, 'outcomes.npy'))).data)),
    images: existsSync(images) ? readFileSync(images) : undefined,
  };
}

/** Names of the benchmarks that a scorer holds, sorted. */
export function sealedNames(folder: string): string[] {
  const all = path.join(folder, 'benchmarks');
  if (!existsSync(all)) return [];
  return readdirSync(all)
    .filter((name) => existsSync(path.join(all, name, 'card.json')))
    .sort();
}

/** An array that is given away. Throws `unknown-name` for any other. */
export function openArray(folder: string, { name, arrays }: BenchmarkCard, digest: string): Uint8Array {
  if (!arrays.some(({ sha256 }) => sha256 === digest))
    throw unknownName(
      'array',
      digest,
      [],
      `${name} gives away: ${arrays.map((one) => one.name).join(', ') || 'none'}.`,
    );
  return readFileSync(path.join(folderOf(folder, name), 'arrays', digest));
}
