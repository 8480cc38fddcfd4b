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

test('stimuli chosen to separate the twins are said to be, in the answer and on record', async () => {
  const hypothesis = await freeze(lab.claim);
  const stimuli = lab.workspace.objects.put(JSON.stringify(lab.unseen.slice(5, 25)), 'application/json').object;
  note('design_experiment', { outputs: [stimuli] });
  const id = await experiment(hypothesis, { stimuli });
  const { value } = await server.call('test_hypothesis', tested(hypothesis, id));
  expect(value.chosen).toContain('20 stimuli were chosen of 40 because they separate the twins');
  const [, result] = lab.workspace.ledger.list('test');
  expect(result.body).toMatchObject({ phase: 'result', chosen: value.chosen });
  expect((lab.workspace.ledger.list('plan')[0].body as PlanRecord).content.design.proposedBy).toBeDefined();
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
});
