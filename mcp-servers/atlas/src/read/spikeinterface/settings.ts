import { existsSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readRegular } from '../regular-file.ts';
import { isObject, type JsonObject, parseJson } from '../zarr/json.ts';

/** Most bytes of a file of settings. */
const largestJson = 5e7;

/** A file of settings as an object; undefined: it is not there. Throws `corrupt` for what is no JSON object. */
export function settingsOf(folder: string, name: string): JsonObject | undefined {
  const file = path.join(folder, name);
  if (!existsSync(file)) return undefined;
  try {
    const value = parseJson(readRegular(file, largestJson).toString('utf8'));
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof BregmaError) throw error;
  }
  throw new BregmaError('corrupt', `${name} of ${path.basename(folder)} is no JSON object.`, {
    next: 'Copy the folder again; nothing was added.',
  });
}

/** Values of a list as text: ids of channels and units are words or numbers. */
export const wordsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
