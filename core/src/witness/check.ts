import type { LedgerReader } from '../ledger/ledger.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { isReceiptOf } from './receipts.ts';

/**
 * What was spent or run beside the witness since the workspace joined it: a test or a run without its receipt, or with one that the witness
 * did not sign or that says something else. Runs on a demonstration key touch no subject and need none.
 */
export function unwitnessed(ledger: LedgerReader): { what: string; problem: string }[] {
  const joined = joinedWitness(ledger);
  if (!joined) return [];
  const workspace = workspaceIdentity(ledger);
  const spends = ledger.list('test').flatMap(({ id, seq, body }) => {
    if (body.phase !== 'spent' || seq < joined.seq) return [];
    const says = body.receipt?.statement;
    const right =
      says?.says === 'spent' &&
      says.budget.level === body.budget.level &&
      says.budget.index === body.budget.index &&
      says.test.hypothesis === body.hypothesis &&
      says.test.prediction === body.prediction &&
      says.test.experiment === body.experiment;
    return right && isReceiptOf(body.receipt, workspace, joined.key) ? [] : [id];
  });
  const runs = ledger.list('experiment').flatMap(({ id, seq, body }) => {
    if (body.phase !== 'started' || seq < joined.seq || body.demo) return [];
    const says = body.receipt?.statement;
    const right = says?.says === 'approved' && says.hash === body.planHash && says.nonce === body.nonce;
    return right && isReceiptOf(body.receipt, workspace, joined.key) ? [] : [id];
  });
  const told = new Set(
    ledger.list('witness').flatMap(({ body }) => {
      const says = body.phase === 'begun' ? body.receipt.statement : undefined;
      return body.phase === 'begun' && says?.says === 'begun' && isReceiptOf(body.receipt, workspace, joined.key)
        ? [`${says.asked} ${says.start}`]
        : [];
    }),
  );
  const delivered = new Set(
    ledger
      .list('experiment')
      .flatMap(({ body }) => (body.phase === 'ended' && body.delivered > 0 ? body.experiment : [])),
  );
  const untold = ledger.list('experiment').flatMap(({ id, hash, body }) => {
    const says = body.phase === 'started' ? body.receipt?.statement : undefined;
    if (says?.says !== 'approved' || says.asked === undefined || !delivered.has(id)) return [];
    return told.has(`${says.asked} ${hash}`) ? [] : [id];
  });
  return [
    ...spends.map((id) => ({ what: id, problem: 'spent error budget without the witness of this workspace' })),
    ...untold.map((id) => ({
      what: id,
      problem: 'delivered trials and is not the run that began, as the witness says',
    })),
    ...runs.map((id) => ({ what: id, problem: 'ran without an approval that the witness of this workspace knows' })),
  ];
}
