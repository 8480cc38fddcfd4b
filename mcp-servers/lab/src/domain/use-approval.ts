import { hostname } from 'node:os';
import { checkApproval, judgeApprovals, type ValidApproval } from '@bregma/core/approval/check';
import { acceptedKeys } from '@bregma/core/approval/trusted';
import type { PlanRecord } from '@bregma/core/contracts/experiment';
import type { ReceiptOf } from '@bregma/core/contracts/receipt';
import { BregmaError } from '@bregma/core/errors';
import { startRecord } from '@bregma/core/experiment/start-record';
import { refusePutBack } from '@bregma/core/ledger/put-back';
import { showHead } from '@bregma/core/witness/asking';
import { joinedWitness } from '@bregma/core/witness/identity';
import { witnessedStart } from '@bregma/core/witness/runs';
import type { Workspace } from '@bregma/core/workspace';

/**
 * Checks the approval of a plan and uses it up, in one step that no other process can come between: the witness's, where the workspace
 * has one, else the ledger's. allow: whether the demonstration key will do. Throws as `checkApproval`, `witnessedStart` and
 * `refusePutBack`.
 */
export async function useApproval(plan: PlanRecord, workspace: Workspace, allow: { demo: boolean }) {
  const { ledger, bregma } = workspace;
  refusePutBack(ledger, bregma);
  const receipt = await receiptOf(plan, workspace, allow);
  const started = await ledger.transact(
    (append) => {
      refusePutBack(ledger, bregma);
      const approval = receipt
        ? asApproval(receipt)
        : checkApproval(ledger, plan, keysOf(workspace), new Date(), allow);
      const body = startRecord(plan, approval, { process: { pid: process.pid, host: hostname() }, receipt });
      const { id, hash } = append({ kind: 'experiment', subject: plan.id, body });
      return { id, hash, body };
    },
    { durable: true },
  );
  await showHead(ledger);
  return started;
}

/** Whose signatures in the ledger count: where a witness holds the keys, the demonstration key's alone. */
function keysOf({ ledger, bregma }: Workspace) {
  const keys = acceptedKeys(bregma);
  return joinedWitness(ledger) ? keys.filter(({ demo }) => demo) : keys;
}

/** The witness's word, or undefined where none is needed: without a witness, and for a demonstration that was signed here. */
async function receiptOf(
  plan: PlanRecord,
  workspace: Workspace,
  allow: { demo: boolean },
): Promise<ReceiptOf<'approved'> | undefined> {
  try {
    return await witnessedStart(workspace.ledger, plan);
  } catch (error) {
    const unapproved = error instanceof BregmaError && error.code === 'needs-agreement';
    if (unapproved && allow.demo && isDemonstration(plan, workspace)) return undefined;
    throw error;
  }
}

const isDemonstration = (plan: PlanRecord, workspace: Workspace): boolean =>
  judgeApprovals(workspace.ledger, plan, keysOf(workspace), new Date(), { demo: true }).some(
    ({ judged }) => !(judged instanceof BregmaError),
  );

function asApproval({ statement }: ReceiptOf<'approved'>): ValidApproval {
  const { approval, nonce, by, expires } = statement;
  return { id: approval, nonce, by, expires, demo: false };
}
