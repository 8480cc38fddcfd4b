import { randomBytes, sign } from 'node:crypto';
import type { Approval, ApprovalStatement, Meaning, PlanRecord } from '../contracts/experiment.ts';
import { BregmaError } from '../errors.ts';
import { refusePutBack } from '../ledger/put-back.ts';
import type { LedgerRecord } from '../ledger/records.ts';
import { joinedWitness } from '../witness/identity.ts';
import type { OpenWorkspace } from '../workspace.ts';
import { findPlan } from './check.ts';
import { findTrusted, type SigningKey } from './keys.ts';
import { signedBytes } from './statement.ts';

/** Who approves, what the signature means and how long it holds. */
export interface ApprovalOptions {
  /** The person, by name. */
  by: string;
  /** Default `approve`: it may run once. */
  meaning?: Meaning;
  comment?: string;
  /** Default 24, at most 720 (30 days). */
  expiresInHours?: number;
  /** Nobody stands behind this approval. Always true with a demo key. */
  demo?: boolean;
  /** Hash of the plan that the person read: another one is not signed. */
  hash?: string;
  now?: Date;
}

const longestHours = 720;
const longestName = 200;

/**
 * Signs a plan as it lies in the ledger and appends the `approval` record. For the command line and the extension, on a
 * person's word; no server imports this file. Throws `unknown-name` or `corrupt` for the plan, `needs-agreement` when the
 * workspace does not trust the key yet, `bad-input` for an expiry outside (0, 720] hours or a name that is none, `corrupt` in a ledger that was put back.
 */
export function approvePlan(
  workspace: OpenWorkspace,
  planId: string,
  key: SigningKey,
  options: ApprovalOptions,
): LedgerRecord<'approval'> {
  const plan = findPlan(workspace.ledger, planId);
  const { by } = options;
  if (by.trim() === '' || by.length > longestName || /\p{Cc}/u.test(by))
    throw new BregmaError('bad-input', 'An approval is by somebody: this is no name of a person.', {
      next: `Write the name, at most ${longestName} characters on one line.`,
    });
  if (options.hash !== undefined && options.hash !== plan.hash)
    throw new BregmaError('conflict', `${plan.id} is not the plan that was shown: nothing was signed.`, {
      next: 'Read it again.',
    });
  refusePutBack(workspace.ledger, workspace.bregma);
  const trusted = findTrusted(workspace.bregma, key);
  if (!trusted)
    throw new BregmaError(
      'needs-agreement',
      `This workspace does not trust key ${key.fingerprint.slice(0, 16)}… yet.`,
      {
        next: 'If it is your key, run `bregma trust` in a terminal, or sign in the editor.',
        fields: { fingerprint: key.fingerprint },
      },
    );
  if (joinedWitness(workspace.ledger) && !key.demo)
    throw new BregmaError(
      'not-allowed',
      'This workspace has a witness: approvals are given to it, and count nowhere else.',
      {
        next: `From an account that no agent has: bregma approve ${plan.id} --witness`,
      },
    );
  const demo = (options.demo ?? false) || trusted.demo;
  const body = signStatement(plan, key, { ...options, demo, workspace: trusted.workspace });
  const [record] = workspace.ledger.append([{ kind: 'approval', subject: plan.id, body }], { durable: true });
  // SAFETY: this is the record that was just made from `body`.
  return record as LedgerRecord<'approval'>;
}

/** What a person says with a signature, and the workspace in which it counts. */
export type SignedFor = Omit<ApprovalOptions, 'hash'> & { workspace: string };

/** A plan with a person's signature. Throws `bad-input` for an expiry outside (0, 720] hours. */
export function signStatement(plan: PlanRecord, key: SigningKey, options: SignedFor): Approval {
  const hours = options.expiresInHours ?? 24;
  if (!(hours > 0 && hours <= longestHours))
    throw new BregmaError('bad-input', `An approval cannot last ${hours} hours.`, {
      next: `Choose more than 0 and at most ${longestHours} hours.`,
    });
  const now = options.now ?? new Date();
  const statement: ApprovalStatement = {
    plan: plan.id,
    hash: plan.hash,
    meaning: options.meaning ?? 'approve',
    comment: options.comment,
    by: options.by,
    signedAt: now.toISOString(),
    expires: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    nonce: randomBytes(16).toString('hex'),
    key: key.fingerprint,
    demo: (options.demo ?? false) || key.demo,
    workspace: options.workspace,
  };
  return { statement, signature: sign(null, signedBytes(statement), key.privateKey).toString('base64') };
}
