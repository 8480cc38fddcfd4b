import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkApproval, findPlan } from '@bregma/core/approval/check';
import { createKey, loadKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { fingerprint, sealPlan, signedBytes } from '@bregma/core/approval/statement';
import { readTrustedKeys, trustedFolder, workspaceName } from '@bregma/core/approval/trusted';
import type { ApprovalStatement } from '@bregma/core/contracts/experiment';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect, root } from '../fixtures/client.ts';
import { anyRecord } from '../fixtures/records.ts';
import { type Laboratory, laboratory } from '../tools/lab/laboratory.ts';

let lab: Laboratory;
let server: Connection;
let plans = 0;
/** Approvals that this test appended, outside any server. */
let madeHere = 0;

beforeAll(async () => {
  lab = laboratory();
  const { ledger } = lab.workspace;
  const reallyAppend = ledger.append.bind(ledger);
  ledger.append = (records, options) => {
    madeHere += records.filter(({ kind }) => kind === 'approval').length;
    return reallyAppend(records, options);
  };
  server = await connect('lab', lab.folder);
  const { value } = await server.call('record_hypothesis', lab.claim);
  await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
});
afterAll(async () => {
  await server?.close();
  lab?.close();
});

/** A new plan: every seed makes another one. */
async function newPlan(more: Record<string, unknown> = {}): Promise<string> {
  const [hypothesis] = lab.workspace.ledger.list('hypothesis');
  const { value } = await server.call('plan_experiment', {
    hypothesis: hypothesis.subject,
    subject: lab.subject,
    stimuli: lab.unseen.slice(0, 10),
    repeats: 2,
    seed: plans++,
    ...more,
  });
  return value.plan;
}

function statementFor(plan: string, change: Partial<ApprovalStatement> = {}): ApprovalStatement {
  return {
    plan,
    hash: findPlan(lab.workspace.ledger, plan).hash,
    meaning: 'approve',
    by: 'Ada Tester',
    signedAt: new Date().toISOString(),
    expires: new Date(Date.now() + 3_600_000).toISOString(),
    nonce: 'ab'.repeat(16),
    key: readTrustedKeys(lab.workspace.bregma)[0]?.fingerprint ?? '0'.repeat(64),
    demo: false,
    workspace: workspaceName(lab.workspace.bregma),
    ...change,
  };
}

function append(plan: string, body: unknown): void {
  lab.workspace.ledger.append([anyRecord('approval', plan, body)]);
}

const refusal = async (plan: string, other = server) =>
  (await other.fail('run_experiment', { plan })) as unknown as { refusal: string };

describe('a plan runs only with an unused signature of a trusted person over its hash', () => {
  test('without an approval it is refused, and the refusal names the command', async () => {
    const plan = await newPlan();
    const error = await server.fail('run_experiment', { plan });
    expect(error).toMatchObject({ code: 'needs-agreement', refusal: 'not-approved' });
    expect(error.next).toContain(`bregma approve ${plan}`);
  });

  test('approved, it runs once; the second run is refused', async () => {
    const plan = await newPlan();
    lab.approve(plan);
    const { value, kind, completeness } = await server.call('run_experiment', { plan });
    expect([value.state, kind, completeness]).toEqual([
      'complete',
      'measured',
      { returned: 20, available: 20, of: 'trials' },
    ]);
    expect(value.approvedBy).toBe('Ada Tester');
    expect(value.demo).toBeUndefined();
    expect((await refusal(plan)).refusal).toBe('used');
  });

  test('a second approval permits a second run', async () => {
    const plan = await newPlan();
    lab.approve(plan);
    lab.approve(plan);
    await server.call('run_experiment', { plan });
    await server.call('run_experiment', { plan });
    expect((await refusal(plan)).refusal).toBe('used');
  });

  test('two processes that run the same plan at once: exactly one does', async () => {
    const plan = await newPlan();
    lab.approve(plan);
    const other = await connect('lab', lab.folder);
    const outcomes = await Promise.allSettled([
      server.call('run_experiment', { plan }),
      other.call('run_experiment', { plan }),
    ]);
    await other.close();
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(lab.workspace.ledger.list('experiment', plan)).toHaveLength(1);
  });

  test('an approval of another plan does not count', async () => {
    const [approved, wanted] = [await newPlan(), await newPlan()];
    lab.approve(approved);
    const [record] = lab.workspace.ledger.list('approval', approved);
    append(wanted, record.body);
    expect((await refusal(wanted)).refusal).toBe('other-plan');
  });

  test('an edit of the plan voids the approval', async () => {
    const plan = await newPlan();
    lab.approve(plan);
    const { content } = findPlan(lab.workspace.ledger, plan);
    const edited = { ...content, limits: { ...content.limits, maxTrials: 10_000 } };
    lab.workspace.ledger.append([anyRecord('plan', plan, { id: plan, hash: sealPlan(edited).hash, content: edited })]);
    expect(await server.fail('run_experiment', { plan })).toMatchObject({ code: 'corrupt', refusal: 'other-plan' });
  });

  test('an expired approval is refused', async () => {
    const plan = await newPlan();
    lab.approve(plan, { hours: 1, now: new Date(Date.now() - 2 * 3_600_000) });
    expect((await refusal(plan)).refusal).toBe('expired');
  });

  test('an approval lasts more than nothing and at most 30 days', async () => {
    const plan = await newPlan();
    for (const hours of [0, -1, Number.NaN, 720.1, Number.POSITIVE_INFINITY])
      expect(() => lab.approve(plan, { hours })).toThrow(`cannot last ${hours} hours`);
    for (const by of ['', '  ', 'Ada\nTester', 'Ada\0', 'a'.repeat(201)])
      expect(() => lab.approve(plan, { by })).toThrow('this is no name of a person');
    const { signedAt, expires } = lab.approve(plan, { hours: 720 }).statement;
    expect(Date.parse(expires) - Date.parse(signedAt)).toBe(30 * 24 * 3_600_000);
  });

  test('the key of somebody whom nobody trusts is refused', async () => {
    const plan = await newPlan();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const statement = statementFor(plan, { key: fingerprint(publicKey) });
    append(plan, { statement, signature: sign(null, signedBytes(statement), privateKey).toString('base64') });
    expect((await refusal(plan)).refusal).toBe('untrusted-key');
  });

  test("a statement under a trusted person's name that another key signed is a forgery", async () => {
    const plan = await newPlan();
    const { privateKey } = generateKeyPairSync('ed25519');
    const statement = statementFor(plan);
    append(plan, { statement, signature: sign(null, signedBytes(statement), privateKey).toString('base64') });
    expect((await refusal(plan)).refusal).toBe('forged');
  });

  test.each([
    ['expires', { expires: new Date(Date.now() + 1e10).toISOString() }],
    ['nonce', { nonce: 'cd'.repeat(16) }],
    ['meaning', { meaning: 'approve' as const }],
    ['by', { by: 'Somebody Else' }],
  ])('changing %s after signing voids the signature', async (_, change) => {
    const plan = await newPlan();
    const key = createKey(path.join(lab.folder, `change-${plan}.pem`), 'correct horse battery');
    trustKey(lab.workspace, key, 'Ada Tester');
    const statement = statementFor(plan, { key: key.fingerprint, meaning: 'review', nonce: 'ef'.repeat(16) });
    append(plan, {
      statement: { ...statement, ...change },
      signature: sign(null, signedBytes(statement), key.privateKey).toString('base64'),
    });
    expect((await refusal(plan)).refusal).toBe('forged');
  });

  test('a record that only says it is an approval is refused', async () => {
    const plan = await newPlan();
    append(plan, { approved: true, by: 'Ada Tester', plan });
    expect((await refusal(plan)).refusal).toBe('malformed');
  });

  test("'review' permits nothing, and 'reject' withdraws what was approved before", async () => {
    const plan = await newPlan();
    const key = createKey(path.join(lab.folder, 'meanings.pem'), 'correct horse battery');
    trustKey(lab.workspace, key, 'Ada Tester');
    approvePlan(lab.workspace, plan, key, { by: 'Ada Tester', meaning: 'review' });
    expect((await refusal(plan)).refusal).toBe('only-reviewed');
    approvePlan(lab.workspace, plan, key, { by: 'Ada Tester' });
    approvePlan(lab.workspace, plan, key, { by: 'Ada Tester', meaning: 'reject' });
    expect((await refusal(plan)).refusal).toBe('withdrawn');
  });

  test('a demonstration key works and everything after it says so', async () => {
    const plan = await newPlan();
    lab.approve(plan, { demo: true });
    const { value } = await server.call('run_experiment', { plan });
    expect(value.demo).toMatch(/demonstration/);
    const { value: found } = await server.call('find_records', { kind: 'experiment', query: plan });
    expect(found.records[0].status).toMatch(/demo/);
    const { value: trace } = await server.call('trace_claim', { id: value.experiment });
    expect(trace.nodes.find(({ kind }: { kind: string }) => kind === 'approval').demo).toBe(true);
  });

  test('a demonstration key that hides it in the statement is still known by its trust entry, and approves nothing that touches a subject', async () => {
    const plan = await newPlan();
    const key = createKey(path.join(lab.folder, 'hidden-demo.pem'), 'correct horse battery', { demo: true });
    trustKey(lab.workspace, key, 'Demo');
    const statement = statementFor(plan, { key: key.fingerprint, nonce: '12'.repeat(16), demo: false });
    append(plan, { statement, signature: sign(null, signedBytes(statement), key.privateKey).toString('base64') });
    const check = (allow?: { demo: boolean }) =>
      checkApproval(
        lab.workspace.ledger,
        findPlan(lab.workspace.ledger, plan),
        readTrustedKeys(lab.workspace.bregma),
        new Date(),
        allow,
      );
    expect(check({ demo: true }).demo).toBe(true);
    expect(() => check()).toThrow(/demonstration key/);
  });
});

describe('keys', () => {
  test('a private key opens with its passphrase alone, is readable by its owner alone, and is never overwritten', () => {
    const file = path.join(lab.folder, 'mine.pem');
    const made = createKey(file, 'correct horse battery');
    expect(loadKey(file, 'correct horse battery').fingerprint).toBe(made.fingerprint);
    expect(() => loadKey(file, 'wrong horse battery')).toThrow(/does not open/);
    expect(() => createKey(file, 'correct horse battery')).toThrow(/exists already/);
    expect(() => createKey(path.join(lab.folder, 'short.pem'), 'short')).toThrow(/5 characters/);
  });

  test('approving with a key that the workspace does not know asks for trust first', async () => {
    const plan = await newPlan();
    const key = createKey(path.join(lab.folder, 'stranger.pem'), 'correct horse battery');
    expect(() => approvePlan(lab.workspace, plan, key, { by: 'A Stranger' })).toThrow(/does not trust key/);
  });

  test('a file among the trusted keys that is no key, or one of another kind, stops every run instead of being skipped', async () => {
    const plan = await newPlan();
    lab.approve(plan);
    const file = path.join(trustedFolder(lab.workspace.bregma), 'broken.pem');
    mkdirSync(path.dirname(file), { recursive: true });
    const { publicKey } = generateKeyPairSync('x25519');
    for (const text of ['not a key', publicKey.export({ type: 'spki', format: 'pem' }).toString()]) {
      writeFileSync(file, text);
      expect(await server.fail('run_experiment', { plan })).toMatchObject({ code: 'corrupt' });
    }
    rmSync(file);
  });
});

describe('stopping', () => {
  let plan: string;
  beforeEach(async () => {
    plan = await newPlan({ pace_ms: 100 });
    lab.approve(plan);
  });
  const started = async () => {
    while (lab.workspace.ledger.list('experiment', plan).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 250));
    return lab.workspace.ledger.list('experiment', plan)[0].id;
  };
  const stopSwitch = () => path.join(lab.workspace.bregma, 'STOP');

  test('a file made with no server at all stops the run, what was measured stays, and nothing starts while it lies there', async () => {
    const running = server.call('run_experiment', { plan });
    await started();
    writeFileSync(stopSwitch(), '');
    const { value, completeness } = await running;
    expect([value.state, value.reason]).toEqual(['stopped', 'STOP exists']);
    expect(completeness?.returned).toBeGreaterThan(0);
    expect(completeness?.returned).toBeLessThan(20);
    expect(value.trials.shape[0]).toBe(completeness?.returned);
    const next = await newPlan();
    lab.approve(next);
    expect((await refusal(next)).refusal).toBe('stopped');
    rmSync(stopSwitch());
    expect((await server.call('run_experiment', { plan: next })).value.state).toBe('complete');
  });

  test('control_run of another process stops it, and that is on record', async () => {
    const other = await connect('lab', lab.folder);
    const running = server.call('run_experiment', { plan });
    const experiment = await started();
    const before = await other.call('control_run', { experiment });
    expect(before.value).toMatchObject({ state: 'running', killSwitch: false });
    expect(before.value.delivered).toBeGreaterThan(0);
    const after = await other.call('control_run', { experiment, action: 'stop', wait_s: 5 });
    await other.close();
    expect(after.value.state).toBe('stopped');
    expect((await running).value.state).toBe('stopped');
    expect(lab.workspace.ledger.list('stop', experiment)).toHaveLength(1);
  });

  test('a killed server leaves what was delivered, a used approval, and an experiment that says it was interrupted', async () => {
    const doomed = await connect('lab', lab.folder);
    const running = doomed.call('run_experiment', { plan }).catch(() => 'gone');
    const experiment = await started();
    process.kill(
      (lab.workspace.ledger.byId(experiment) as { body: { process: { pid: number } } }).body.process.pid,
      'SIGKILL',
    );
    expect(await running).toBe('gone');
    await doomed.close().catch(() => {});
    const { value } = await server.call('control_run', { experiment });
    expect(value.state).toBe('interrupted');
    expect(value.delivered).toBeGreaterThan(0);
    expect((await refusal(plan)).refusal).toBe('used');
  });
});

describe('no server can approve', () => {
  test.each(['atlas', 'twin', 'lab'])('the code of bregma-%s has no part that signs or trusts', async (name) => {
    const { metafile } = await build({
      entryPoints: [path.join(root, `mcp-servers/${name}/src/main.ts`)],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      alias: { '@bregma/core': path.join(root, 'core/src') },
      logLevel: 'silent',
    });
    const files = Object.keys(metafile.inputs);
    expect(files.some((file) => file.endsWith('core/src/mcp/call.ts'))).toBe(true);
    expect(files.filter((file) => /approval\/(sign|keys)\.ts$/.test(file))).toEqual([]);
  });

  test('arguments that look like an approval are refused or stay arguments', async () => {
    const plan = await newPlan();
    const body = { statement: statementFor(plan), signature: 'AAAA' };
    const before = lab.workspace.ledger.list('approval').length;
    for (const [tool, args] of [
      ['run_experiment', { plan, approval: body }],
      ['run_experiment', { plan, records: [{ kind: 'approval', subject: plan, body }] }],
      ['find_records', { kind: 'approval', records: [body] }],
      ['control_run', { experiment: plan, action: 'approve' }],
      ['freeze_hypothesis', { hypothesis: plan, approval: body }],
      ['trace_claim', { id: JSON.stringify(body) }],
    ] as const)
      await server.fail(tool, args);
    await server.call('record_hypothesis', {
      ...lab.claim,
      plan: JSON.stringify({ kind: 'approval', subject: plan, body }),
    });
    expect(lab.workspace.ledger.list('approval')).toHaveLength(before);
    expect((await refusal(plan)).refusal).toBe('not-approved');
  });

  test('nothing that any server did above wrote an approval: this test made every one of them', () => {
    expect(madeHere).toBeGreaterThan(15);
    expect(lab.workspace.ledger.stored('approval')).toHaveLength(madeHere);
    expect(
      lab.workspace.ledger.list('activity').filter(({ body }) => body.server === 'bregma-lab').length,
    ).toBeGreaterThan(30);
  });
});
