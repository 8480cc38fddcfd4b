import { findPlan } from '@bregma/core/approval/check';
import { sealPlan } from '@bregma/core/approval/statement';
import { digestOf } from '@bregma/core/canonical';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { type Laboratory, laboratory } from './laboratory.ts';

let lab: Laboratory;
let server: Connection;
let hypothesis: string;
beforeAll(async () => {
  lab = laboratory();
  server = await connect('lab', lab.folder);
  hypothesis = (await server.call('record_hypothesis', lab.claim)).value.hypothesis;
  await server.call('freeze_hypothesis', { hypothesis });
});
afterAll(async () => {
  await server?.close();
  lab?.close();
});
const plan = (more: Record<string, unknown> = {}) =>
  server.call('plan_experiment', { hypothesis, subject: lab.subject, stimuli: lab.unseen, ...more });
const refusedPlan = (more: Record<string, unknown>) =>
  server.fail('plan_experiment', { hypothesis, subject: lab.subject, stimuli: lab.unseen, ...more });

describe('record_hypothesis and freeze_hypothesis', () => {
  test('the id is the digest of the content: the same words are the same hypothesis, an edit is another draft', async () => {
    const again = await server.call('record_hypothesis', lab.claim);
    expect(again.value).toMatchObject({ hypothesis, status: 'frozen' });
    const edited = await server.call('record_hypothesis', {
      ...lab.claim,
      claim: 'Twin 0 predicts this recording no better than twin 1.',
    });
    expect(edited.value.hypothesis).not.toBe(hypothesis);
    expect(edited.value.status).toBe('draft');
    const [record] = lab.workspace.ledger.list('hypothesis', hypothesis);
    expect(hypothesis).toBe(`hyp-${digestOf(record.body.content).slice(0, 16)}`);
  });

  test('freezing twice freezes once, and the digest is that of the draft', async () => {
    const first = await server.call('freeze_hypothesis', { hypothesis });
    const second = await server.call('freeze_hypothesis', { hypothesis });
    expect(second.value).toEqual(first.value);
    const states = lab.workspace.ledger.list('hypothesis', hypothesis).map(({ body }) => body.state);
    expect(states).toEqual(['draft', 'frozen']);
  });

  test('says each prediction in words that name metric, twins, direction and size', async () => {
    const { value } = await server.call('record_hypothesis', {
      ...lab.claim,
      predictions: [{ metric: 'r', direction: 'equivalent', size: 0.1, between: [lab.twins[0]] }],
    });
    expect(value.predictions).toEqual([
      { id: 'p1', says: `mean over neurons of r(${lab.twins[0]}) is between -0.1 and 0.1` },
    ]);
  });

  test.each([
    ['a metric that no test kind knows', { metric: 'vibes', direction: 'greater', between: ['a', 'b'] }, /metric/],
    [
      'one twin where two are compared',
      { metric: 'r_difference', direction: 'greater', between: ['a'] },
      /2 different/,
    ],
    [
      'a twin compared with itself',
      { metric: 'r_difference', direction: 'greater', between: ['a', 'a'] },
      /2 different/,
    ],
    ['equivalence without a size', { metric: 'r', direction: 'equivalent', between: ['a'] }, /size > 0/],
    ['a size that no r can miss', { metric: 'r', direction: 'greater', size: -1, between: ['a'] }, /cannot fail/],
    ['a size beyond the metric', { metric: 'r', direction: 'less', size: -1.2, between: ['a'] }, /between -1 and 1/],
    [
      'equivalence wider than the metric',
      { metric: 'r_difference', direction: 'equivalent', size: 2.5, between: ['a', 'b'] },
      /between -2 and 2/,
    ],
    ['a data set as a twin', { metric: 'r', direction: 'greater', between: ['test-recording@1'] }, /is a data set/],

    ['no direction', { metric: 'r', between: ['a'] }, /direction/],
  ])('refuses %s', async (_, prediction, message) => {
    const error = await server.fail('record_hypothesis', { ...lab.claim, predictions: [prediction] });
    expect(error.code).toMatch(/^(bad-input|unknown-name)$/);
    expect(error.message).toMatch(message);
  });

  test('refuses a claim without a rival and one without a prediction', async () => {
    expect((await server.fail('record_hypothesis', { ...lab.claim, rivals: [] })).message).toMatch(/rivals/);
    expect((await server.fail('record_hypothesis', { ...lab.claim, predictions: [] })).message).toMatch(/predictions/);
  });

  test('freezes only what names twins that exist', async () => {
    const near = `${lab.twins[0].slice(0, -1)}x`;
    const { value } = await server.call('record_hypothesis', {
      ...lab.claim,
      predictions: [{ metric: 'r', direction: 'greater', between: [near] }],
    });
    const error = await server.fail('freeze_hypothesis', { hypothesis: value.hypothesis });
    expect(error.code).toBe('unknown-name');
    expect(error.message).toContain(lab.twins[0]);
  });

  test('a frozen successor supersedes, a draft of one does not', async () => {
    const first = (await server.call('record_hypothesis', { ...lab.claim, claim: 'The first form of a claim.' })).value
      .hypothesis;
    await server.call('freeze_hypothesis', { hypothesis: first });
    const next = (
      await server.call('record_hypothesis', { ...lab.claim, claim: 'The second form of a claim.', supersedes: first })
    ).value.hypothesis;
    const statusOf = async () =>
      (await server.call('find_records', { kind: 'hypothesis', query: first })).value.records[0].status;
    expect(await statusOf()).toBe('frozen');
    await server.call('freeze_hypothesis', { hypothesis: next });
    expect(await statusOf()).toBe('superseded');
  });
});

/** Stimuli that no twin was fitted on, four presentations each. */
const open = [20, 22, 23, 24, 25, 26, 27, 29];

describe('plan_experiment', () => {
  test('seals everything under one hash and says which command approves it', async () => {
    const { value, kind } = await plan();
    const record = findPlan(lab.workspace.ledger, value.plan);
    expect(record).toEqual(sealPlan(record.content));
    expect(value).toMatchObject({
      plan: `plan-${value.hash.slice(0, 16)}`,
      approve: `bregma approve ${value.plan}`,
      stimuli: 40,
    });
    expect(record.content.subject.protocol).toBe('archival recording, no new animal use');
    expect([value.orderSeed, kind]).toEqual([record.content.design.orderSeed, 'derived']);
    expect(value.would).toContain('nothing is stimulated');
  });

  test('asks for every real presentation by default: three where the fourth is missing', async () => {
    const { value } = await plan();
    const { design } = findPlan(lab.workspace.ledger, value.plan).content;
    expect(design.stimuli.map((stimulus, i) => [stimulus % 7 === 0, design.repeats[i]])).toEqual(
      design.stimuli.map((stimulus) => [stimulus % 7 === 0, stimulus % 7 === 0 ? 3 : 4]),
    );
    expect(value.trials).toBe(design.repeats.reduce((sum, count) => sum + count, 0));
  });

  test('the order is complete blocks in random order, the same for the same plan, another for another hypothesis', async () => {
    const orderOf = (value: { order: { object: string } }) =>
      JSON.parse(lab.workspace.objects.get(value.order.object).toString()) as number[];
    const first = await plan({ repeats: 3 });
    const order = orderOf(first.value);
    for (const block of [0, 1, 2]) {
      const shown = order.slice(block * 40, block * 40 + 40);
      expect([...shown].sort((a, b) => a - b)).toEqual(lab.unseen);
      expect(shown).not.toEqual(lab.unseen);
    }
    expect((await plan({ repeats: 3 })).value).toEqual(first.value);
    const other = (await server.call('record_hypothesis', { ...lab.claim, claim: 'Another claim altogether.' })).value
      .hypothesis;
    await server.call('freeze_hypothesis', { hypothesis: other });
    expect(orderOf((await plan({ repeats: 3, hypothesis: other })).value)).not.toEqual(order);
  });

  test('takes the stimuli as an object and names the activity that made it', async () => {
    const several = [30, 20, 12, 13, 40, 41, 42, 43, 44, 45, 46, 47];
    const object = lab.workspace.objects.put(JSON.stringify({ stimuli: several }), 'application/json').object;
    const { value } = await plan({ stimuli: object, repeats: 1 });
    expect(findPlan(lab.workspace.ledger, value.plan).content.design.stimuli).toEqual(several);
  });

  test.each([
    ['stimuli that a twin was fitted on', { stimuli: [3, ...open] }, /was fitted on stimulus 3/],
    ['stimuli that the recording does not hold', { stimuli: [20, 50] }, /not 50/],
    [
      'more presentations than there were',
      { stimuli: [14, ...open], repeats: 4 },
      /fewer real repeats than asked of stimulus 14/,
    ],
    [
      'more trials than its own limit',
      { stimuli: open, repeats: 2, max_trials: 3 },
      /16 trials are more than the limit of 3/,
    ],
    [
      'fewer stimuli than could decide',
      { stimuli: open.slice(0, 6) },
      /can give an e-value of .* that takes at least 7/,
    ],
    [
      'stimuli of which none could show so much',
      { stimuli: open, claim: { metric: 'r', direction: 'greater', size: 0.99 } },
      /8 different stimuli cannot show that r is greater than 0.99/,
    ],
    ['a stimulus named twice', { stimuli: [20, 20] }, /named twice/],
    ['no stimuli', { stimuli: [] }, /no stimuli/],
    ['a driver that there is not', { driver: 'replay-rigg' }, /replay-rig/],
    ['a recording that there is not', { subject: 'test-recordin' }, /test-recording@1/],
  ])('refuses %s', async (_, { claim, ...more }: Record<string, unknown>, message) => {
    if (claim) {
      const predictions = [{ ...claim, between: [lab.twins[0]] }];
      const { value } = await server.call('record_hypothesis', { ...lab.claim, predictions });
      await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
      more.hypothesis = value.hypothesis;
    }
    expect((await refusedPlan(more)).message).toMatch(message);
  });

  test('a draft cannot be planned for', async () => {
    const { value } = await server.call('record_hypothesis', { ...lab.claim, claim: 'Still only a draft of a claim.' });
    expect(await refusedPlan({ hypothesis: value.hypothesis })).toMatchObject({ code: 'conflict' });
  });
});

describe('find_records and trace_claim', () => {
  test('find_records shows the newest first, filters, and says how many there are', async () => {
    const { value, completeness } = await server.call('find_records', { kind: 'plan', limit: 2 });
    expect(value.records).toHaveLength(2);
    expect(completeness?.available).toBeGreaterThan(2);
    expect(value.records[0].at >= value.records[1].at).toBe(true);
    expect(value.records[0].status).toBe('waits for a person');
    const none = await server.call('find_records', { query: 'no such words anywhere' });
    expect([none.value.records, none.completeness?.available]).toEqual([[], 0]);
  });

  test('the first level is 0.05 times the first weight, and is what the next test must beat', async () => {
    const { value } = await server.call('find_records', {});
    expect(value.budget).toMatchObject({ alpha: 0.05, tests: 0, discoveries: 0 });
    expect(value.budget.nextNeedsE).toBeCloseTo(1 / value.budget.nextLevel, 10);
  });

  test('trace_claim takes a data set without its release and suggests near names', async () => {
    const { value } = await server.call('trace_claim', { id: 'test-recording' });
    expect(value.roots).toEqual([lab.subject]);
    const error = await server.fail('trace_claim', { id: `${hypothesis.slice(0, -1)}x` });
    expect(error.message).toContain(hypothesis);
  });
});
