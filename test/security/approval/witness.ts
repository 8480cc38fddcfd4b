import { spawn } from 'node:child_process';
import { sign } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPlan } from '@bregma/core/approval/check';
import { demoKey, makeKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan, signStatement } from '@bregma/core/approval/sign';
import { signedBytes } from '@bregma/core/approval/statement';
import type { Approval } from '@bregma/core/contracts/experiment';
import { verifyStore } from '@bregma/core/ledger/verify';
import { askWitness } from '@bregma/core/witness/client';
import { compareWithWitness } from '@bregma/core/witness/compare';
import { joinWitness } from '@bregma/core/witness/join';
import { serveWitness } from '@bregma/core/witness/serve';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bregmaProgram, copyFolder } from '../../fixtures/terminal.ts';
import { makeUsers, runAs } from '../../fixtures/witness.ts';
import { lossyWay, testOn, witnessedLabs } from '../../fixtures/witnessed-lab.ts';
import type { Laboratory } from '../../tools/lab/laboratory.ts';

const made = makeUsers(['witness', 'agent']);
const users = typeof made === 'string' ? undefined : made;
if (typeof made === 'string') console.log(`Without users of the system: ${made}. The witness runs as the same user.`);
const [witnessUser, agentUser] = users?.users ?? [];

const labs = witnessedLabs(witnessUser);
const { approver, place, env, joinedLab, inLab, planIn, approve, run, refusedRun, copyOf } = labs;
beforeAll(labs.open);
afterAll(async () => {
  await labs.close();
  users?.remove();
});

describe('a workspace with a witness', () => {
  let lab: Laboratory;
  let workspace: string;
  let hypothesis: string;
  let plan: string;
  let copy: string;
  let level: number;
  beforeAll(async () => {
    ({ lab, workspace, hypothesis } = await joinedLab());
    plan = await planIn(lab.folder, lab, hypothesis);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('runs nothing that only the workspace knows as approved, and nothing is signed in it', async () => {
    const stranger = makeKey();
    trustKey(lab.workspace, stranger, 'Prof. Ada Lovelace');
    expect(() => approvePlan(lab.workspace, plan, stranger, { by: 'Prof. Ada Lovelace' })).toThrow(/has a witness/);
    const approval = signStatement(findPlan(lab.workspace.ledger, plan), stranger, { by: 'x', workspace });
    lab.workspace.ledger.append([{ kind: 'approval', subject: plan, body: approval }]);
    expect(await refusedRun(lab.folder, plan)).toMatchObject({ code: 'needs-agreement', refusal: 'not-approved' });
  });

  test('takes a signature of its approvers alone, over this plan, for this workspace', async () => {
    await expect(approve(plan, makeKey())).rejects.toThrow(/does not trust/);
    await expect(approve(plan, demoKey())).rejects.toThrow(/does not trust/);
    await expect(
      approve(plan, approver, ({ statement, signature }) => ({
        statement: { ...statement, nonce: 'a'.repeat(32) },
        signature,
      })),
    ).rejects.toThrow(/forged or changed/);
    const elsewhere = ({ statement }: Approval) => {
      const other = { ...statement, workspace: 'b'.repeat(64) };
      return { statement: other, signature: sign(null, signedBytes(other), approver.privateKey).toString('base64') };
    };
    await expect(approve(plan, approver, elsewhere)).rejects.toThrow(/another folder/);
    expect(await askWitness(place(), 'ask', { workspace, plan })).toMatchObject({ answer: 'unknown', known: true });
    expect(await refusedRun(lab.folder, plan)).toMatchObject({ refusal: 'not-approved' });
  });

  test('runs once what a person approved there, and a copy does not run it again', async () => {
    await approve(plan);
    expect(await askWitness(place(), 'ask', { workspace, plan })).toMatchObject({ answer: 'approved' });
    copy = copyOf(lab);
    const { value } = await run(lab.folder, plan);
    expect([value.state, value.approvedBy, value.demo]).toEqual(['complete', 'Ada Tester', undefined]);
    expect(await refusedRun(lab.folder, plan)).toMatchObject({ refusal: 'used' });
    expect(await askWitness(place(), 'ask', { workspace, plan })).toMatchObject({ answer: 'spent' });
    expect(await refusedRun(copy, plan)).toMatchObject({ refusal: 'older-ledger' });
  });

  test('gives a level again to who asks the same again, because the answer was lost before it was on record', async () => {
    const experiment = lab.workspace.ledger.list('experiment', plan)[0].id;
    const way = await lossyWay(labs.witness.address);
    const lost = await inLab(
      lab.folder,
      (server) =>
        way.losing({ answersTo: 'spend' }, () => server.fail('test_hypothesis', testOn(lab, hypothesis, experiment))),
      { ...env(), BREGMA_WITNESS: way.address },
    );
    expect(lost.code).toBe('failed');
    expect(lab.workspace.ledger.list('test')).toEqual([]);
    const test = { hypothesis, prediction: 'p1', experiment };
    expect(await askWitness(place(), 'ask', { workspace, test })).toMatchObject({ answer: 'spent', tests: 1 });
    await way.close();
    // The next test asks again.
  });

  test('spends its budget there, and the receipt is on record', async () => {
    const experiment = lab.workspace.ledger.list('experiment', plan)[0].id;
    const { value } = await inLab(lab.folder, (server) =>
      server.call('test_hypothesis', testOn(lab, hypothesis, experiment)),
    );
    level = value.budget.level;
    expect(value.budget).toMatchObject({ procedure: 'e-LOND', index: 1 });
    const [spend] = lab.workspace.ledger.list('test');
    expect(spend.body).toMatchObject({ phase: 'spent', receipt: { statement: { says: 'spent', workspace } } });
    const test = { hypothesis, prediction: value.prediction, experiment };
    expect(await askWitness(place(), 'ask', { workspace, test })).toMatchObject({ answer: 'spent', tests: 1 });
    expect(verifyStore(lab.workspace.bregma).faults).toEqual([]);
  });

  test('gets nothing back as a copy, or as an old ledger put back, whatever it says', async () => {
    const asked = {
      workspace,
      by: 'e' as const,
      results: [],
      test: { phase: 'spent' as const, hypothesis, prediction: 'p1', metric: 'r', experiment: 'exp-0', predicted: [] },
    };
    // A program that asks as a copy would, and keeps the newest record to itself.
    const first = await askWitness(place(), 'spend', { ...asked, nonce: '1'.repeat(32) });
    expect([first.answer, first.budget?.index]).toEqual(['given', 2]);
    expect(first.budget?.level).toBeLessThan(level);
    expect(await askWitness(place(), 'spend', { ...asked, nonce: '1'.repeat(32) })).toEqual(first);
    expect(await askWitness(place(), 'spend', { ...asked, nonce: '2'.repeat(32) })).toMatchObject({ answer: 'spent' });
    const older = openWorkspace(copy);
    await expect(joinWitness(older, place())).resolves.toMatchObject({ tests: 2 });
    older.close();
    expect(await inLab(copy, (server) => server.fail('run_experiment', { plan }))).toMatchObject({
      refusal: 'older-ledger',
    });
  });

  test('is refused when the witness is not there, or is another one', async () => {
    const other = await planIn(lab.folder, lab, hypothesis, 7);
    const nobody = {
      BREGMA_WITNESS: `unix:${path.join(labs.folder, 'nothing.sock')}`,
      BREGMA_WITNESS_TOKEN: labs.witness.token,
    };
    expect(await refusedRun(lab.folder, other, nobody)).toMatchObject({ code: 'failed' });
    expect(await refusedRun(lab.folder, other, { BREGMA_WITNESS: '' })).toMatchObject({ code: 'missing' });
    const folder = path.join(labs.folder, 'other-witness');
    const impostor = await serveWitness(folder, { host: '127.0.0.1', port: 0 });
    const elsewhere = { BREGMA_WITNESS: impostor.address, BREGMA_WITNESS_TOKEN: impostor.token };
    expect(await refusedRun(lab.folder, other, elsewhere)).toMatchObject({ code: 'not-allowed' });
    await impostor.close();
    await expect(askWitness({ ...place(), token: 'x'.repeat(32) }, 'ask', { workspace })).rejects.toThrow(/token/);
  });

  test('keeps all of it when the witness starts again', async () => {
    await labs.witness.restart();
    expect(await askWitness(place(), 'ask', { workspace, plan })).toMatchObject({ answer: 'spent', tests: 2 });
  });

  test('is told of what ran or was tested beside the witness, and of records that are gone', async () => {
    const { ledger, bregma } = lab.workspace;
    expect((await compareUnder(bregma)).faults).toEqual([]);
    const [spend] = ledger.list('test');
    const [start] = ledger.list('experiment', plan);
    if (spend.body.phase !== 'spent' || start.body.phase !== 'started') throw new Error('these were first');
    ledger.append([
      { kind: 'test', subject: hypothesis, body: { ...spend.body, receipt: undefined, prediction: 'p9' } },
      { kind: 'experiment', subject: plan, body: { ...start.body, nonce: 'c'.repeat(32) } },
    ]);
    expect(verifyStore(bregma).faults.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('without the witness'),
      expect.stringContaining('without an approval that the witness'),
    ]);
    await askWitness(place(), 'head', { workspace, head: { seq: ledger.head().seq + 5, hash: 'd'.repeat(64) } });
    expect((await compareUnder(bregma)).faults).toEqual([
      expect.objectContaining({ problem: expect.stringContaining('is gone') }),
    ]);
    expect(labs.witness.step('admit', workspace, '--name', 'lab 1')).toMatchObject({ code: 0 });
    expect((await compareUnder(bregma)).faults).toEqual([]);
  });
});

/** `compareWithWitness`, with the witness that runs here named in the environment. */
async function compareUnder(bregma: string) {
  Object.assign(process.env, env());
  try {
    return await compareWithWitness(bregma);
  } finally {
    for (const name of Object.keys(env())) delete process.env[name];
  }
}

describe.skipIf(!users)('the witness of another user of the system', () => {
  const asAgent = (...args: string[]) => runAs(agentUser, args);
  const entered = (...args: string[]) => asAgent('sh', '-c', args.join(' '));

  test('keeps its key, its approvers and its ledgers to itself: the agent’s user can neither read nor write them', () => {
    expect(statSync(labs.witness.folder).uid).toBe(witnessUser.uid);
    for (const command of [
      `ls ${labs.witness.folder}`,
      `cat ${labs.witness.folder}/key.pem`,
      `cat ${labs.witness.folder}/http-token`,
      `cp /dev/null ${labs.witness.folder}/approvers/mine.pem`,
      `rm -r ${labs.witness.folder}`,
      `rm ${labs.witness.address.replace('unix:', '')}`,
    ])
      expect([command, entered(command).code === 0]).toEqual([command, false]);
    const mine = asAgent(
      process.execPath,
      ...bregmaProgram,
      'witness',
      'admit',
      'a'.repeat(64),
      '--name',
      'x',
      '--folder',
      labs.witness.folder,
    );
    expect(mine.code).not.toBe(0);
    expect(readdirSync(path.join(labs.witness.folder, 'approvers'))).toHaveLength(1);
  });

  test('a shell of the agent’s user, with the token, cannot approve: it has no key that counts', async () => {
    const { lab, hypothesis } = await joinedLab();
    const plan = await planIn(lab.folder, lab, hypothesis);
    await refusedRun(lab.folder, plan);
    lab.workspace.ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const home = mkdtempSync(path.join(tmpdir(), 'bregma-agent-'));
    const folder = path.join(home, 'workspace');
    copyFolder(lab.folder, folder);
    handOver(home);
    const agentEnv = { ...env(), BREGMA_CONFIG: path.join(home, 'settings'), HOME: home };
    const program = [process.execPath, ...bregmaProgram];
    const bregma = (...args: string[]) => runAs(agentUser, [...program, ...args], agentEnv, home);
    expect(bregma('approve', plan, '--witness', '--by', 'Dr. Person')).toMatchObject({
      code: 1,
      err: expect.stringContaining('at a terminal'),
    });
    // With a terminal of its own making, and a key of its own making.
    const typed = await inTerminalAs(agentEnv, home, ['witness', 'key'], ['a passphrase of my own', '']);
    expect(typed).toContain('PUBLIC KEY');
    const signed = await inTerminalAs(
      agentEnv,
      home,
      ['approve', plan, '--witness'],
      ['a passphrase of my own', findPlan(lab.workspace.ledger, plan).hash.slice(0, 6)],
    );
    expect(signed).toContain('does not trust');
    const ran = bregma('call', 'lab', 'run_experiment', JSON.stringify({ plan }), '--workspace', folder);
    expect([ran.code, ran.out + ran.err]).toEqual([1, expect.stringContaining('knows no approval')]);
    await approve(plan);
    const after = bregma('call', 'lab', 'run_experiment', JSON.stringify({ plan }), '--workspace', folder);
    expect([after.code, after.out]).toEqual([0, expect.stringContaining('"approvedBy":"Ada Tester"')]);
    rmSync(home, { recursive: true, force: true });
  });

  function handOver(place: string): void {
    chownSync(place, agentUser.uid, agentUser.gid);
    if (!statSync(place).isDirectory()) return;
    for (const name of readdirSync(place)) handOver(path.join(place, name));
  }

  /** Types answers into `bregma`, run by the agent's user, one at each question. */
  function inTerminalAs(
    environment: Record<string, string>,
    cwd: string,
    args: string[],
    answers: string[],
  ): Promise<string> {
    const line = [process.execPath, ...bregmaProgram, ...args].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      cwd,
      env: { PATH: process.env.PATH ?? '', ...environment },
      uid: agentUser.uid,
      gid: agentUser.gid,
    });
    let said = '';
    let from = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /(assphrase|Type [0-9a-f]{6} [^:]*): /.exec(said.slice(from));
      if (!found) return;
      from += found.index + found[0].length;
      child.stdin.write(`${answers.shift() ?? ''}\r`);
    });
    return new Promise((resolve) => child.once('close', () => resolve(said)));
  }
});
