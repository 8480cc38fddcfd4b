import { randomBytes } from 'node:crypto';
import { digestOf } from '../canonical.ts';
import { BregmaError } from '../errors.ts';
import type { Door } from '../ledger/door.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { ServicePlace } from '../service/place.ts';
import { askWitness } from './client.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { witnessPlace } from './place.ts';

/** A workspace that has a witness, and where that is. */
export interface Joined {
  place: ServicePlace;
  workspace: string;
  key: string;
}

/** The witness of a workspace; undefined when it joined none. Throws `missing` when it did and nobody says where the witness is. */
export function witnessOf(ledger: LedgerReader): Joined | undefined {
  const joined = joinedWitness(ledger);
  if (!joined) return undefined;
  const place = witnessPlace();
  if (place) return { place, workspace: workspaceIdentity(ledger), key: joined.key };
  throw new BregmaError('missing', 'This workspace has a witness, and nobody says where it is.', {
    next: 'Set BREGMA_WITNESS and BREGMA_WITNESS_TOKEN, or run `bregma witness join` again. Nothing was spent.',
  });
}

/** Throws `corrupt` when the witness was shown a record that this ledger lacks: it is a copy, or was put back. */
export async function refuseOlder({ place, workspace }: Joined, ledger: LedgerReader): Promise<void> {
  const { known, head } = await askWitness(place, 'ask', { workspace });
  if (!known)
    throw new BregmaError('not-allowed', 'The witness does not know this workspace: nothing was spent.', {
      next: `Whoever runs the witness can let it in: bregma witness admit ${workspace} --name NAME`,
    });
  if (!head || head.seq === 0 || ledger.rowBySeq(head.seq)?.hash === head.hash) return;
  throw new BregmaError(
    'corrupt',
    `The witness was shown record ${head.seq} of this workspace, and this ledger lacks it: it is a copy, or was put back.`,
    {
      next: `Go on where that record is. If it is lost, whoever runs the witness can let this ledger go on with what budget is left: bregma witness admit ${workspace} --name NAME`,
      fields: { refusal: 'older-ledger' },
    },
  );
}

/**
 * What an asking is known by: on record before it is sent, so that asking again after a crash is the same asking. about: what is asked
 * for. after: an asking that has had all that it can get, after which another one is made.
 */
export function nonceFor(about: unknown, ledger: Door, after?: string): string | Promise<string> {
  const subject = digestOf(about);
  return ledger.transact(
    (append) => {
      const last = ledger.list('witness', subject).findLast(({ body }) => body.phase === 'asked')?.body;
      if (last?.phase === 'asked' && last.nonce !== after) return last.nonce;
      const nonce = randomBytes(16).toString('hex');
      append({ kind: 'witness', subject, body: { phase: 'asked', nonce } });
      return nonce;
    },
    { durable: true },
  );
}

/** What is thrown when an answer does not carry the signature of the witness that was joined. */
export function unsigned({ address }: ServicePlace): BregmaError {
  return new BregmaError(
    'not-allowed',
    `What answers at ${address} is not the witness that this workspace joined: its signature is another's.`,
    {
      next: 'Look at the address (`bregma witness status`). Nothing was recorded here.',
    },
  );
}
