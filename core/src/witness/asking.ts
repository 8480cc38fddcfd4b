import type { TestSpend } from '../contracts/hypothesis.ts';
import type { Receipt } from '../contracts/receipt.ts';
import type { CallOf } from '../contracts/witness-call.ts';
import { BregmaError } from '../errors.ts';
import type { BudgetChoice } from '../hypothesis/budget.ts';
import type { Door } from '../ledger/door.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { askWitness } from './client.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { nonceFor, refuseOlder, unsigned, witnessOf } from './joined.ts';
import { witnessPlace } from './place.ts';
import { isReceiptOf } from './receipts.ts';

/** Which test asks for a level. */
export type TestAsked = Omit<TestSpend, 'budget' | 'receipt'>;

/**
 * The level that the witness gives a test, with its receipt; undefined in a workspace without a witness. It is spent there when this
 * returns; who was stopped between the two, and asks for the same test again, gets the same receipt. Throws `conflict` when this test,
 * here or in a copy, had its level already, and as `refuseOlder`.
 */
export async function witnessedLevel(
  ledger: Door,
  asked: { test: TestAsked; by: 'e' | 'p'; wished?: BudgetChoice },
): Promise<{ budget: TestSpend['budget']; receipt: Receipt } | undefined> {
  const joined = witnessOf(ledger);
  if (!joined) return undefined;
  const { place, workspace, key } = joined;
  await refuseOlder(joined, ledger);
  const nonce = await nonceFor(asked.test, ledger);
  const given = await askWitness(place, 'spend', { workspace, nonce, ...asked, results: resultsWitnessed(ledger) });
  if (given.answer === 'spent')
    throw new BregmaError(
      'conflict',
      `The witness gave this test its level on ${given.at}: a copy of this workspace, or one that was put back, gets none again.`,
      { next: 'Nothing was spent now. The verdict is where that test ran.', fields: { refusal: 'spent' } },
    );
  const { budget, receipt } = given;
  const says = receipt?.statement;
  if (budget && receipt && says?.says === 'spent' && says.nonce === nonce && isReceiptOf(receipt, workspace, key))
    return { budget, receipt };
  throw unsigned(place);
}

/** A look of a sequential test at more rows, with the level that it has. */
interface FurtherLook {
  test: string;
  experiment: string;
}

/**
 * Lets a sequential test look at more rows. It spends nothing; that it looks is on record and shown to the witness first, so that a
 * ledger put back to before this look gets no other one. Throws as `refuseOlder`.
 */
export async function witnessedLook(look: FurtherLook, ledger: Door): Promise<void> {
  const joined = witnessOf(ledger);
  if (!joined) return;
  const { place, workspace } = joined;
  await refuseOlder(joined, ledger);
  await nonceFor(look, ledger);
  await askWitness(place, 'head', { workspace, head: ledger.head() });
}

/** What came of the tests that a witness gave a level, by the nonce of each asking. */
function resultsWitnessed(ledger: LedgerReader): CallOf<'spend'>['results'] {
  const tests = ledger.list('test');
  const nonces = new Map(
    tests.flatMap(({ id, body }) =>
      body.phase === 'spent' && body.receipt?.statement.says === 'spent'
        ? [[id, body.receipt.statement.nonce] as const]
        : [],
    ),
  );
  return tests.flatMap(({ body }) => {
    const nonce = body.phase === 'result' ? nonces.get(body.test) : undefined;
    return nonce && body.phase === 'result' ? [{ nonce, result: body }] : [];
  });
}

/** Shows the witness the newest record. It may not be there just now: the next spend shows a newer one. */
export async function showHead(ledger: LedgerReader): Promise<void> {
  const joined = joinedWitness(ledger);
  const place = joined && witnessPlace();
  if (!place) return;
  await askWitness(place, 'head', { workspace: workspaceIdentity(ledger), head: ledger.head() }).catch(() => {});
}
