import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { BregmaError } from '../errors.ts';
import { settingsFolder } from '../reading-policy.ts';
import { writeWhole } from '../storage.ts';

/** Where a witness is, and the token that it asks for. */
const WitnessPlace = z.object({
  address: z.string().regex(/^(unix:\/.+|http:\/\/[^/]+)$/),
  token: z.string().min(16),
});
export type WitnessPlace = z.infer<typeof WitnessPlace>;

const fileOf = (environment: NodeJS.ProcessEnv) => path.join(settingsFolder(environment), 'witness.json');

/** The witness of this person: from `BREGMA_WITNESS` with `BREGMA_WITNESS_TOKEN`, else from their settings; undefined: they have none. Throws `bad-input`. */
export function witnessPlace(environment: NodeJS.ProcessEnv = process.env): WitnessPlace | undefined {
  const { BREGMA_WITNESS: address, BREGMA_WITNESS_TOKEN: token } = environment;
  if (address) return placeOf({ address, token }, 'BREGMA_WITNESS');
  const file = fileOf(environment);
  if (!existsSync(file)) return undefined;
  if (process.platform !== 'win32' && (lstatSync(file).mode & 0o077) !== 0)
    throw new BregmaError('bad-input', `${file} can be read or written by other users.`, { next: `chmod 600 ${file}` });
  try {
    return placeOf(JSON.parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError('bad-input', `${file} is no JSON.`, {
      next: 'Remove it, then run `bregma witness join` again.',
    });
  }
}

/** Keeps where the witness is in the person's settings. */
export function keepWitnessPlace(place: WitnessPlace, environment: NodeJS.ProcessEnv = process.env): string {
  const file = fileOf(environment);
  mkdirSync(settingsFolder(environment), { recursive: true, mode: 0o700 });
  writeWhole(file, `${JSON.stringify(place, undefined, 2)}\n`, 0o600);
  return file;
}

/** Holds what names a witness to its form. Throws `bad-input`. */
export function placeOf(value: unknown, from: string): WitnessPlace {
  const parsed = WitnessPlace.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `${from} does not name a witness.`, {
    next: 'It needs an address, unix:/PATH or http://HOST:PORT, and the token that the witness said when it started.',
  });
}
