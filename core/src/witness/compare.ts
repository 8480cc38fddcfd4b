import { BregmaError } from '../errors.ts';
import { Ledger } from '../ledger/ledger.ts';
import { askWitness } from './client.ts';
import { joinedWitness, workspaceIdentity } from './identity.ts';
import { witnessPlace } from './place.ts';

/** What a store lacks that its witness was shown, as faults; unasked: why the witness could not be asked, where there is one. bregma: its `.bregma`. */
export async function compareWithWitness(
  bregma: string,
): Promise<{ faults: { what: string; problem: string }[]; unasked?: string }> {
  let ledger: Ledger | undefined;
  try {
    ledger = new Ledger(bregma, { readOnly: true });
    if (!joinedWitness(ledger)) return { faults: [] };
    const place = witnessPlace();
    if (!place) return { faults: [], unasked: 'nobody says where it is.' };
    const { known, head } = await askWitness(place, 'ask', { workspace: workspaceIdentity(ledger) });
    if (!known) return { faults: [{ what: 'workspace', problem: 'is not known to the witness that is named' }] };
    if (!head || head.seq === 0 || ledger.rowBySeq(head.seq)?.hash === head.hash) return { faults: [] };
    const problem = 'was shown to the witness and is gone: the ledger is a copy, was put back or written anew';
    return { faults: [{ what: `record number ${head.seq}`, problem }] };
  } catch (error) {
    // What is wrong with the ledger itself, `verifyStore` has said.
    return ledger && error instanceof BregmaError ? { faults: [], unasked: error.message } : { faults: [] };
  } finally {
    ledger?.close();
  }
}
