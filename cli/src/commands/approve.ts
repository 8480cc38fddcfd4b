import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { findPlan } from '@bregma/core/approval/check';
import { createKey, findTrusted, loadKey, type SigningKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { Meaning, type PlanRecord } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { settingsFolder } from '@bregma/core/reading-policy';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import { demoKey, describePlan } from '../approving.ts';
import type { Command, CommandInput } from '../command.ts';
import { ask, canAsk } from '../prompt.ts';

export const approve: Command = {
  name: 'approve',
  summary: 'sign an experiment plan, as a person, so that it may run once',
  help: `Usage: bregma approve PLAN [--by NAME] [--meaning approve|review|reject] [--expires HOURS] [--key FILE] [--workspace DIR]

Shows the plan with its limits and cost, asks for the passphrase of your key and for a typed confirmation, and signs the
plan's hash (Ed25519). The approval permits one run and expires (default 24 hours). Any edit of the plan voids it.
No MCP tool can do this.

  --key FILE              your private key (default: key.pem in Bregma's configuration folder; made on first use)
  --passphrase-file FILE  read the passphrase from a file instead of asking (a person's own automation)
  --demo                  sign with a throw-away demonstration key; everything downstream says so
  --comment TEXT          kept with the signature`,
  options: {
    by: { type: 'string' },
    meaning: { type: 'string' },
    expires: { type: 'string' },
    key: { type: 'string' },
    'passphrase-file': { type: 'string' },
    comment: { type: 'string' },
    demo: { type: 'boolean' },
  },
  async run(input) {
    const [planId] = input.positionals;
    if (!planId)
      throw new BregmaError('bad-input', 'Name the plan to approve.', { next: 'bregma approve plan-0123456789abcdef' });
    const workspace = openWorkspace(input.workspace);
    try {
      const plan = findPlan(workspace.ledger, planId);
      process.stderr.write(`${describePlan(plan)}\n\n`);
      const meaning = parseMeaning(input.values.meaning);
      const key = input.values.demo ? demoKey(workspace) : await unlock(workspace, input);
      if (!input.values.demo) await confirm(plan, input);
      const record = approvePlan(workspace, planId, key, {
        by: String(input.values.by ?? (input.values.demo ? 'demonstration' : userInfo().username)),
        meaning,
        comment: text(input.values.comment),
        expiresInHours: input.values.expires === undefined ? undefined : Number(input.values.expires),
        demo: input.values.demo === true,
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

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined);

function parseMeaning(value: string | boolean | undefined): Meaning {
  const parsed = Meaning.safeParse(value ?? 'approve');
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `--meaning is '${value}'.`, {
    next: `Choose one of ${Meaning.options.join(', ')}.`,
  });
}

async function unlock(workspace: Workspace, { values }: CommandInput): Promise<SigningKey> {
  const file = text(values.key) ?? path.join(settingsFolder(), 'key.pem');
  const fromFile = text(values['passphrase-file']);
  if (!fromFile && !canAsk()) {
    throw new BregmaError('not-allowed', 'An approval is typed by a person at a terminal.', {
      next: 'Run it in a terminal; or pass --key and --passphrase-file; or --demo for a demonstration.',
    });
  }
  const made = !existsSync(file);
  if (made) process.stderr.write(`There is no key at ${file} yet: one is made now.\n`);
  const passphrase = fromFile
    ? readFileSync(fromFile, 'utf8').trim()
    : await ask(made ? 'New passphrase: ' : 'Passphrase: ', { hidden: true });
  const key = made ? createKey(file, passphrase) : loadKey(file, passphrase);
  if (!findTrusted(workspace.bregma, key)) {
    if (!canAsk()) {
      throw new BregmaError(
        'not-allowed',
        'This workspace does not know this key yet, and a person trusts a key at a terminal.',
        {
          next: 'Run bregma approve once in a terminal.',
        },
      );
    }
    trustKey(
      workspace.bregma,
      key,
      text(values.by) ?? (await ask('This workspace does not know this key. Trust it under the name: ')),
    );
  }
  return key;
}

async function confirm(plan: PlanRecord, { values }: CommandInput): Promise<void> {
  if (text(values['passphrase-file'])) return;
  const wanted = plan.hash.slice(0, 6);
  const typed = await ask(`Type ${wanted} to sign this plan: `);
  if (typed !== wanted) throw new BregmaError('cancelled', 'Nothing was signed.');
}
