import path from 'node:path';
import { witnessService } from '@bregma/core/service/service';
import { serveWitness } from '@bregma/core/witness/serve';
import type { CommandInput } from '../command.ts';
import { folderAsked, listenAsked, toldToEnd } from '../service/asked.ts';

/** Runs a witness until it is told to end. */
export async function serveHere({ values }: CommandInput): Promise<number> {
  const folder = folderAsked(witnessService, values);
  const served = await serveWitness(folder, listenAsked(witnessService, values));
  console.log(`The witness answers at ${served.address}; its token is in ${path.join(folder, 'http-token')}`);
  await toldToEnd();
  await served.close();
  return 0;
}
