import { userInfo } from 'node:os';
import path from 'node:path';
import { findPlan } from '@bregma/core/approval/check';
import { demoKey, findTrusted, loadKey, readKeyFile, type SigningKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { Meaning, type PlanRecord } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { settingsFolder } from '@bregma/core/reading-policy';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import { describePlan } from '../approving.ts';
import type { Command, CommandInput } from '../command.ts';
import { ask, mustBeAsked } from '../prompt.ts';
import { approveHeld, heldPlan } from '../witness/approve.ts';

export const approve: Command = {
  name: 'approve',
  summary: 'sign an experiment plan, as a person, so that it may run once',
  help: `Usage: bregma approve PLAN [--witness] [--by NAME] [--meaning approve|review|reject] [--expires HOURS] [--key FILE] [--workspace DIR]

Shows the plan with its limits and cost, asks for the passphrase of your key and for a typed confirmation, and signs the
plan's hash (Ed25519) for this folder. The approval permits one run, here and not in a copy, and expires (default 24 hours).
Any edit of the plan voids it. A key signs where you trusted it: see bregma trust.

No MCP tool can do this. A program that runs as you can do what you can: read your keys, write what you trust, answer in your
terminal, and run what nobody approved. Let agents run as another user of the system, who can read neither your configuration
folder nor your keys.

  --key FILE              your private key (default: key.pem in Bregma's configuration folder; bregma trust makes it)
  --witness               give the approval to the witness of the workspace (BREGMA_WITNESS, BREGMA_WITNESS_TOKEN), which has the
                          plan: from an account that no agent has, or another host. See bregma witness
  --demo                  sign with the demonstration key, which everybody has: asks nothing, permits nothing that touches a
                          subject, and everything downstream says so
  --comment TEXT          kept with the signature`,
  options: {
    by: { type: 'string' },
    meaning: { type: 'string' },
    expires: { type: 'string' },
    key: { type: 'string' },
    comment: { type: 'string' },
    demo: { type: 'boolean' },
    witness: { type: 'boolean' },
  },
  async run(input) {
    const [planId] = input.positionals;
    if (!planId)
      throw new BregmaError('bad-input', 'Name the plan to approve.', { next: 'bregma approve plan-0123456789abcdef' });
    if (input.values.witness) return approveAtWitness(planId, input);
    const workspace = openWorkspace(input.workspace);
    try {
      const plan = findPlan(workspace.ledger, planId);
      process.stderr.write(`${describePlan(plan)}\n\n`);
      const meaning = parseMeaning(input.values.meaning);
      const key = input.values.demo ? demoKey() : await trustedKey(workspace, input);
      if (!input.values.demo) await confirm(plan);
      const record = approvePlan(workspace, planId, key, {
        by: String(input.values.by ?? (input.values.demo ? 'demonstration' : userInfo().username)),
        meaning,
        comment: text(input.values.comment),
        expiresInHours: input.values.expires === undefined ? undefined : Number(input.values.expires),
        demo: input.values.demo === true,
        hash: plan.hash,
      });
      console.log(
        JSON.stringify({
          approval: record.id,
          plan: planId,
          meaning,
          expires: record.body.statement.expires,
          demo: record.body.statement.demo,
        }),
      );
      return 0;
    } finally {
      workspace.close();
    }
  },
};

/** For a workspace that has a witness, which has the plan: the folder itself is not needed. */
async function approveAtWitness(planId: string, { values }: CommandInput): Promise<number> {
  const held = await heldPlan(planId);
  process.stderr.write(`${describePlan(held.plan)}\nWorkspace ${held.name}  (${held.workspace})\n\n`);
  const meaning = parseMeaning(values.meaning);
  const key = await unlock(values);
  await confirm(held.plan);
  const comment = text(values.comment);
  const expiresInHours = values.expires === undefined ? undefined : Number(values.expires);
  console.log(JSON.stringify(await approveHeld(held, key, { by: text(values.by), meaning, comment, expiresInHours })));
  return 0;
}

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function parseMeaning(value: string | boolean | undefined): Meaning {
  const parsed = Meaning.safeParse(value ?? 'approve');
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `--meaning is '${value}'.`, {
    next: `Choose one of ${Meaning.options.join(', ')}.`,
  });
}

const keyFile = (values: CommandInput['values']) => text(values.key) ?? path.join(settingsFolder(), 'key.pem');

async function unlock(values: CommandInput['values']): Promise<SigningKey> {
  mustBeAsked('An approval is typed by a person at a terminal.');
  const file = keyFile(values);
  readKeyFile(file);
  return loadKey(file, await ask('Passphrase: ', { hidden: true }));
}

async function trustedKey(workspace: Workspace, { values }: CommandInput): Promise<SigningKey> {
  const key = await unlock(values);
  if (findTrusted(workspace.bregma, key)) return key;
  throw new BregmaError('needs-agreement', `Key ${key.fingerprint.slice(0, 16)}… is not trusted in this folder.`, {
    next: `If it is yours: bregma trust --key ${keyFile(values)} --workspace ${workspace.folder}`,
  });
}

async function confirm(plan: PlanRecord): Promise<void> {
  const wanted = plan.hash.slice(0, 6);
  const typed = await ask(`Type ${wanted} to sign this plan: `);
  if (typed !== wanted) throw new BregmaError('cancelled', 'Nothing was signed.');
}
