import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Activity } from '@bregma/core/contracts/activity';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { ExperimentEnd, PlanRecord } from '@bregma/core/contracts/experiment';
import { statesOf } from '@bregma/core/hypothesis/status';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { addTwin, type Laboratory, laboratory } from './laboratory.ts';

let lab: Laboratory;
let server: Connection;
beforeEach(async () => {
  lab = laboratory();
  server = await connect('lab', lab.folder);
});
afterEach(async () => {
  await server?.close();
  lab?.close();
});

async function freeze(claim: Record<string, unknown>): Promise<string> {
  const { value } = await server.call('record_hypothesis', claim);
  await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  return value.hypothesis;
}
const plan = (hypothesis: string, more: Record<string, unknown> = {}) => ({
  hypothesis,
  subject: lab.subject,
  stimuli: lab.unseen,
  ...more,
});
async function experiment(hypothesis: string, more: Record<string, unknown> = {}): Promise<string> {
  const { value } = await server.call('plan_experiment', plan(hypothesis, more));
  lab.approve(value.plan);
  return (await server.call('run_experiment', { plan: value.plan })).value.experiment;
}
const bothTwins = () => lab.twins.map((twin, i) => ({ twin, predictions: lab.predictions[i] }));
const tested = (hypothesis: string, id: string) => ({ hypothesis, experiment: id, twins: bothTwins() });
const spends = () => lab.workspace.ledger.list('test').length;
const late = () => ({ ...lab.claim, claim: 'What looks right now that the responses are known.' });

/** A copy of the recording as another data set: columns in reverse, no repeats beyond the first. */
function addCopy(id: string): void {
  const { ledger, objects } = lab.workspace;
  const { body } = ledger.list('dataset')[0] as { body: DatasetRelease };
  const arrays = body.arrays.map((array) => {
    const { data, shape } = parseNpy(objects.get(array.object));
    const isImages = array.name === 'stimuli';
    const [neurons, count] = isImages ? [1, shape[0]] : [shape[0], shape[1]];
    const width = data.length / neurons / count;
    const turned = data.slice();
    for (let n = 0; n < neurons; n++)
      for (let s = 0; s < count; s++)
        for (let k = 0; k < width; k++)
          turned[(n * count + s) * width + k] = data[(n * count + count - 1 - s) * width + k];
    return { ...array, object: objects.put(writeNpy({ data: turned, shape }), 'application/x-npy').object };
  });
  ledger.append([{ kind: 'dataset', subject: `${id}@1`, body: { ...body, id, arrays } }]);
}

function note(tool: string, more: Partial<Activity>): void {
  const body: Activity = {
    server: 'bregma-twin',
    tool,
    effect: 'compute',
    arguments: {},
    inputs: [],
    outputs: [],
    releases: [lab.subject],
    code: 'test',
    client: 'test',
    start: new Date(0).toISOString(),
    end: new Date(0).toISOString(),
    status: 'ok',
    ...more,
  };
  lab.workspace.ledger.append([{ kind: 'activity', subject: tool, body }]);
}

describe('a hypothesis frozen after its evidence was seen is refused, and nothing is spent', () => {
  afterEach(() => expect(spends()).toBe(0));

  test('when an earlier experiment delivered its trials, also under the name of another release', async () => {
    await experiment(await freeze(lab.claim));
    const hypothesis = await freeze(late());
    expect(await server.fail('plan_experiment', plan(hypothesis))).toMatchObject({ refusal: 'after-the-fact' });
    addCopy('copied-recording');
    const first40 = Array.from({ length: 40 }, (_, i) => i);
    const error = await server.fail(
      'plan_experiment',
      plan(hypothesis, { subject: 'copied-recording@1', stimuli: first40 }),
    );
    expect(error).toMatchObject({ refusal: 'after-the-fact' });
    expect(error.message).toContain('run_experiment exp-');
  });

  test.each([
    ['a validation on what was held out', 'validate_twin', { arguments: { protocol: 'heldout' } }],
    ['a query of the responses', 'query_data', { arguments: { sql: 'SELECT * FROM "test-recording".responses' } }],
  ])('when %s showed something of it', async (_, tool, more) => {
    note(tool, more);
    const hypothesis = await freeze(lab.claim);
    const error = await server.fail('plan_experiment', plan(hypothesis));
    expect(error).toMatchObject({ refusal: 'after-the-fact' });
    expect(error.message).toContain(tool);
  });

  test('a validation after the freeze, or of another recording, is none of its business', async () => {
    note('validate_twin', { releases: ['something-else@1'] });
    const hypothesis = await freeze(lab.claim);
    note('validate_twin', { arguments: { protocol: 'heldout' } });
    expect((await server.call('plan_experiment', plan(hypothesis))).value.stimuli).toBe(40);
  });

  test('stimuli that were picked after their trials were seen are refused, whenever the hypothesis was frozen', async () => {
    const hypothesis = await freeze(lab.claim);
    await experiment(hypothesis);
    const picked = await experiment(hypothesis, { stimuli: lab.unseen.slice(0, 20) });
    expect(await server.fail('test_hypothesis', tested(hypothesis, picked))).toMatchObject({
      refusal: 'chosen-after-the-fact',
    });
  });
});

test('the same trials, replayed again, are the same evidence; other trials are new', async () => {
  const hypothesis = await freeze(lab.claim);
  const plans = await Promise.all(
    [lab.unseen.slice(0, 20), lab.unseen.slice(0, 20), lab.unseen.slice(20)].map(
      async (stimuli, seed) => (await server.call('plan_experiment', plan(hypothesis, { stimuli, seed }))).value.plan,
    ),
  );
  const ran: string[] = [];
  for (const id of plans) {
    lab.approve(id);
    ran.push((await server.call('run_experiment', { plan: id })).value.experiment);
  }
  await server.call('test_hypothesis', tested(hypothesis, ran[0]));
  expect(await server.fail('test_hypothesis', tested(hypothesis, ran[1]))).toMatchObject({ refusal: 'same-trials' });
  const other = await server.call('test_hypothesis', tested(hypothesis, ran[2]));
  expect(other.value.budget.index).toBe(2);
});

describe('what cannot be decided is refused before anything is spent', () => {
  afterEach(() => expect(spends()).toBe(0));

  test.each([
    ['a prediction that is the same for every stimulus', (i: number) => Math.floor(i / 50), /not defined/],
    ['a rival that predicts the same in another unit', undefined, /nothing can tell them apart/],
  ])('%s', async (_, values, message) => {
    const first = parseNpy(lab.workspace.objects.get(lab.predictions[0])).data as Float64Array;
    const made = first.map((value, i) => (values ? values(i) : 3 * value + 2));
    const rival = addTwin(lab.workspace, 'a rival', made, [12, 50]);
    const between = [lab.twins[0], rival.twin];
    const hypothesis = await freeze({
      ...lab.claim,
      predictions: [{ metric: 'r_difference', direction: 'greater', between }],
    });
    const id = await experiment(hypothesis);
    const twins = [bothTwins()[0], rival];
    const error = await server.fail('test_hypothesis', { hypothesis, experiment: id, twins });
    expect(error).toMatchObject({ refusal: 'undecidable' });
    expect(error.message).toMatch(message);
  });

  test('a ledger that was put back', async () => {
    const hypothesis = await freeze(lab.claim);
    const id = await experiment(hypothesis);
    lab.workspace.ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const file = path.join(lab.workspace.bregma, 'ledger.sqlite');
    copyFileSync(file, `${file}.old`);
    await server.call('record_hypothesis', {
      ...lab.claim,
      claim: 'A later record, which the old file does not hold.',
    });
    await server.close();
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    copyFileSync(`${file}.old`, file);
    server = await connect('lab', lab.folder);
    expect(await server.fail('test_hypothesis', tested(hypothesis, id))).toMatchObject({ code: 'corrupt' });
  });
});

test("a twin's predictions, added as a measured recording, are replayed as predicted and are no evidence", async () => {
  const { ledger, objects } = lab.workspace;
  const values = parseNpy(objects.get(lab.predictions[0])).data as Float64Array;
  note('run_twin', { valueKind: 'predicted', outputs: [lab.predictions[0]] });
  const { body } = ledger.list('dataset')[0] as { body: DatasetRelease };
  // Half of the neurons, in single precision: neither the bytes nor the shape are those of the object.
  const part = Float64Array.from(values.subarray(0, 6 * 50), Math.fround);
  const object = objects.put(writeNpy({ data: part, shape: [6, 50] }), 'application/x-npy').object;
  const arrays = body.arrays.map((array) =>
    array.name === 'responses' ? { ...array, object, shape: [6, 50] } : array,
  );
  ledger.append([{ kind: 'dataset', subject: 'circular@1', body: { ...body, id: 'circular', files: [], arrays } }]);
  const twin = addTwin(
    lab.workspace,
    'of the circle',
    new Float64Array(300).map((_, i) => (i * 7) % 11),
    [6, 50],
    'run_twin',
    'circular@1',
  );
  const hypothesis = await freeze({
    ...lab.claim,
    predictions: [{ metric: 'r', direction: 'greater', between: [twin.twin] }],
  });
  const id = await experiment(hypothesis, { subject: 'circular@1' });
  const end = ledger.latest('experiment', id)?.body as ExperimentEnd;
  expect(end.kind).toBe('predicted');
  expect(await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: [twin] })).toMatchObject({
    refusal: 'not-measured',
  });
});

describe('stimuli chosen to separate the twins are said to be', () => {
  const ranked = () => [...lab.unseen].sort((a, b) => ((a * 7) % 41) - ((b * 7) % 41));
  const design = (order: number[]) => {
    const object = lab.workspace.objects.put(JSON.stringify(order), 'application/json').object;
    note('design_experiment', { outputs: [object] });
    return object;
  };

  test('in the answer and on record, with the estimate on a random sample beside it where the plan showed one', async () => {
    const hypothesis = await freeze(lab.claim);
    const stimuli = design(ranked().slice(0, 20));
    const planned = await server.call('plan_experiment', plan(hypothesis, { stimuli, random_beside: true }));
    const { content } = lab.workspace.ledger.list('plan')[0].body as PlanRecord;
    const { tested: chosen, random = [], proposedBy, stimuli: shown } = content.design;
    expect([chosen, planned.value.random, proposedBy]).toEqual([ranked().slice(0, 20), 20, expect.any(String)]);
    expect(new Set(shown)).toEqual(new Set([...ranked().slice(0, 20), ...random]));
    expect(random.every((stimulus) => lab.unseen.includes(stimulus))).toBe(true);
    lab.approve(planned.value.plan);
    const { experiment: id } = (await server.call('run_experiment', { plan: planned.value.plan })).value;
    const { value, n } = await server.call('test_hypothesis', tested(hypothesis, id));
    expect(value.chosen).toContain('20 stimuli were chosen of 40 because they separate the twins');
    expect(value.chosen).toContain(`On 20 stimuli taken at random it is ${value.atRandom.estimate.toPrecision(2)}`);
    expect([n?.count, value.atRandom.n.count]).toEqual([20, 20]);
    const [, result] = lab.workspace.ledger.list('test');
    expect(result.body).toMatchObject({ phase: 'result', chosen: value.chosen, atRandom: value.atRandom });
    // The random sample is what the same test says of these stimuli alone.
    const other = await freeze({ ...lab.claim, claim: 'The same, frozen to be tested on what was drawn.' });
    const drawn = await experiment(other, { stimuli: random }).catch((error: Error) => error.message);
    expect(drawn).toContain('was frozen after its evidence was seen');
  });

  test('also when the indices of a ranking were typed in, in any order, and not when they are any others', async () => {
    design(ranked());
    const claims = [true, false].map((chosen) =>
      freeze({ ...lab.claim, claim: `The stimuli were chosen: ${chosen}.` }),
    );
    const frozen = await Promise.all(claims);
    const some = [ranked().slice(0, 20).reverse(), lab.unseen.filter((stimulus) => stimulus % 2 === 0)];
    const plans: string[] = [];
    for (const [i, stimuli] of some.entries())
      plans.push((await server.call('plan_experiment', plan(frozen[i], { stimuli }))).value.plan);
    for (const [i, made] of plans.entries()) {
      lab.approve(made);
      const { experiment: id } = (await server.call('run_experiment', { plan: made })).value;
      const { value } = await server.call('test_hypothesis', tested(frozen[i], id));
      if (i === 0) expect(value.chosen).toContain('plan_experiment has random_beside');
      else expect(value.chosen).toBeUndefined();
    }
  });

  test('a random sample is not drawn where there is nothing beside the stimuli', async () => {
    const error = await server.fail('plan_experiment', plan(await freeze(lab.claim), { random_beside: true }));
    expect(error.message).toContain('40 of 40 stimuli');
  });
});

describe('post hoc', () => {
  test('gives numbers of evidence that had been seen, decides nothing, spends nothing, and says so everywhere', async () => {
    const first = await freeze(lab.claim);
    const id = await experiment(first);
    const hypothesis = await freeze(late());
    const refused = await server.fail('test_hypothesis', tested(hypothesis, id));
    expect(refused.next).toContain('post_hoc: true');
    const budget = async () => (await server.call('find_records', {})).value.budget;
    const before = await budget();
    const { value } = await server.call('test_hypothesis', { ...tested(hypothesis, id), post_hoc: true });
    expect(value.eFor).toBeGreaterThan(value.needed);
    expect([value.verdict, value.status]).toEqual(['post hoc', 'post hoc']);
    expect(value.postHoc).toContain('was frozen after');
    expect(await budget()).toEqual(before);
    const [, result] = lab.workspace.ledger.list('test', hypothesis);
    expect(result.body).toMatchObject({ verdict: 'post hoc', discovery: false, postHoc: value.postHoc });
    const { records } = (await server.call('find_records', { query: hypothesis })).value;
    expect(records.map((row: { kind: string; status: string }) => `${row.kind}: ${row.status}`).sort()).toEqual([
      'hypothesis: post hoc',
      'test: post hoc',
    ]);
    const trace = (await server.call('trace_claim', { id: value.test })).value;
    expect(trace.nodes.find((node: { id: string }) => node.id === value.test)).toMatchObject({
      status: 'post hoc',
      label: expect.stringContaining('post hoc'),
    });
    // What it told is known now: nobody looks first and spends then.
    const again = await server.fail('test_hypothesis', tested(first, id));
    expect([again.message, lab.workspace.ledger.list('test', first)]).toEqual([
      expect.stringContaining('A post hoc test told what these trials say'),
      [],
    ]);
  });

  test('is no way around what is no evidence at all', async () => {
    const hypothesis = await freeze(lab.claim);
    const id = await experiment(hypothesis);
    await server.call('test_hypothesis', tested(hypothesis, id));
    const twice = await server.fail('test_hypothesis', { ...tested(hypothesis, id), post_hoc: true });
    expect(twice.code).toBe('conflict');
  });

  test('asked for where nothing had been seen, it is a test as any other', async () => {
    const hypothesis = await freeze(lab.claim);
    const id = await experiment(hypothesis);
    const { value } = await server.call('test_hypothesis', { ...tested(hypothesis, id), post_hoc: true });
    expect([value.verdict, value.postHoc, value.budget.index]).toEqual(['supported', undefined, 1]);
  });
});

test('a hypothesis that was refuted once and supported once is contradictory, whichever came first', () => {
  const content = { predictions: [{ id: 'p1' }], claim: '' };
  const frozen = [{ subject: 'h', body: { id: 'h', state: 'frozen', content } }] as unknown as Parameters<
    typeof statesOf
  >[0];
  const stateAfter = (...verdicts: string[]) =>
    statesOf(
      frozen,
      verdicts.map((verdict) => ({
        phase: 'result',
        hypothesis: 'h',
        prediction: 'p1',
        verdict,
      })) as unknown as Parameters<typeof statesOf>[1],
    ).get('h');
  expect(stateAfter('refuted', 'supported')).toBe('contradictory');
  expect(stateAfter('supported', 'refuted')).toBe('contradictory');
  expect(stateAfter('refuted', 'inconclusive')).toBe('refuted');
  expect(stateAfter('inconclusive', 'supported')).toBe('supported');
  expect(stateAfter('post hoc', 'supported')).toBe('supported');
  expect(stateAfter('refuted', 'post hoc')).toBe('refuted');
  expect(stateAfter('post hoc')).toBe('post hoc');
});
