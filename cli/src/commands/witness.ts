import type { Command, CommandInput } from '../command.ts';
import { runStep } from '../service/step.ts';
import { addApprover, admitWorkspace } from '../witness/keep.ts';
import { serveHere } from '../witness/serve.ts';
import { joinHere, sayKey, sayStatus } from '../witness/workspace.ts';

const steps: Record<string, (input: CommandInput) => Promise<number>> = {
  serve: serveHere,
  approver: addApprover,
  admit: admitWorkspace,
  join: joinHere,
  status: sayStatus,
  key: sayKey,
};

export const witness: Command = {
  name: 'witness',
  summary: 'keep budget and approvals with another user or host',
  help: `Usage: bregma witness serve --folder DIR (--socket PATH | --listen HOST:PORT)
       bregma witness approver NAME FILE --folder DIR
       bregma witness admit WORKSPACE --name NAME --folder DIR
       bregma witness key [--key FILE]
       bregma witness join [--address ADDRESS --token-file FILE] [--workspace DIR]
       bregma witness status [--workspace DIR]

A program that runs as you can do what you can, and a folder cannot know of its copies. A witness can: a small process of
another OS user, or on another host, that holds the public keys of those who approve, the error budget, who each workspace is,
and the newest record that it saw. It signs what it gives out, once: copies of a workspace share one budget and one run of
each approval, and what was put back gets nothing again.

As the witness's own user, with a DIR that nobody else can enter:
  serve      answers on a socket or a port, to whoever sends the token in DIR/http-token (unencrypted: between hosts, in a tunnel)
  approver   lets the holder of a key approve; FILE is what their \`bregma witness key\` printed
  admit      lets a workspace in. Again: a ledger put back after a loss may go on with the budget that is left

As a person who approves, from an account that no agent has:
  key        prints your public key, and makes the pair at a terminal when there is none
             then approve with: bregma approve PLAN --witness

In the workspace:
  join       puts its budget and approvals there for good, and keeps ADDRESS (unix:/PATH or http://HOST:PORT) and token in
             your settings; BREGMA_WITNESS and BREGMA_WITNESS_TOKEN come before these
  status     says who the workspace is, and compares it with what the witness saw

bregma verify names what was tested or run beside the witness.`,
  options: {
    folder: { type: 'string' },
    socket: { type: 'string' },
    listen: { type: 'string' },
    name: { type: 'string' },
    key: { type: 'string' },
    address: { type: 'string' },
    'token-file': { type: 'string' },
  },
  run(input) {
    return runStep('witness', steps, input);
  },
};
