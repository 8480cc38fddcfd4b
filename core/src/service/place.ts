import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { BregmaError } from '../errors.ts';
import { settingsFolder } from '../reading-policy.ts';
import { writeWhole } from '../storage.ts';
import type { Service } from './service.ts';

/** Where a service is, and the token that it asks for. */
const ServicePlace = z.object({
  address: z.string().regex(/^(unix:\/.+|http:\/\/[^/]+)$/),
  token: z.string().min(16),
});
export type ServicePlace = z.infer<typeof ServicePlace>;

/** Where this person's settings keep a file of a service. */
export const settingsFileOf = (name: string, environment: NodeJS.ProcessEnv = process.env): string =>
  path.join(settingsFolder(environment), `${name}.json`);

/** The service of this person: from its variable with `_TOKEN`, else from their settings; undefined: they have none. Throws `bad-input`. */
export function servicePlace(service: Service, environment: NodeJS.ProcessEnv = process.env): ServicePlace | undefined {
  const address = environment[service.variable];
  if (address) return placeOf(service, { address, token: environment[`${service.variable}_TOKEN`] }, service.variable);
  const file = settingsFileOf(service.name, environment);
  if (!existsSync(file)) return undefined;
  if (process.platform !== 'win32' && (lstatSync(file).mode & 0o077) !== 0)
    throw new BregmaError('bad-input', `${file} can be read or written by other users.`, { next: `chmod 600 ${file}` });
  try {
    return placeOf(service, JSON.parse(readFileSync(file, 'utf8')), file);
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError('bad-input', `${file} is no JSON.`, {
      next: `Remove it, then run \`${service.join}\` again.`,
    });
  }
}

/** Keeps where the service is in the person's settings. */
export function keepPlace(service: Service, place: ServicePlace, environment: NodeJS.ProcessEnv = process.env): string {
  const file = settingsFileOf(service.name, environment);
  mkdirSync(settingsFolder(environment), { recursive: true, mode: 0o700 });
  writeWhole(file, `${JSON.stringify(place, undefined, 2)}\n`, 0o600);
  return file;
}

/** Holds what names a service to its form. Throws `bad-input`. */
export function placeOf(service: Service, value: unknown, from: string): ServicePlace {
  const parsed = ServicePlace.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `${from} does not name a ${service.name}.`, {
    next: `It needs an address, unix:/PATH or http://HOST:PORT, and the token that the ${service.name} said.`,
  });
}
