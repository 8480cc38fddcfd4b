import { statSync } from 'node:fs';
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
    const { file } = allowed(path.join(folder, name), policy);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile()) {
      found.push({ name, place: file, bytes: stat.size, sha256: await digestFile(file, signal), origin });
    } else if (!optional)
      throw new BregmaError('missing', `${folder} has no file ${name}.`, { next: `It is published at ${origin}.` });
  }
  return found;
}
