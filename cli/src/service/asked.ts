import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { placeOf, type ServicePlace } from '@bregma/core/service/place';
import type { Place } from '@bregma/core/service/serve';
import type { Service } from '@bregma/core/service/service';
import type { CommandInput } from '../command.ts';

/** The folder of a service. Throws `bad-input` when none is named: it is never a workspace by accident. */
export function folderAsked({ name }: Service, { folder }: CommandInput['values']): string {
  if (typeof folder === 'string' && folder !== '') return path.resolve(folder);
  throw new BregmaError('bad-input', `Where does the ${name} keep its things?`, {
    next: 'Name a folder of its own user: --folder DIR',
  });
}

/** Where a service is to answer: `--socket PATH` or `--listen HOST:PORT`. Throws `bad-input`. */
export function listenAsked({ name }: Service, { socket, listen }: CommandInput['values']): Place {
  if (typeof socket === 'string' && listen === undefined) return { socket: path.resolve(socket) };
  const match = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/i.exec(socket === undefined ? String(listen ?? '') : '');
  if (!match)
    throw new BregmaError('bad-input', `A ${name} answers at one place.`, {
      next: 'Name it: --socket PATH, or --listen HOST:PORT.',
    });
  return { host: match[1].replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}

/** The service that a person names: `--address ADDRESS --token-file FILE`; undefined when they name none. Throws `bad-input` and `missing`. */
export function placeAsked(
  service: Service,
  { address, 'token-file': file }: CommandInput['values'],
): ServicePlace | undefined {
  if (address === undefined && file === undefined) return undefined;
  if (typeof address !== 'string' || typeof file !== 'string')
    throw new BregmaError('bad-input', `A ${service.name} has an address and a token.`, {
      next: '--address unix:/PATH --token-file FILE',
    });
  return placeOf(service, { address, token: tokenIn(file) }, '--address');
}

function tokenIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new BregmaError('missing', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
}

/** Resolves when a person or the system tells this process to end. */
export const toldToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
