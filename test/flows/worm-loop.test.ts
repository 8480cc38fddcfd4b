import path from 'node:path';
import { createKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { addSimulatedWiring, simulateWorm, writeResponses } from '../fixtures/simulated-worm.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
let lab: Connection;
/** Synapses and gap junctions alone. */
const wired = { neuropeptide: false, monoamine: false };
const mirror = process.env.BREGMA_MIRROR;
if (!mirror) console.log('Skipped without BREGMA_MIRROR: the loop on the worm’s measured responses.');

beforeAll(async () => {
  [atlas, twin, lab] = await Promise.all([
    connect('atlas', space.folder),
    connect('twin', space.folder),
    connect('lab', space.folder),
  ]);
});
afterAll(async () => {
  for (const server of [atlas, twin, lab]) await server.close();
  space.remove();
});

function approve(plan: string) {
  const workspace = openWorkspace(space.folder);
  const key = createKey(path.join(space.folder, `${plan}.pem`), 'correct horse battery');
  trustKey(workspace, key, 'Ada Tester');
  approvePlan(workspace, plan, key, { by: 'Ada Tester' });
  workspace.close();
}

async function build(data: string, options: Record<string, unknown>, part = 'first-half'): Promise<string> {
  return (await twin.call('build_twin', { kind: 'connectome-dynamics', data, part, options })).value.twin;
}

/** Question, two rival twins, frozen hypothesis, design: everything before a plan. */
async function prepare(data: string, options: Record<string, unknown>) {
  const rivals = [await build(data, options), await build(data, { ...options, wiring: 'shuffled' })];
  const design = await twin.call('design_experiment', { twins: rivals });
  const { value } = await lab.call('record_hypothesis', {
    claim: 'Who is connected to whom shapes how activity spreads, beyond how many partners each neuron has.',
    rivals: ['Any network with these numbers of partners, fitted to the same responses, predicts as well.'],
    predictions: [{ metric: 'r_difference', direction: 'greater', size: 0, between: rivals }],
  });
  await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  return { rivals, design, hypothesis: value.hypothesis as string };
}

async function runAndTest(data: string, { rivals, design, hypothesis }: Awaited<ReturnType<typeof prepare>>) {
  const plan = await lab.call('plan_experiment', {
    hypothesis,
    subject: data,
    stimuli: design.value.stimuli.object,
  });
  approve(plan.value.plan);
  const experiment = (await lab.call('run_experiment', { plan: plan.value.plan })).value.experiment;
  const predictions = rivals.map((id) => ({
    twin: id,
    predictions: design.value.predictions.find((made: { twin: string }) => made.twin === id).object,
  }));
  const tested = await lab.call('test_hypothesis', { hypothesis, experiment, twins: predictions });
  return { plan, experiment, tested };
}

describe('the loop on a simulated worm, whose connections are known', () => {
  const data = 'simulated';
  const options = { connectome: 'simulated-wiring', ...wired, ridge: 5, margin: 5 };
  const worm = simulateWorm({ pairs: 40, noise: 0.3 });
  let prepared: Awaited<ReturnType<typeof prepare>>;
  beforeAll(async () => {
    await addSimulatedWiring(space.folder, worm);
    await atlas.call('add_data', {
      source: 'simulated responses',
      id: data,
      format: 'causal-responses',
      options: { ...writeResponses(space.folder, worm), kind: 'measured' },
    });
    prepared = await prepare(data, options);
  });

  test('designs with neurons to stimulate that no rival was fitted to', () => {
    const { value } = prepared.design;
    expect(value).toMatchObject({ chosen: 40, candidates: 40 });
    expect(worm.names[value.ranking[0].stimulus]).toBe(value.ranking[0].neuron);
    expect(value.gainNats.best).toBeGreaterThan(value.gainNats.median);
    expect(value.gainNats.worst).toBeGreaterThanOrEqual(0);
  });

  test('refuses what was not measured: two of one stimulation, and neurons that a rival was fitted to', async () => {
    const ask = { hypothesis: prepared.hypothesis, subject: data };
    const twice = await lab.fail('plan_experiment', {
      ...ask,
      stimuli: prepared.design.value.stimuli.object,
      repeats: 2,
    });
    expect(twice.message).toContain('fewer real repeats than asked');
    const unseen = new Set(prepared.design.value.ranking.map(({ stimulus }: { stimulus: number }) => stimulus));
    const seen = await lab.fail('plan_experiment', {
      ...ask,
      stimuli: worm.names.map((_, i) => i).filter((i) => !unseen.has(i)),
    });
    expect(seen.message).toMatch(/was fitted on stimul/);
  });

  test('refuses a neuron that was recorded but never stimulated', async () => {
    const n = worm.names.length;
    const responses = worm.responses.map((value, at) => (at % n === 5 ? Number.NaN : value));
    await atlas.call('add_data', {
      source: 'one neuron never stimulated',
      id: 'gappy',
      format: 'causal-responses',
      options: { ...writeResponses(space.folder, { ...worm, responses }, 'gappy-'), kind: 'measured' },
    });
    const { hypothesis } = prepared;
    const plan = await lab.fail('plan_experiment', { hypothesis, subject: 'gappy', stimuli: [4, 5] });
    expect(plan.message).toContain('the recording has no presentation of stimulus 5');
  });

  test('ends in a verdict for the wiring that is the truth, and says what the design saved', async () => {
    const { plan, experiment, tested } = await runAndTest(data, prepared);
    expect(plan.value.would).toContain('stimulations of one neuron each');
    expect(tested.value.verdict).toBe('supported');
    expect(tested.value.eFor).toBeGreaterThan(tested.value.needed);
    expect(tested.uncertainty.low).toBeGreaterThan(0);
    expect(tested.n).toEqual({ count: 40, of: 'stimuli' });
    const { value } = await twin.call('design_experiment', { twins: prepared.rivals, experiment, orders: 20 });
    expect(value.evaluation.winners.first).toBeGreaterThan(value.evaluation.winners.second);
    expect(value.evaluation.ratio.median).toBeGreaterThan(1);
  });

  test('refuses twins of all stimulations as evidence on any of them', async () => {
    const whole = [await build(data, options, 'all'), await build(data, { ...options, wiring: 'all' }, 'all')];
    const design = await twin.fail('design_experiment', { twins: whole });
    expect(design.message).toContain('fitted on every stimulus');
    const { value } = await lab.call('record_hypothesis', {
      claim: 'A twin of everything predicts everything, which is no evidence for it.',
      rivals: ['It learned the answers.'],
      predictions: [{ metric: 'r_difference', direction: 'greater', size: 0, between: whole }],
    });
    await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    const plan = await lab.fail('plan_experiment', { hypothesis: value.hypothesis, subject: data, stimuli: [1, 2, 3] });
    expect(plan.message).toMatch(/was fitted on stimuli 1, 2, 3/);
  });
});

describe.skipIf(!mirror)('the loop on the worm', () => {
  test('ends in a verdict about real wiring, from stimulations that no twin has seen', async () => {
    for (const source of ['celegans-cook2019', 'celegans-causal-randi2023'])
      await atlas.call('add_data', { source, agree: true });
    const data = 'celegans-causal-randi2023';
    const { tested, experiment } = await runAndTest(`${data}@2024-train`, await prepare(data, wired));
    expect(tested.n).toEqual({ count: 78, of: 'stimuli' });
    // One shuffle out of many, and 78 single averages: the effect is there, the e-value may or may not reach what decides.
    const { verdict, eFor, needed, estimate, details } = tested.value;
    expect(verdict).toBe(eFor >= needed ? 'supported' : 'inconclusive');
    expect(estimate).toBeGreaterThan(0.03);
    expect(estimate).toBeCloseTo(details.meanR[0] - details.meanR[1], 6);
    expect(details.meanR[0]).toBeGreaterThan(0.14);
    expect(experiment).toMatch(/^exp-/);
  });
});
