import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Row } from '../contracts/ledger-row.ts';
import { memberOf } from '../members.ts';
import { digestOfFile } from './digest-of-file.ts';
import type { Fault, VerifyStep } from './fault.ts';

/** Digests that a file of the cache had when it was made, by its name there. */
export type Seals = Map<string, Set<string>>;

/** Adds what a record of the kind `cache` says. */
export function addSeal(seals: Seals, { subject, body }: Row): void {
  const sha256 = memberOf(parsed(body), 'sha256');
  if (typeof sha256 !== 'string') return;
  const known = seals.get(subject);
  if (known) known.add(sha256);
  else seals.set(subject, new Set([sha256]));
}

/** Files of the cache that have other bytes than those on record. What no record names is never read, and is no fault. */
export function* cacheFaults(cache: string, seals: Seals): Generator<VerifyStep, Fault[]> {
  const faults: Fault[] = [];
  let done = 0;
  for (const [name, digests] of seals) {
    const at = { done: done++, total: seals.size, of: 'copies' as const };
    if (!namesCopy.test(name) || !lstatSync(path.join(cache, name), { throwIfNoEntry: false })) continue;
    const found = yield* digestOfFile(path.join(cache, name), at);
    const problem =
      'problem' in found
        ? found.problem
        : digests.has(found.digest)
          ? undefined
          : 'does not have the bytes that are on record: it was changed. No server reads it; it is made again';
    if (problem) faults.push({ what: `copy cache/${name}`, problem });
  }
  return faults;
}

/** A file of the cache, or of a folder in it: no way out. */
const namesCopy = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)?$/;

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // said of the record itself
  }
}
