import type { ExperimentStart, PlanRecord } from '../contracts/experiment.ts';
import type { ReceiptOf } from '../contracts/receipt.ts';
import type { AnswerTo } from '../contracts/witness-call.ts';
import { BregmaError } from '../errors.ts';
import type { Door } from '../ledger/door.ts';
import { askWitness } from './client.ts';
import { type Joined, nonceFor, refuseOlder, unsigned, witnessOf } from './joined.ts';
import { isReceiptOf } from './receipts.ts';

/**
 * The witness's word that a person approved this plan, for one run; undefined in a workspace without a witness. Who was stopped before
 * the run began, and asks again, gets the same receipt. Throws `needs-agreement` when nobody whom it knows has approved, `not-allowed` when
 * the approval was used, here or in a copy, and as `refuseOlder`.
 */
export async function witnessedStart(ledger: Door, plan: PlanRecord): Promise<ReceiptOf<'approved'> | undefined> {
  const joined = witnessOf(ledger);
  if (!joined) return undefined;
  await refuseOlder(joined, ledger);
  const about = { plan: plan.id, hash: plan.hash };
  const { place, workspace, key } = joined;
  const ask = (nonce: string) => askWitness(place, 'start', { workspace, nonce, plan });
  let asked = await nonceFor(about, ledger);
  let said = await ask(asked);
  if (said.answer === 'begun') {
    asked = await nonceFor(about, ledger, asked);
    said = await ask(asked);
  }
  const { receipt } = said;
  if (said.answer !== 'approved') throw refusedStart(said, plan);
  const says = receipt?.statement;
  const right = says?.says === 'approved' && says.hash === plan.hash && says.asked === asked;
  // SAFETY: the statement says that a plan is approved.
  if (right && isReceiptOf(receipt, workspace, key)) return receipt as ReceiptOf<'approved'>;
  throw unsigned(place);
}

function refusedStart({ answer, why }: AnswerTo<'start'>, { id }: PlanRecord): BregmaError {
  const next = `Ask a person whom the witness knows to run \`bregma approve ${id} --witness\` from an account of their own.`;
  if (answer === 'unknown')
    return new BregmaError(
      'needs-agreement',
      `The witness knows no approval of ${id} that permits a run${why ? `: ${why}` : '.'}`,
      { next, fields: { refusal: 'not-approved' } },
    );
  return new BregmaError(
    'not-allowed',
    `The approval of ${id} was used already, here or in a copy: it permits one run.`,
    { next, fields: { refusal: 'used' } },
  );
}

/** The record that starts a run. */
interface Started {
  id: string;
  /** Of the record. */
  hash: string;
  body: ExperimentStart;
}

/**
 * Tells the witness that a run begins now, before anything of it does, and puts its word on record: of an approval one run begins, whoever has
 * its receipt. Does nothing for a run that needs no witness. Throws `not-allowed` when another run began on it, and as `askWitness`.
 */
export async function witnessedBegin({ id, hash, body }: Started, ledger: Door): Promise<void> {
  const says = body.receipt?.statement;
  const joined: Joined | undefined = says?.says === 'approved' ? witnessOf(ledger) : undefined;
  if (!joined || says?.says !== 'approved' || says.asked === undefined) return;
  const { place, workspace, key } = joined;
  const { asked: nonce } = says;
  const { answer, receipt } = await askWitness(place, 'begin', { workspace, nonce, plan: body.plan, start: hash });
  if (answer !== 'begun')
    throw new BregmaError('not-allowed', 'Another run began on this approval, here or in a copy: it permits one.', {
      next: `Ask a person to run \`bregma approve ${body.plan} --witness\` again.`,
      fields: { refusal: 'used' },
    });
  const begun = receipt?.statement;
  if (begun?.says !== 'begun' || begun.asked !== nonce || begun.start !== hash || !isReceiptOf(receipt, workspace, key))
    throw unsigned(place);
  await ledger.append([{ kind: 'witness', subject: id, body: { phase: 'begun', receipt } }], { durable: true });
}
