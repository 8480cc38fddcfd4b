import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listExperiments } from '@bregma/core/experiment/experiments';
import { verifyStore } from '@bregma/core/ledger/verify';
import { makeRandom } from '@bregma/core/statistics/random';
import { askWitness } from '@bregma/core/witness/client';
import { workspaceIdentity } from '@bregma/core/witness/identity';
import { joinWitness } from '@bregma/core/witness/join';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { copyFolder } from '../../fixtures/terminal.ts';
import { type LossyWay, lossyWay, witnessedLabs } from '../../fixtures/witnessed-lab.ts';
import type { Laboratory } from '../../tools/lab/laboratory.ts';

const labs = witnessedLabs();
const { place, joinedLab, approve, copyOf } = labs;
let way: LossyWay;
beforeAll(async () => {
  await labs.open();
  way = await lossyWay(labs.witness.address);
});
afterAll(async () => {
  await way?.close();
  await labs.close();
});
/** The witness, by the way on which things get lost. */
const env = () => ({ ...labs.env(), BREGMA_WITNESS: way.address });

describe('an approval whose answer was lost', () => {
  let lab: Laboratory;
  let workspace: string;
  let hypothesis: string;
  let server: Connection;
  let seed = 0;
  beforeAll(async () => {
    ({ lab, workspace, hypothesis } = await joinedLab());
    server = await connect('lab', lab.folder, { env: env() });
  });
  afterAll(() => server?.close());

  /** A plan that the witness knows and a person has approved there. */
  async function approvedPlan(): Promise<string> {
    const stimuli = lab.unseen.slice(0, 40);
    const asked = { hypothesis, subject: lab.subject, stimuli, repeats: 2, seed: ++seed };
    const { plan } = (await server.call('plan_experiment', asked)).value;
    await refused(plan);
    await approve(plan);
    return plan;
  }
  const run = (plan: string) => server.call('run_experiment', { plan });
  const refused = (plan: string) => server.fail('run_experiment', { plan });
  const standing = (plan: string) => askWitness(place(), 'ask', { workspace, plan }).then(({ answer }) => answer);
  const runsOf = (plan: string) =>
    listExperiments(lab.workspace.ledger).filter(({ start }) => start.plan === plan && (start.receipt ?? false));

  test('is given again to the same asking, with the same receipt, and permits one run', async () => {
    const plan = await approvedPlan();
    const lost = await way.losing({ answersTo: 'start' }, () => refused(plan));
    expect([lost.code, runsOf(plan)]).toEqual(['failed', []]);
    expect(await standing(plan)).toBe('spent');
    const { value } = await run(plan);
    expect([value.state, value.approvedBy]).toEqual(['complete', 'Ada Tester']);
    const [{ start, id }] = runsOf(plan);
    const asked = lab.workspace.ledger.list('witness').findLast(({ body }) => body.phase === 'asked')?.body;
    expect(start.receipt?.statement).toMatchObject({
      says: 'approved',
      asked: asked?.phase === 'asked' ? asked.nonce : '',
    });
    expect(lab.workspace.ledger.latest('witness', id)?.body).toMatchObject({
      phase: 'begun',
      receipt: { statement: { says: 'begun', plan, start: lab.workspace.ledger.byId(id)?.hash } },
    });
    expect(await refused(plan)).toMatchObject({ refusal: 'used' });
    expect(verifyStore(lab.workspace.bregma).faults).toEqual([]);
  });

  test('is given again where the witness never heard that the run begins, and nothing of that run happened', async () => {
    const plan = await approvedPlan();
    const first = await way.losing({ callsOf: 'begin' }, () => run(plan));
    expect([first.value.state, first.value.trials.shape[0]]).toEqual(['failed', 0]);
    expect(first.value.reason).toMatch(/does not answer/);
    expect((await run(plan)).value.state).toBe('complete');
    const [failed, complete] = runsOf(plan);
    expect([failed.state, complete.state]).toEqual(['failed', 'complete']);
    expect(failed.start.receipt).toEqual(complete.start.receipt);
    expect(verifyStore(lab.workspace.bregma).faults).toEqual([]);
  });

  test('is used up where the witness heard that a run begins: it may have', async () => {
    const plan = await approvedPlan();
    const first = await way.losing({ answersTo: 'begin' }, () => run(plan));
    expect([first.value.state, first.value.trials.shape[0]]).toEqual(['failed', 0]);
    expect(await refused(plan)).toMatchObject({ refusal: 'used' });
    // A person who approves again permits another run, by another asking.
    await approve(plan);
    expect((await run(plan)).value.state).toBe('complete');
    expect(verifyStore(lab.workspace.bregma).faults).toEqual([]);
  });

  test('permits a copy nothing, once a run began on it', async () => {
    const plan = await approvedPlan();
    await way.losing({ answersTo: 'start' }, () => refused(plan));
    const copy = copyOf(lab);
    await run(plan);
    expect(await labs.refusedRun(copy, plan)).toMatchObject({ refusal: 'older-ledger' });
    // A program that has the copy's asking and keeps its newest record to itself.
    const [{ start }] = runsOf(plan);
    const says = start.receipt?.statement;
    if (says?.says !== 'approved' || !says.asked) throw new Error('the receipt names its asking');
    const { asked: nonce } = says;
    const record = lab.workspace.ledger.list('plan', plan)[0].body;
    expect(await askWitness(place(), 'start', { workspace, nonce, plan: record })).toEqual({ answer: 'begun' });
    const another = { workspace, nonce, plan, start: 'e'.repeat(64) };
    expect(await askWitness(place(), 'begin', another)).toEqual({ answer: 'spent' });
    expect(await askWitness(place(), 'begin', { ...another, nonce: 'f'.repeat(32) })).toEqual({ answer: 'unknown' });
    rmSync(copy, { recursive: true, force: true });
  });

  test('is not given again when its person has rejected the plan meanwhile', async () => {
    const plan = await approvedPlan();
    await way.losing({ answersTo: 'start' }, () => refused(plan));
    await approve(plan, undefined, undefined, 'reject');
    expect(await refused(plan)).toMatchObject({ code: 'needs-agreement', refusal: 'not-approved' });
  });

  test('a run that delivered trials without being the one that began is named by verify', async () => {
    const { ledger, bregma } = lab.workspace;
    const complete = runsOf(await lastPlan()).at(-1);
    if (!complete?.end) throw new Error('the last plan ran');
    const [twice] = ledger.append([{ kind: 'experiment', subject: complete.start.plan, body: complete.start }]);
    ledger.append([{ kind: 'experiment', subject: twice.id, body: { ...complete.end, experiment: twice.id } }]);
    expect(verifyStore(bregma).faults).toEqual([
      { what: twice.id, problem: expect.stringContaining('not the run that began') },
    ]);
  });
  const lastPlan = async () => {
    const plan = await approvedPlan();
    await run(plan);
    return plan;
  };
});

/** Units of two arms that come one after the other. */
function units(count: number): string {
  const random = makeRandom('turn');
  const lines = Array.from(
    { length: count },
    (_, i) => `u${i},${'ab'[i % 2]},${((i % 2 ? 0 : 1.5) + random.normal()).toFixed(9)}`,
  );
  return `unit,arm,rate\n${lines.join('\n')}\n`;
}

test('a sequential test is seen by the witness before it looks at more rows, and a copy from before gets no other look', async () => {
  const space = temporaryWorkspace();
  const atlas = await connect('atlas', space.folder);
  const lab = await connect('lab', space.folder, { env: env() });
  const add = async (count: number) => {
    writeFileSync(path.join(space.folder, 'turn.csv'), units(count));
    await atlas.call('add_data', { source: 'turn.csv', id: 'turn', options: { kind: 'measured' } });
  };
  await add(8);
  const judge = { by: 'sprt', effect: 0.8, beta: 0.1 };
  const measured = { data: 'turn', columns: { value: 'rate', group: 'arm' }, unit: 'unit', judge };
  const { value } = await lab.call('record_hypothesis', {
    claim: 'Units of arm a are larger.',
    rivals: ['They vary by chance.'],
    predictions: [{ metric: 'mean_difference', direction: 'greater', measured }],
  });
  const asked = { hypothesis: value.hypothesis };
  await lab.call('freeze_hypothesis', asked);
  const store = openWorkspace(space.folder);
  const workspace = workspaceIdentity(store.ledger);
  expect(labs.witness.step('admit', workspace, '--name', 'turn')).toMatchObject({ code: 0 });
  await joinWitness(store, place());
  const held = () => askWitness(place(), 'ask', { workspace });

  const first = (await lab.call('test_hypothesis', asked)).value;
  expect([first.verdict, (await held()).tests]).toEqual(['inconclusive', 1]);
  await add(80);
  store.ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const copy = `${space.folder}-copy`;
  copyFolder(space.folder, copy);

  // It cannot be shown: nobody looks.
  const verdicts = () => store.ledger.list('test').filter(({ body }) => body.phase === 'result').length;
  const unseen = await way.losing({ callsOf: 'head' }, () => lab.fail('test_hypothesis', asked));
  expect([unseen.code, verdicts()]).toEqual(['failed', 1]);

  const later = (await lab.call('test_hypothesis', asked)).value;
  expect([later.test, later.budget, later.verdict]).toEqual([first.test, first.budget, 'supported']);
  const { tests, head } = await held();
  const looked = store.ledger.list('witness').findLast(({ body }) => body.phase === 'asked');
  expect(tests).toBe(1);
  expect(head?.seq).toBeGreaterThanOrEqual(looked?.seq ?? Number.POSITIVE_INFINITY);
  expect(looked?.seq).toBeLessThan(store.ledger.list('test').at(-1)?.seq ?? 0);

  const other = await connect('lab', copy, { env: env() });
  expect(await other.fail('test_hypothesis', asked)).toMatchObject({ refusal: 'older-ledger' });
  await Promise.all([other.close(), lab.close(), atlas.close()]);
  store.close();
  rmSync(copy, { recursive: true, force: true });
  space.remove();
});
