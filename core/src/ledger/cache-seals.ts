import type { Door } from './door.ts';
import type { LedgerReader } from './ledger.ts';

/**
 * Copies that a server keeps in `.bregma/cache` to be quick. They can be made again at any time and are believed only as long as
 * they have the bytes that a record says: a seal beside the file would be as easily written as the file.
 * name: the file's path below `.bregma/cache`, with slashes.
 */
export function sealsOf(ledger: Pick<LedgerReader, 'list'>, name: string): string[] {
  return ledger.list('cache', name).map(({ body }) => body.sha256);
}

/** Puts on record that the cache file of this name has these bytes. Two servers may each have made it, with other bytes. */
export async function sealCache(ledger: Pick<Door, 'list' | 'append'>, name: string, sha256: string): Promise<void> {
  if (sealsOf(ledger, name).includes(sha256)) return;
  await ledger.append([{ kind: 'cache', subject: name, body: { sha256 } }]);
}
