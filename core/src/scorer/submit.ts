import { randomBytes } from 'node:crypto';
import type { Attempt, ScoreReceipt, ScoreRecord } from '../contracts/score.ts';
import { BregmaError, unknownName } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { ServicePlace } from '../service/place.ts';
import { workspaceIdentity } from '../witness/identity.ts';
import { askScorer } from './client.ts';
import { tryScorer } from './preflight.ts';
import { isScoreOf } from './receipts.ts';

/** What is handed in: predictions as NPY [unit × item], or a network that makes them. */
export type HandedIn = { predictions: Uint8Array } | { network: Uint8Array };

/**
 * Hands predictions in, after trying what the scorer keeps, and gives back the receipt, which is checked. again: it is that of the same
 * predictions, which were scored before. Throws `not-allowed` when another
 * scorer signed it than the one whose receipts this workspace has for the benchmark.
 */
export async function submitScore(
  place: ServicePlace,
  ledger: LedgerReader,
  benchmark: string,
  handedIn: HandedIn,
): Promise<{ key: string; receipt: ScoreReceipt; again: boolean }> {
  const workspace = workspaceIdentity(ledger);
  const nonce = randomBytes(16).toString('hex');
  const sent =
    'network' in handedIn
      ? { network: Buffer.from(handedIn.network).toString('base64') }
      : { predictions: Buffer.from(handedIn.predictions).toString('base64') };
  const { tried, done } = await tryScorer(place);
  try {
    const { key, receipt } = await askScorer(place, 'score', { benchmark, workspace, nonce, ...sent, tried });
    const { statement } = receipt;
    if (!isScoreOf(receipt, key) || statement.benchmark !== benchmark || statement.workspace !== workspace)
      throw new BregmaError('not-allowed', `What answers at ${place.address} signed another score than was asked for.`);
    const before = receiptsOf(ledger).find((one) => one.receipt.statement.sealed === statement.sealed);
    if (before && before.key !== key)
      throw new BregmaError(
        'not-allowed',
        `What answers at ${place.address} is not the scorer that scored ${benchmark} here before.`,
        {
          next: 'Look at the address: `bregma benchmark join`. Nothing was recorded.',
        },
      );
    return { key, receipt, again: statement.nonce !== nonce };
  } finally {
    done();
  }
}

/** A receipt of this workspace with what was tried. */
export type ReceivedScore = Extract<ScoreRecord, { phase: 'received' }> & { id: string };

/** Receipts that a workspace has, oldest first. */
export const receiptsOf = (ledger: Pick<LedgerReader, 'list'>): ReceivedScore[] =>
  ledger.list('score').flatMap(({ id, body }) => (body.phase === 'received' ? [{ ...body, id }] : []));

/** The attempt that another one goes on from. Throws `unknown-name` when there is none of that id. */
export function refuseUnknownAttempt(ledger: Pick<LedgerReader, 'list'>, after: Attempt['after']): void {
  if (after === undefined || receiptsOf(ledger).some(({ id }) => id === after)) return;
  throw unknownName('attempt', after, [], 'score_twin says the record of each attempt.');
}
