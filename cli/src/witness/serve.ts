import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { type Place, serveWitness } from '@bregma/core/witness/serve';
import type { CommandInput } from '../command.ts';
import { folderAsked } from './keep.ts';

/** Runs a witness until it is told to end. */
export async function serveHere({ values }: CommandInput): Promise<number> {
  const folder = folderAsked(values);
  const served = await serveWitness(folder, placeAsked(values));
  console.log(`The witness answers at ${served.address}; its token is in ${path.join(folder, 'http-token')}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await served.close();
  return 0;
}

function placeAsked({ socket, listen }: CommandInput['values']): Place {
  if (typeof socket === 'string' && listen === undefined) return { socket: path.resolve(socket) };
  const match = /^(\[[0-9a-f:]+\]|[^:]+):(\d{1,5})$/i.exec(socket === undefined ? String(listen ?? '') : '');
  if (!match)
    throw new BregmaError('bad-input', 'A witness answers at one place.', {
      next: 'Name it: --socket PATH, or --listen HOST:PORT.',
    });
  return { host: match[1].replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}
