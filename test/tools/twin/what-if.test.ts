import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';
import { addWiring, rowsOf, type Wiring } from '../../fixtures/wiring.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

const build = async (data: string, options: Record<string, unknown> = {}) =>
  (await twin.call('build_twin', { kind: 'lif-connectome', data, options })).value;
const run = (id: string, more: Record<string, unknown>) => twin.call('run_twin', { twin: id, ...more });

/** A drives B, C and D; B excites E, C inhibits it; F stands alone. */
const circuit: Wiring = {
  neurons: [
    ['720575940620875399', 'in', 'ACh'],
    ['720575940620875392', 'mid', 'ACh'],
    ['3', 'mid', 'GABA'],
    ['4', 'mid', 'ACh'],
    ['5', 'out', 'ACh'],
    ['6', 'out', 'ACh'],
  ],
  edges: [
    ['720575940620875399', '720575940620875392', 120],
    ['720575940620875399', '3', 120],
    ['720575940620875399', '4', 120],
    ['720575940620875392', '5', 120],
    ['3', '5', 60],
  ],
};
const activate = [{ neurons: '720575940620875399', rate_hz: 100 }];

describe('a small circuit', () => {
  let id = '';
  beforeAll(async () => {
    id = (await build(await addWiring(atlas, space.folder, 'circuit', circuit))).twin;
  });

  test('answers with an effect, its interval and n, controls, and what it rests on', async () => {
    const { value, kind, n, completeness, uncertainty, release, cite } = await run(id, { perturb: { activate } });
    expect(kind).toBe('simulated');
    expect(n).toEqual({ count: 10, of: 'trials' });
    // B, C, D and, through B, E; F hears nobody.
    expect(value.active).toMatchObject({ ever: 4, of: 6, driven: 1 });
    expect(value.effect.of).toBe('neurons that fire and are not driven');
    expect(value.effect.low).toBeLessThanOrEqual(value.effect.mean);
    expect(uncertainty).toMatchObject({ of: 'effect', level: 0.95, low: value.effect.low, high: value.effect.high });
    expect(completeness).toEqual({ returned: 4, available: 4, of: 'active neurons' });
    expect(value.controls).toMatchObject({
      shows: 'same direction, at least as large',
      rewired: { of: 5 },
      signShuffled: { of: 5 },
    });
    expect(value.signs).toBe('3 neurons as the data state');
    expect(release).toEqual([expect.stringMatching(/^circuit@/)]);
    expect(cite).toContain('Shiu et al. 2024, Nature 634:210');
  });

  test('stores rates and spikes of every neuron by ids that keep every digit', async () => {
    const { value } = await run(id, { perturb: { activate }, trials: 3 });
    const rates = await rowsOf(space.folder, value.predictions.object);
    expect(rates.map(({ neuron }) => neuron)).toEqual(circuit.neurons.map(([neuron]) => neuron));
    expect(rates[0]).toMatchObject({ driven: true, cell_type: 'in' });
    expect(rates[5]).toMatchObject({ rate_hz: 0, low_hz: 0, high_hz: 0, units_firing: 0 });
    const spikes = await rowsOf(space.folder, value.spikes.object);
    expect(value.spikes).toMatchObject({ trials: 3, of: 3 });
    for (const { neuron, rate_hz } of rates) {
      const count = spikes.filter((spike) => spike.neuron === neuron).length;
      expect(rate_hz).toBeCloseTo((count * 1000) / 500 / 3, 9);
    }
    expect(Math.max(...spikes.map(({ time_ms }) => Number(time_ms)))).toBeLessThan(500);
    expect(new Set(spikes.map(({ trial }) => trial))).toEqual(new Set([1, 2, 3]));
  });

  test('with silencing answers the change against the same stimulus without it', async () => {
    const { value } = await run(id, {
      perturb: { activate, silence: [{ neurons: ['720575940620875392'] }] },
      readout: ['5'],
      trials: 60,
    });
    expect(value.effect.of).toContain('change against the same stimulus');
    expect(value.effect.high).toBeLessThan(0);
    expect(value.changed[0]).toMatchObject({ id: '5' });
    expect(value.changed[0].changeHz).toBeCloseTo(value.effect.mean, 3);
    const disinhibited = await run(id, {
      perturb: { activate, silence: [{ neurons: ['3'] }] },
      readout: ['5'],
      trials: 60,
    });
    expect(disinhibited.value.effect.low).toBeGreaterThan(0);
  });

  test('obeys schedules: no spike before an activation begins, none from it after it ends', async () => {
    const { value } = await run(id, {
      perturb: { activate: [{ ...activate[0], rate_hz: 300, from_ms: 200, until_ms: 300 }] },
      trials: 2,
    });
    const times = (await rowsOf(space.folder, value.spikes.object)).map(({ time_ms }) => Number(time_ms));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(200);
    // Two synapses of 1.8 ms and their time constants after the end.
    expect(Math.max(...times)).toBeLessThan(330);
  });

  test('says when what was done, for pictures', async () => {
    const { value } = await run(id, { perturb: { activate, silence: [{ neurons: ['4'], from_ms: 100 }] } });
    expect(value.windows).toContainEqual({ name: 'silence 4', fromMs: 100, untilMs: 500 });
  });

  test('gives the same bytes for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all([7, 7, 8].map((seed) => run(id, { perturb: { activate }, seed })));
    expect(again.value).toEqual(first.value);
    expect(other.value.spikes.object).not.toBe(first.value.spikes.object);
  });

  test('one trial has no interval, which is not an interval of zero', async () => {
    const { value, n, uncertainty } = await run(id, { perturb: { activate }, trials: 1 });
    expect(n?.count).toBe(1);
    expect([value.effect.low, value.effect.high, uncertainty.low]).toEqual([null, null, null]);
    expect(value.strongest[0].low).toBeNull();
  });

  test('says why a control cannot be made', async () => {
    const none = await run(id, { perturb: { activate }, controls: 0 });
    expect(none.value.controls.rewired).toEqual({ show: null, of: 0, reason: 'none asked for' });
    const still = await run(id, { perturb: { activate: [{ neurons: '6' }] } });
    expect(still.value.effect.mean).toBe(0);
    expect(still.value.controls.rewired.reason).toBe('there is no effect that a control could lack');
    expect(still.value.notes).toContainEqual(
      expect.stringContaining('1 of 1 driven neurons send no chemical synapse in these data'),
    );
    const star: Wiring = {
      neurons: circuit.neurons.slice(0, 3).map(([neuron, type]) => [neuron, type, 'ACh']),
      edges: circuit.edges.slice(0, 2),
    };
    const id2 = (await build(await addWiring(atlas, space.folder, 'star', star))).twin;
    const { value } = await run(id2, { perturb: { activate } });
    expect(value.controls.rewired.reason).toBe('no connection can lead elsewhere without doubling another');
    expect(value.controls.signShuffled.reason).toBe(
      'all synapses have the same sign: exchanging signs changes nothing',
    );
  });

  test('says that inhibition alone does nothing to a silent network', async () => {
    const { value } = await run(id, { perturb: { activate: [{ neurons: '3', rate_hz: 200 }] } });
    expect(value.effect.mean).toBe(0);
    expect(value.notes).toContainEqual(expect.stringContaining('the driven neurons only inhibit'));
  });

  test('counts autapses, and simulates them as any synapse or leaves them out', async () => {
    const loop: Wiring = {
      neurons: circuit.neurons.slice(0, 1),
      edges: [['720575940620875399', '720575940620875399', 200]],
    };
    const data = await addWiring(atlas, space.folder, 'loop', loop);
    const kept = await build(data);
    expect(kept.summary.autapses).toBe('1, simulated as any synapse');
    const dropped = await build(data, { self_loops: 'drop' });
    expect(dropped.summary.autapses).toBe('1, left out');
    // A driven neuron has no refractory period, so that its own spikes reach it.
    const of = async (id2: string) =>
      (await run(id2, { perturb: { activate }, readout: ['type:in'], trials: 3 })).value;
    const [looped, plain] = [await of(kept.twin), await of(dropped.twin)];
    expect(looped.effect.mean).toBeGreaterThan(plain.effect.mean);
    expect(looped.notes).toContain('connections of a neuron to itself: 1, simulated as any synapse');
    expect(plain.notes).toContain('connections of a neuron to itself: 1, left out');
  });
});

describe('signs', () => {
  test('of the larva are not known: a twin is refused until one says what they are', async () => {
    await atlas.call('add_data', { source: 'drosophila-larva-winding2023' });
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data: 'drosophila-larva-winding2023' });
    expect(error.message).toContain('no sign for 3381 of 3381 neurons that send');
    expect(error.next).toContain('"from": "sample"');
    expect(error.next).toContain('"signs": "assume"');
  });

  test('that are drawn make the draws the independent units, and the answer says how far it depends on them', async () => {
    const { twin: id, summary } = await build('drosophila-larva-winding2023', {
      signs: { from: 'sample', inhibitory_share: 0.3, draws: 4 },
    });
    expect(summary.signs).toBe('3381 unknown, drawn 4 times with 30 % inhibitory');
    const { value, n, uncertainty } = await run(id, {
      perturb: { activate: [{ cell_type: 'sens-ORN', rate_hz: 100 }] },
      trials: 3,
      controls: 2,
      duration_ms: 200,
    });
    expect(n).toEqual({ count: 4, of: 'draws of the unknown signs' });
    expect(uncertainty.method).toBe('Student t over draws of the unknown signs');
    expect(value.active.driven).toBe(42);
    expect(value.stability.draws).toBe(4);
    expect(value.stability.active.lowest).toBeLessThanOrEqual(value.active.mean);
    expect(value.stability.active.highest).toBeGreaterThanOrEqual(value.active.mean);
    expect(value.stability.rankCorrelation).toBeGreaterThan(-1);
    expect(value.stability.rankCorrelation).toBeLessThanOrEqual(1);
    for (const { shareOfDraws } of value.strongest) expect([0.25, 0.5, 0.75, 1]).toContain(shareOfDraws);
  });

  test('that are assumed say so in the card and the answer', async () => {
    const { twin: id, summary } = await build('drosophila-larva-winding2023', { signs: 'assume' });
    expect(summary.signs).toBe('3381 unknown, assumed to be excitatory');
    const { value, n } = await run(id, {
      perturb: { activate: [{ cell_type: 'sens-ORN' }] },
      trials: 2,
      controls: 1,
      duration_ms: 100,
    });
    expect([value.signs, n?.of]).toEqual([summary.signs, 'trials']);
    expect(value.controls.signShuffled.reason).toContain('all synapses have the same sign');
  });

  test('that are predicted count from the confidence that was asked for; FlyWire’s columns are understood', async () => {
    const folder = path.join(space.folder, 'predicted');
    mkdirSync(folder);
    writeFileSync(
      path.join(folder, 'neurons.csv'),
      'id,nt_type,nt_type_score\n720575940620875399,ACH,0.9\n720575940620875392,GABA,0.4\n3,,\n',
    );
    writeFileSync(
      path.join(folder, 'edges.csv'),
      'pre,post,weight\n720575940620875399,720575940620875392,90\n720575940620875392,3,90\n',
    );
    const { value } = await atlas.call('add_data', {
      source: 'predicted',
      format: 'connectome',
      id: 'predicted',
      options: { neurons: 'predicted/neurons.csv', edges: 'predicted/edges.csv' },
    });
    const table = await twin.fail('build_twin', { kind: 'lif-connectome', data: value.dataset });
    expect(table.message).toContain('no sign for 2 of 2 neurons that send');
    expect(table.next).toContain('"from": "predicted"');
    const all = await build(value.dataset, { signs: 'predicted' });
    expect(all.summary.signs).toBe('2 from predicted transmitters of confidence 0 or more');
    const sure = { from: 'predicted', min_confidence: 0.5 };
    const error = await twin.fail('build_twin', {
      kind: 'lif-connectome',
      data: value.dataset,
      options: { signs: sure },
    });
    expect(error.message).toContain('with confidence 0.5 or more no sign for 1 of 2');
    const rest = await build(value.dataset, { signs: { ...sure, unknown: 'inhibitory' } });
    expect(rest.summary.signs).toBe(
      '1 from predicted transmitters of confidence 0.5 or more; 1 unknown, assumed to be inhibitory',
    );
  });

  test('find_twins shows the form of the option', async () => {
    const { value } = await twin.call('find_twins');
    const { options } = value.kinds.find(({ kind }: { kind: string }) => kind === 'lif-connectome');
    expect(options.signs).toMatch(
      /^table\|given\|predicted\|assume\|sample, or \{from: .*draws: integer\}, default "table": /,
    );
  });

  test.each([
    ['maybe', 'signs'],
    [{ from: 'sample', share: 0.3 }, 'signs'],
  ])('%j is no choice', async (signs, message) => {
    const error = await twin.fail('build_twin', {
      kind: 'lif-connectome',
      data: 'drosophila-larva-winding2023',
      options: { signs },
    });
    expect([error.code, error.message]).toEqual(['bad-input', expect.stringContaining(message)]);
  });
});

describe('the optic lobe', () => {
  let id = '';
  beforeAll(async () => {
    await atlas.call('add_data', { source: 'drosophila-flyvis' });
    const card = await build('drosophila-flyvis', { signs: 'given' });
    id = card.twin;
    expect(card.summary.signs).toContain('of 837456 of 1513231 connections the source marks the sign as not known');
    expect(card.summary.imputed).toMatch(/^\d+ of 1513231 connections were not seen but assumed/);
    expect(card.summary.weights).toMatch(/simulated in steps of 1\/56, error at most 0.0089, 0 connections/);
  });
  const options = { trials: 2, controls: 2, duration_ms: 100, limit: 5 };

  test('Mi1 drives T4 and the real wiring spreads it further than rewired ones do', async () => {
    const { value } = await run(id, { perturb: { activate: [{ cell_type: 'Mi1', rate_hz: 150 }] }, ...options });
    expect(value.types.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^T4/)]),
    );
    expect(value.types[0].neurons).toBeGreaterThan(100);
    for (const { neurons, active, rateHz, low, high } of value.types) {
      expect(active).toBeLessThanOrEqual(neurons);
      expect(low).toBeLessThanOrEqual(rateHz);
      expect(high).toBeGreaterThanOrEqual(rateHz);
    }
    expect(value.controls.rewired).toMatchObject({ show: 0, of: 2 });
    expect(value.controls.rewired.moved).toBeGreaterThan(0.9);
  });

  test('L1 only inhibits: nothing happens in a silent network, and the answer says why', async () => {
    const { value } = await run(id, { perturb: { activate: [{ cell_type: 'L1' }] }, ...options });
    expect(value.effect.mean).toBe(0);
    expect(value.notes).toContainEqual(expect.stringContaining('only inhibit'));
  });
});

describe.skipIf(!existsSync(path.join(root, 'datasets/celegans-connectomes')))('the worm', () => {
  test('has no transmitters in its tables, and electrical connections that are no part of the model', async () => {
    await atlas.call('add_data', { source: 'celegans-cook2019' });
    const error = await twin.fail('build_twin', { kind: 'lif-connectome', data: 'celegans-cook2019' });
    expect(error.message).toMatch(/no sign for \d+ of \d+ neurons that send/);
    const { summary } = await build('celegans-cook2019', { signs: { from: 'sample', draws: 3 } });
    expect(summary.electrical).toMatch(/^[1-9]\d+ connections, not part of this model$/);
  });
});
