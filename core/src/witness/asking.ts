import { randomBytes } from 'node:crypto';
import { digestOf } from '../canonical.ts';
import type { PlanRecord } from '../contracts/experiment.ts';
import type { TestSpend } from '../contracts/hypothesis.ts';
import type { Receipt, ReceiptOf } from '../contracts/receipt.ts';
import type { CallOf } from '../contracts/witness-call.ts';
import { BregmaError } from '../errors.ts';
import type { BudgetChoice } from '../hypothesis/budget.ts';
import type { Door } from '../ledger/door.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { ServicePlace } from '../service/place.ts';
import { askWitness } from './client.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { witnessPlace } from './place.ts';
import { isReceiptOf } from './receipts.ts';

/** A workspace that has a witness, and where that is. */
interface Joined {
  place: ServicePlace;
  workspace: string;
  key: string;
}

/** The witness of a workspace; undefined when it joined none. Throws `missing` when it did and nobody says where the witness is. */
function witnessOf(ledger: LedgerReader): Joined | undefined {
  const joined = joinedWitness(ledger);
  if (!joined) return undefined;
  const place = witnessPlace();
  if (place) return { place, workspace: workspaceIdentity(ledger), key: joined.key };
  throw new BregmaError('missing', 'This workspace has a witness, and nobody says where it is.', {
    next: 'Set BREGMA_WITNESS and BREGMA_WITNESS_TOKEN, or run `bregma witness join` again. Nothing was spent.',
  });
}

/** Throws `corrupt` when the witness was shown a record that this ledger lacks: it is a copy, or was put back. */
async function refuseOlder({ place, workspace }: Joined, ledger: LedgerReader): Promise<void> {
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

/** What an asking is known by: on record before it is sent, so that asking again after a crash is the same asking. */
function nonceFor(about: TestAsked | FurtherLook, ledger: Door): string | Promise<string> {
  const subject = digestOf(about);
  return ledger.transact(
    (append) => {
      for (const { body } of ledger.list('witness', subject)) if (body.phase === 'asked') return body.nonce;
      const nonce = randomBytes(16).toString('hex');
      append({ kind: 'witness', subject, body: { phase: 'asked', nonce } });
      return nonce;
    },
    { durable: true },
  );
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

/**
 * The witness's word that a person approved this plan, for one run that begins now; undefined in a workspace without a witness. Throws
 * `needs-agreement` when nobody whom it knows has, `not-allowed` when the approval was used, here or in a copy, and as `refuseOlder`.
 */
export async function witnessedStart(
  ledger: LedgerReader,
  plan: PlanRecord,
): Promise<ReceiptOf<'approved'> | undefined> {
  const joined = witnessOf(ledger);
  if (!joined) return undefined;
  const { place, workspace, key } = joined;
  await refuseOlder(joined, ledger);
  const { answer, why, receipt } = await askWitness(place, 'start', {
    workspace,
    nonce: randomBytes(16).toString('hex'),
    plan,
  });
  const next = `Ask a person whom the witness knows to run \`bregma approve ${plan.id} --witness\` from an account of their own.`;
  if (answer === 'unknown')
    throw new BregmaError(
      'needs-agreement',
      `The witness knows no approval of ${plan.id} that permits a run${why ? `: ${why}` : '.'}`,
      {
        next,
        fields: { refusal: 'not-approved' },
      },
    );
  if (answer === 'spent')
    throw new BregmaError(
      'not-allowed',
      `The approval of ${plan.id} was used already, here or in a copy: it permits one run.`,
      {
        next,
        fields: { refusal: 'used' },
      },
    );
  if (receipt && isApproved(receipt) && receipt.statement.hash === plan.hash && isReceiptOf(receipt, workspace, key))
    return receipt;
  throw unsigned(place);
}

const isApproved = (receipt: Receipt): receipt is ReceiptOf<'approved'> => receipt.statement.says === 'approved';

/** Shows the witness the newest record. It may not be there just now: the next spend shows a newer one. */
export async function showHead(ledger: LedgerReader): Promise<void> {
  const joined = joinedWitness(ledger);
  const place = joined && witnessPlace();
  if (!place) return;
  await askWitness(place, 'head', { workspace: workspaceIdentity(ledger), head: ledger.head() }).catch(() => {});
}

function unsigned({ address }: ServicePlace): BregmaError {
  return new BregmaError(
    'not-allowed',
    `What answers at ${address} is not the witness that this workspace joined: its signature is another's.`,
    {
      next: 'Look at the address (`bregma witness status`). Nothing was recorded here.',
    },
  );
}
