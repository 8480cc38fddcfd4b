import { verify } from 'node:crypto';
import { Approval, PlanRecord } from '../contracts/experiment.ts';
import { BregmaError, type ErrorCode, unknownName } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { StoredRecord } from '../ledger/records.ts';
import { memberOf } from '../members.ts';
import { nearest } from '../nearest.ts';
import { sealPlan, signedBytes } from './statement.ts';
import type { TrustedKey } from './trusted.ts';

/** Why an approval does not permit a run. */
export type Refusal =
  | 'not-approved'
  | 'malformed'
  | 'forged'
  | 'untrusted-key'
  | 'other-plan'
  | 'other-workspace'
  | 'only-reviewed'
  | 'withdrawn'
  | 'expired'
  | 'not-yet-valid'
  | 'used'
  | 'demo-key';

/** An approval that permits one run. */
export interface ValidApproval {
  /** Record id of the approval. */
  id: string;
  nonce: string;
  by: string;
  expires: string;
  demo: boolean;
}

/** Clocks of two machines may differ by this much, ms. */
const clockSkewMs = 5 * 60_000;

/**
 * The plan with this id. Throws `unknown-name`, and `corrupt` when the record under the id is not the plan that the id was
 * made from: an edited plan has another id, so an edit under the same id is a forgery.
 */
export function findPlan(ledger: LedgerReader, id: string): PlanRecord {
  const record = ledger.stored('plan', id).at(-1);
  if (!record) {
    const known = [...new Set(ledger.stored('plan').map(({ subject }) => subject))];
    throw unknownName('plan', id, nearest(id, known), 'Call find_records with kind plan, or plan_experiment.');
  }
  const parsed = PlanRecord.safeParse(record.body);
  const sealed = parsed.success ? sealPlan(parsed.data.content) : undefined;
  if (!parsed.success || !sealed || sealed.id !== id || sealed.hash !== parsed.data.hash)
    throw new BregmaError('corrupt', `Plan ${id} was edited: its content does not match its hash.`, {
      next: 'Make a new plan with plan_experiment and have it approved.',
      fields: { refusal: 'other-plan' satisfies Refusal },
    });
  return parsed.data;
}

/**
 * The newest approval that permits one run of the plan now. Call it inside `ledger.transact` together with the record that
 * uses it up, so that two processes cannot both use it. Throws `not-allowed` with `refusal`, the reason of the newest one
 * that does not do. demo: whether a demonstration key will do, which it never does where a subject is touched.
 */
export function checkApproval(
  ledger: LedgerReader,
  plan: PlanRecord,
  trusted: TrustedKey[],
  now: Date,
  options: { demo: boolean } = { demo: false },
): ValidApproval {
  let first: BregmaError | undefined;
  for (const { judged } of judgeApprovals(ledger, plan, trusted, now, options)) {
    if (!(judged instanceof BregmaError)) return judged;
    first ??= judged;
    if (judged.fields.refusal === 'withdrawn') break;
  }
  throw first ?? refuse('not-approved', `Plan ${plan.id} has no approval.`, askFor(plan.id), 'needs-agreement');
}

/**
 * Every signature on a plan, newest first: what it permits, or why it permits nothing (`fields.refusal`). again: the nonce of an approval
 * that was given to the very run that asks, which therefore counts as unused.
 */
export function judgeApprovals(
  ledger: LedgerReader,
  plan: PlanRecord,
  trusted: TrustedKey[],
  now: Date,
  options: { demo: boolean; again?: string },
): { record: StoredRecord<'approval'>; judged: ValidApproval | BregmaError }[] {
  const signed = ledger.stored('approval', plan.id);
  if (signed.length === 0) return [];
  const used = usedNonces(ledger);
  if (options.again !== undefined) used.delete(options.again);
  // A clock that was set back revives nothing: the ledger knows that it was later.
  const latest = Date.parse(ledger.latestTime() ?? '');
  const at = latest > now.getTime() ? new Date(latest) : now;
  return signed.reverse().map((record) => ({ record, judged: judge(record, plan, trusted, used, at, options) }));
}

/** Nonces of all approvals that a run has used up, in the whole workspace. */
export function usedNonces(ledger: LedgerReader): Set<string> {
  // Of a record that this Bregma cannot read the nonce counts too: what was used stays used.
  const nonces = ledger.stored('experiment').map(({ body }) => memberOf(body, 'nonce'));
  return new Set(nonces.filter((nonce) => typeof nonce === 'string'));
}

function judge(
  record: StoredRecord<'approval'>,
  plan: PlanRecord,
  trusted: TrustedKey[],
  used: Set<string>,
  now: Date,
  options: { demo: boolean },
): ValidApproval | BregmaError {
  const parsed = Approval.safeParse(record.body);
  if (!parsed.success)
    return refuse(
      'malformed',
      `${record.id} is no signed approval: a record of this form permits nothing.`,
      askFor(plan.id),
    );
  const { statement, signature } = parsed.data;
  const key = trusted.find(({ fingerprint }) => fingerprint === statement.key);
  if (!key)
    return refuse(
      'untrusted-key',
      `${record.id} was signed with key ${statement.key.slice(0, 16)}…, which this workspace does not trust.`,
      'A person can trust the key with `bregma trust`, or approve with a key that is trusted.',
    );
  if (!verify(null, signedBytes(statement), key.publicKey, Buffer.from(signature, 'base64')))
    return refuse(
      'forged',
      `The signature of ${record.id} is not ${key.name}'s: the approval was forged or changed.`,
      askFor(plan.id),
    );
  if (statement.workspace !== key.workspace)
    return refuse(
      'other-workspace',
      statement.workspace === undefined
        ? `${record.id} names no folder, as earlier builds signed: it permits nothing any more.`
        : `${record.id} approves a run in another folder: a copy of it permits nothing.`,
      askFor(plan.id),
    );
  if (statement.plan !== plan.id || statement.hash !== plan.hash)
    return refuse(
      'other-plan',
      `${record.id} approves ${statement.plan} with another hash, not this plan.`,
      askFor(plan.id),
    );
  if (statement.meaning === 'reject')
    return refuse(
      'withdrawn',
      `${statement.by} rejected plan ${plan.id} (${record.id}).`,
      'Talk to them; then make a new plan.',
    );
  if (statement.meaning !== 'approve')
    return refuse('only-reviewed', `${record.id} says '${statement.meaning}', which permits no run.`, askFor(plan.id));
  if (used.has(statement.nonce))
    return refuse('used', `${record.id} was used already: an approval permits one run.`, `${askFor(plan.id)} again.`);
  if (Date.parse(statement.signedAt) > now.getTime() + clockSkewMs)
    return refuse(
      'not-yet-valid',
      `${record.id} is dated ${statement.signedAt}, in the future.`,
      'Set the clock right.',
    );
  if (!(Date.parse(statement.expires) > now.getTime()))
    return refuse('expired', `${record.id} expired at ${statement.expires}.`, askFor(plan.id));
  const demo = statement.demo || key.demo;
  if (demo && !options.demo)
    return refuse(
      'demo-key',
      `${record.id} was made with a demonstration key: no person stands behind it, and this driver touches a subject.`,
      askFor(plan.id),
    );
  return {
    id: record.id,
    nonce: statement.nonce,
    by: statement.by,
    expires: statement.expires,
    demo,
  };
}

function askFor(plan: string): string {
  return `Ask a person to run \`bregma approve ${plan}\``;
}

function refuse(refusal: Refusal, message: string, next: string, code: ErrorCode = 'not-allowed'): BregmaError {
  return new BregmaError(code, message, { next: next.endsWith('.') ? next : `${next}.`, fields: { refusal } });
}
