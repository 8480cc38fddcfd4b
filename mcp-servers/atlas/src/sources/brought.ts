import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { ReadingPolicy } from '@bregma/core/reading-policy';
import type { DatasetAdapter } from '../datasets/adapter.ts';
import { allowed } from '../import/inputs.ts';
import { digestFile } from './fetch.ts';

/** A file that a person brought, with the digest that it has now. */
export interface Brought {
  name: string;
  place: string;
  bytes: number;
  sha256: string;
  origin: string;
}

/**
 * The files of a release that nobody pinned here, from the folder that the person names. Throws `missing` with where each is published,
 * and what the reading policy throws.
 */
export async function broughtFiles(
  { id, terms, brought = [] }: DatasetAdapter,
  folder: unknown,
  policy: ReadingPolicy,
  signal: AbortSignal,
): Promise<Brought[]> {
  const call = `add_data {"source": "${id}", "options": {"folder": "…"}${terms ? ', "agree": true' : ''}}`;
  const from = brought.map(({ name, origin, optional }) => `${name}${optional ? ' (optional)' : ''} from ${origin}`);
  if (typeof folder !== 'string' || folder === '')
    throw new BregmaError('missing', `The files of ${id} are brought by you: ${from.join('; ')}.`, {
      next: `Put them into one folder and call ${call}.`,
    });
  const found: Brought[] = [];
  for (const { name, origin, optional } of brought) {
    const { file: root } = allowed(folder, policy);
    const present = name.includes('*') ? namesLike(root, name) : [name];
    let some = false;
    for (const one of present) {
      const { file } = allowed(path.join(folder, one), policy);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (!stat?.isFile()) continue;
      some = true;
      found.push({ name: one, place: file, bytes: stat.size, sha256: await digestFile(file, signal), origin });
    }
    if (!some && !optional)
      throw new BregmaError('missing', `${folder} has no file ${name}.`, { next: `It is published at ${origin}.` });
  }
  return found;
}

/** Files of a folder that are looked at, at most. */
const mostFiles = 200_000;

/** Paths below a folder that fit a name with `*` and `**`, in natural order. Throws `too-large`. */
function namesLike(folder: string, name: string): string[] {
  let places = [''];
  for (const part of name.split('/')) {
    const fits = new RegExp(`^${part.split('*').map(escaped).join('.*')}$`);
    places = places.flatMap((place) => {
      if (part === '**') return below(folder, place);
      return entriesOf(path.join(folder, place))
        .filter((entry) => fits.test(entry.name))
        .map((entry) => path.posix.join(place, entry.name));
    });
    if (places.length > mostFiles)
      throw new BregmaError('too-large', `More than ${mostFiles} files fit ${name}.`, {
        next: 'Name a smaller folder.',
      });
  }
  return places.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const entriesOf = (folder: string) =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];

const below = (folder: string, place: string): string[] =>
  entriesOf(path.join(folder, place)).flatMap((entry) => {
    const inner = path.posix.join(place, entry.name);
    return entry.isDirectory() ? below(folder, inner) : [inner];
  });
