import { statSync } from 'node:fs';
import { BregmaError } from '@bregma/core/errors';
import { stamp } from '../import/private-copy.ts';
import { digestFile } from './fetch.ts';

/** A file that is read where it lies, and the digest that its bytes had before. */
export interface Pinned {
  place: string;
  sha256: string;
}

/**
 * What `read` makes of files whose bytes were digested before: they are digested again after it, and their times are compared, which
 * tell of bytes that were changed and changed back. Throws `conflict` when any is not as it was. id: of the data set, for people.
 */
export async function readUnchanged<Read>(
  id: string,
  files: readonly Pinned[],
  signal: AbortSignal,
  read: () => Promise<Read>,
): Promise<Read> {
  const stamps = () => files.map(({ place }) => stamp(statSync(place))).join();
  const before = stamps();
  const found = await read();
  for (const { place, sha256 } of files) if ((await digestFile(place, signal)) !== sha256) throw changed(id);
  if (stamps() !== before) throw changed(id);
  return found;
}

const changed = (id: string) =>
  new BregmaError('conflict', `Files of ${id} changed while they were read: nothing was added.`, {
    next: 'Add it again.',
  });
