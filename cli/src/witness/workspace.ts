import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { settingsFolder } from '@bregma/core/reading-policy';
import { keepPlace } from '@bregma/core/service/place';
import { witnessService } from '@bregma/core/service/service';
import { askWitness } from '@bregma/core/witness/client';
import { joinedWitness, workspaceIdentity } from '@bregma/core/witness/identity';
import { joinWitness } from '@bregma/core/witness/join';
import { witnessPlace } from '@bregma/core/witness/place';
import { openWorkspace } from '@bregma/core/workspace';
import { keyMade } from '../approving.ts';
import type { CommandInput } from '../command.ts';
import { placeAsked } from '../service/asked.ts';

/** Prints the person's public key for the witness; makes the pair at a terminal. */
export async function sayKey({ values }: CommandInput): Promise<number> {
  const { publicKey } = await keyMade(String(values.key ?? path.join(settingsFolder(), 'key.pem')));
  console.log(String(publicKey.export({ type: 'spki', format: 'pem' })).trim());
  return 0;
}

/** Joins the witness, and keeps where it is. */
export async function joinHere({ values, workspace: folder }: CommandInput): Promise<number> {
  const asked = placeAsked(witnessService, values);
  const place = asked ?? witnessPlace();
  if (!place)
    throw new BregmaError('bad-input', 'Which witness?', { next: 'Name it: --address unix:/PATH --token-file FILE' });
  const workspace = openWorkspace(folder);
  try {
    const { workspace: identity, tests } = await joinWitness(workspace, place);
    if (asked) console.log(`Noted in ${keepPlace(witnessService, asked)}`);
    console.log(
      `${identity} has its budget and its approvals with the witness at ${place.address}, which counts ${tests} tests of it.`,
    );
    return 0;
  } finally {
    workspace.close();
  }
}

/** Says what the witness knows of the workspace. Exit code 1 when it saw more than this ledger has. */
export async function sayStatus({ workspace: folder }: CommandInput): Promise<number> {
  const workspace = openWorkspace(folder);
  try {
    const { ledger } = workspace;
    const identity = workspaceIdentity(ledger);
    console.log(`Workspace ${identity}${joinedWitness(ledger) ? '' : ', which has joined no witness'}`);
    const place = witnessPlace();
    if (!place) {
      console.log('No witness is named: bregma witness join --address ADDRESS --token-file FILE');
      return joinedWitness(ledger) ? 1 : 0;
    }
    const { known, name, tests, head } = await askWitness(place, 'ask', { workspace: identity });
    const missing = head !== undefined && head.seq > 0 && ledger.rowBySeq(head.seq)?.hash !== head.hash;
    console.log(
      known
        ? `Witness   ${place.address} knows it as ${name}, with ${tests} tests`
        : `Witness   ${place.address} does not know it`,
    );
    if (missing)
      console.log(`✗ It was shown record ${head.seq}, and this ledger lacks it: it is a copy, or was put back.`);
    return missing ? 1 : 0;
  } finally {
    workspace.close();
  }
}
