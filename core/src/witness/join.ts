import { BregmaError } from '../errors.ts';
import { refusePutBack } from '../ledger/put-back.ts';
import type { ServicePlace } from '../service/place.ts';
import type { Workspace } from '../workspace.ts';
import { askWitness } from './client.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { isReceiptOf } from './receipts.ts';

/**
 * Puts the workspace's budget and approvals into the hands of a witness, for good: a `witness` record says so. Returns the identity and how
 * many tests the witness counts. Throws `needs-agreement`, with the identity, until a person lets the workspace in there, and `conflict`
 * when it has joined another witness.
 */
export async function joinWitness(
  { ledger, bregma }: Workspace,
  place: ServicePlace,
): Promise<{ workspace: string; tests: number }> {
  refusePutBack(ledger, bregma);
  const workspace = workspaceIdentity(ledger);
  const tests = ledger.list('test').map(({ id, body }) => ({ id, body }));
  const { answer, key, receipt } = await askWitness(place, 'join', { workspace, head: ledger.head(), tests });
  const joined = joinedWitness(ledger);
  if (joined && joined.key !== key)
    throw new BregmaError('conflict', `This workspace has joined another witness than the one at ${place.address}.`, {
      next: 'A workspace has one witness, for good. Name the address of that one.',
    });
  if (answer === 'unknown')
    throw new BregmaError('needs-agreement', `The witness does not know this workspace yet: ${workspace}`, {
      next: `Whoever runs the witness lets it in (bregma witness admit ${workspace} --name NAME); then join again.`,
      fields: { workspace },
    });
  if (receipt?.statement.says !== 'joined' || !isReceiptOf(receipt, workspace, key))
    throw new BregmaError('failed', `What answers at ${place.address} is no witness: it signed nothing.`);
  if (!joined)
    ledger.append([{ kind: 'witness', subject: workspace, body: { phase: 'joined', key, receipt } }], {
      durable: true,
    });
  return { workspace, tests: receipt.statement.tests };
}
