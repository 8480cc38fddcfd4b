import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkApproval, findPlan } from '@bregma/core/approval/check';
import {
  createKey,
  demoKey,
  demoPassphrase,
  keyFromSecret,
  loadKey,
  trustKey,
  writeKey,
} from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { signedBytes } from '@bregma/core/approval/statement';
import { acceptedKeys, readKeys, readTrustedKeys, trustedFolder } from '@bregma/core/approval/trusted';
import { readable, readingPolicy, settingsFolder } from '@bregma/core/reading-policy';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, root } from '../../fixtures/client.ts';
import { bregmaInTerminal, bregmaProgram, copyFolder, noTerminal } from '../../fixtures/terminal.ts';
import { type Laboratory, laboratory } from '../../tools/lab/laboratory.ts';

let lab: Laboratory;
let plan: string;
beforeAll(async () => {
  ({ lab, plan } = await planOne());
});
afterAll(() => lab?.close());

/** A laboratory with a plan of a frozen hypothesis. */
async function planOne(): Promise<{ lab: Laboratory; plan: string }> {
  const made = laboratory();
  const server = await connect('lab', made.folder);
  const { value } = await server.call('record_hypothesis', made.claim);
  await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  const planned = await server.call('plan_experiment', {
    hypothesis: value.hypothesis,
    subject: made.subject,
    stimuli: made.unseen.slice(0, 10),
    repeats: 2,
  });
  await server.close();
  return { lab: made, plan: planned.value.plan };
}

/** What the newest signature of one of these keys permits. */
function check(keys: string[], allow = { demo: false }, now = new Date()) {
  const { ledger, bregma } = lab.workspace;
  const accepted = acceptedKeys(bregma).filter(({ fingerprint }) => keys.includes(fingerprint));
  return checkApproval(ledger, findPlan(ledger, plan), accepted, now, allow);
}

test('trust lies outside the workspace, for its owner alone', () => {
  const { key } = lab.approve(plan).statement;
  const folder = trustedFolder(lab.workspace.bregma);
  expect(path.relative(lab.folder, folder)).toMatch(/^\.\./);
  const [file] = readdirSync(folder).map((name) => path.join(folder, name));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(check([key]).by).toBe('Ada Tester');
  chmodSync(file, 0o666);
  expect(() => check([key])).toThrow(/can be written by others/);
  chmodSync(file, 0o600);
  if (process.getuid?.() !== 0) return;
  chownSync(file, 65_534, 0);
  expect(() => check([key])).toThrow(/belongs to another user/);
  chownSync(file, 0, 0);
});

test('a trusted key of another kind than Ed25519 is refused', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-keys-'));
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path.join(folder, 'eve.pem'), publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o600 });
  expect(() => readKeys(folder, '')).toThrow(/no Ed25519 public key: it is a key of type ec/);
  rmSync(folder, { recursive: true });
});

// Who runs the tests is often root, who is nobody's stranger: another user reads then.
test.runIf(process.getuid?.() === 0)('keys are read of their owner and of root alone', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-keys-'));
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'ada.pem');
  writeFileSync(file, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  const module = pathToFileURL(path.join(root, 'core/src/approval/trusted.ts')).href;
  const program = `import { readKeys } from ${JSON.stringify(module)};
    try { console.log(readKeys(${JSON.stringify(folder)}, '').length); } catch (error) { console.log(error.message); }`;
  const read = (owner: number) => {
    chownSync(file, owner, owner);
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: '/',
      uid: 65_534,
      gid: 65_534,
    });
    return stdout.trim() || stderr;
  };
  expect([read(65_534), read(0)]).toEqual(['1', '1']);
  expect(read(65_533)).toMatch(/belongs to another user/);
  rmSync(folder, { recursive: true });
});

test('a copy of the folder runs nothing: it trusts nobody, and what was signed names the other folder', () => {
  const { key } = lab.approve(plan).statement;
  const copy = mkdtempSync(path.join(tmpdir(), 'bregma-copy-'));
  copyFolder(lab.folder, copy);
  const other = openWorkspace(copy);
  const inCopy = () =>
    checkApproval(other.ledger, findPlan(other.ledger, plan), acceptedKeys(other.bregma), new Date());
  expect(inCopy).toThrow(/does not trust/);
  for (const trusted of readTrustedKeys(lab.workspace.bregma)) trustKey(other, trusted, trusted.name);
  expect(inCopy).toThrow(/another folder/);
  expect(check([key]).by).toBe('Ada Tester');
  other.close();
  rmSync(copy, { recursive: true });
});

test('a clock that is set back does not revive what expired: the latest time on record counts', () => {
  const yesterday = new Date(Date.now() - 48 * 3_600_000);
  const { key } = lab.approve(plan, { hours: 1, now: yesterday }).statement;
  expect(() => check([key], { demo: false }, yesterday)).toThrow(/expired/);
});

test('a plan is signed only under the hash that was shown', () => {
  const key = createKey(path.join(lab.folder, 'mine.pem'), 'correct horse battery');
  trustKey(lab.workspace, key, 'Ada Tester');
  const signing = (hash: string) => () => approvePlan(lab.workspace, plan, key, { by: 'Ada Tester', hash });
  expect(signing('0'.repeat(64))).toThrow(/not the plan that was shown/);
  expect(signing(findPlan(lab.workspace.ledger, plan).hash)).not.toThrow();
});

test('what an earlier build signed names no folder, and permits nothing any more', () => {
  const key = createKey(path.join(lab.folder, 'earlier.pem'), 'correct horse battery');
  const { workspace, ...statement } = lab.approve(plan).statement;
  trustKey(lab.workspace, key, 'Ada Tester');
  const older = { ...statement, key: key.fingerprint, nonce: '0'.repeat(32) };
  const signature = sign(null, signedBytes(older), key.privateKey).toString('base64');
  lab.workspace.ledger.append([{ kind: 'approval', subject: plan, body: { statement: older, signature } }]);
  expect(workspace).toMatch(/^[0-9a-f]{64}$/);
  expect(() => check([key.fingerprint])).toThrow(/names no folder/);
});

test('trusting a key is on record, once', () => {
  const key = createKey(path.join(lab.folder, 'recorded.pem'), 'correct horse battery');
  const records = () => lab.workspace.ledger.list('trust', key.fingerprint);
  expect(records()).toEqual([]);
  for (let i = 0; i < 2; i++) trustKey(lab.workspace, key, 'Grace  Tester');
  expect(records().map(({ body }) => [body.name, body.demo])).toEqual([['Grace Tester', false]]);
});

test('in a ledger that was put back nothing is signed and nothing runs, marks or not marks', async () => {
  const { lab: other, plan: planned } = await planOne();
  const ledger = path.join(other.workspace.bregma, 'ledger.sqlite');
  other.workspace.ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  copyFolder(ledger, `${ledger}.kept`);
  other.approve(planned);
  other.workspace.ledger.close();
  for (const end of ['-wal', '-shm']) rmSync(`${ledger}${end}`, { force: true });
  copyFolder(`${ledger}.kept`, ledger);
  const again = openWorkspace(other.folder);
  const key = createKey(path.join(other.folder, 'late.pem'), 'correct horse battery');
  trustKey(again, key, 'Late Tester');
  expect(() => approvePlan(again, planned, key, { by: 'Late Tester' })).toThrow(/put back or cut/);
  const server = await connect('lab', other.folder);
  expect(await server.fail('run_experiment', { plan: planned })).toMatchObject({
    code: 'corrupt',
    message: expect.stringMatching(/put back or cut/),
  });
  await server.close();
  const [mark] = readdirSync(path.join(other.workspace.bregma, 'heads'));
  writeFileSync(path.join(other.workspace.bregma, 'heads', mark), 'nothing');
  expect(() => approvePlan(again, planned, key, { by: 'Late Tester' })).toThrow(/put back or cut|was changed/);
  again.close();
  rmSync(other.folder, { recursive: true });
});

describe('the demonstration key', () => {
  test('is one, known by its public half, whatever a file says of it', () => {
    const key = demoKey();
    expect([key.demo, demoKey().fingerprint]).toEqual([true, key.fingerprint]);
    const pem = String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const file = path.join(lab.folder, 'renamed.pem');
    writeKey(file, { ...key, demo: false }, 'correct horse battery');
    expect(readFileSync(file, 'utf8')).not.toContain('demo');
    expect([loadKey(file, 'correct horse battery').demo, keyFromSecret(pem).demo]).toEqual([true, true]);
    expect(trustKey(lab.workspace, { ...key, demo: false }, 'Prof. Ada Lovelace')).toMatchObject({ demo: true });
  });

  test('signs without anybody’s trust, and permits nothing that touches a subject, whatever its statement says', () => {
    const { body } = approvePlan(lab.workspace, plan, demoKey(), { by: 'Prof. Ada Lovelace', demo: false });
    expect(body.statement.demo).toBe(true);
    const statement = { ...body.statement, demo: false, nonce: '1'.repeat(32) };
    const signature = sign(null, signedBytes(statement), demoKey().privateKey).toString('base64');
    lab.workspace.ledger.append([{ kind: 'approval', subject: plan, body: { statement, signature } }]);
    expect(check([statement.key], { demo: true }).demo).toBe(true);
    expect(() => check([statement.key])).toThrow(/demonstration key/);
  });

  test('of an earlier build is known by its passphrase', () => {
    const file = path.join(lab.folder, 'no-demo-line.pem');
    createKey(file, demoPassphrase);
    expect(loadKey(file, demoPassphrase).demo).toBe(true);
  });
});

describe('a person is asked', () => {
  const settings = mkdtempSync(path.join(tmpdir(), 'bregma-person-'));
  const env = { BREGMA_CONFIG: settings };
  afterAll(() => rmSync(settings, { recursive: true, force: true }));
  const bregma = (...args: string[]) =>
    spawnSync(process.execPath, [...bregmaProgram, ...args, '--workspace', lab.folder], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });

  test('without a terminal nothing is trusted and nothing is signed, whatever options are given', () => {
    const before = lab.workspace.ledger.head();
    for (const [what, ...args] of [
      ['trusts a key at a terminal', 'trust'],
      ['trusts a key at a terminal', 'trust', '--name', 'Dr. Person', '--key', path.join(lab.folder, 'mine.pem')],
      ['typed by a person at a terminal', 'approve', plan, '--by', 'Dr. Person', '--meaning', 'review'],
      ["Unknown option '--passphrase-file'", 'approve', plan, '--passphrase-file', 'p', '--by', 'Dr. Person'],
    ]) {
      const { status, stderr } = bregma(...args);
      expect([status, stderr]).toEqual([1, expect.stringContaining(what)]);
    }
    expect(lab.workspace.ledger.head()).toEqual(before);
    expect(readdirSync(settings)).toEqual([]);
  });

  test.skipIf(noTerminal)('trusts and approves in two steps, each with a hash that they type', async () => {
    const passphrase = { asked: /assphrase: /, typed: 'correct horse battery' };
    const here = ['--workspace', lab.folder];
    const start = (said: string) => /Type ([0-9a-f]{6}) [^:]*: /.exec(said)?.[1] ?? '';
    expect(await bregmaInTerminal(['approve', plan, ...here], [], env)).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no key at'),
    });
    const refused = await bregmaInTerminal(
      ['trust', ...here],
      [passphrase, { asked: /Type [^:]*: /, typed: '000000x' }],
      env,
    );
    expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('Nothing was trusted') });
    const untrusted = await bregmaInTerminal(['approve', plan, ...here], [passphrase], env);
    expect(untrusted).toMatchObject({ code: 1, said: expect.stringContaining('is not trusted in this folder') });
    const trusted = await bregmaInTerminal(
      ['trust', '--name', 'Dr. Person', ...here],
      [passphrase, { asked: /Type [^:]*: /, typed: start }],
      env,
    );
    expect(trusted).toMatchObject({ code: 0, said: expect.stringContaining('is trusted in') });
    const wrong = await bregmaInTerminal(
      ['approve', plan, ...here],
      [passphrase, { asked: /Type [^:]*: /, typed: 'yes' }],
      env,
    );
    expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('Nothing was signed') });
    const signed = await bregmaInTerminal(
      ['approve', plan, '--by', 'Dr. Person', ...here],
      [passphrase, { asked: /Type [^:]*: /, typed: start }],
      env,
    );
    expect(signed.code).toBe(0);
    expect(lab.workspace.ledger.latest('approval', plan)?.body.statement).toMatchObject({
      by: 'Dr. Person',
      hash: findPlan(lab.workspace.ledger, plan).hash,
      demo: false,
    });
  });
});

test('a person’s settings and keys are not read as data, also where the workspace is the home folder', () => {
  const settings = path.join(lab.folder, 'settings');
  mkdirSync(settings);
  const key = path.join(settings, 'key.pem');
  const before = process.env.BREGMA_CONFIG;
  process.env.BREGMA_CONFIG = settings;
  try {
    expect(() => readable(key, readingPolicy(lab.folder))).toThrow(/settings and keys/);
  } finally {
    process.env.BREGMA_CONFIG = before;
  }
});

test('tests trust nobody in the settings of the person who runs them', () => {
  expect(path.relative(tmpdir(), settingsFolder())).not.toMatch(/^\.\./);
});
