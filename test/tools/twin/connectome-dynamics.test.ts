import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addSimulatedWiring, simulateWorm, writeResponses } from '../../fixtures/simulated-worm.ts';

const space = temporaryWorkspace();
const worm = simulateWorm({ pairs: 20 });
const n = worm.names.length;
const wired = { neuropeptide: false, monoamine: false };
const options = { connectome: 'simulated-wiring', ...wired, ridge: 5, margin: 5 };
let atlas: Connection;
let twin: Connection;
const mirror = process.env.BREGMA_MIRROR;
if (!mirror) console.log('Skipped without BREGMA_MIRROR: the worm’s measured responses.');

const add = (id: string, files: Record<string, unknown>) =>
  atlas.call('add_data', { source: id, id, format: 'causal-responses', options: { ...files, kind: 'measured' } });
const read = (object: string): Float64Array => {
  const workspace = openWorkspace(space.folder);
  const { data } = parseNpy(workspace.objects.get(object));
  workspace.close();
  return data as Float64Array;
};

/** The answer of a call that may outlast the server's limit and go on as a run. */
async function finished(tool: string, args: Record<string, unknown>) {
  const first = await twin.call(tool, args);
  if (first.value.state !== 'running') return first;
  for (;;) {
    const { value } = await twin.call('get_run', { run_id: first.value.run_id, wait_s: 30 });
    if (value.state === 'finished') return value.answer;
    if (value.state !== 'running') throw new Error(JSON.stringify(value));
  }
}

beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  await addSimulatedWiring(space.folder, worm);
  await add('simulated', writeResponses(space.folder, worm));
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

describe('causal responses of one’s own', () => {
  test('are added as a matrix with names, and what is missing is said', async () => {
    const { value } = await atlas.call('describe_data', { data: 'simulated' });
    expect(JSON.stringify(value)).toContain('causal-responses');
    const again = await add('simulated-again', writeResponses(space.folder, worm, 'again-'));
    expect(again.value.warnings[0]).toMatch(/% of the pairs were not measured/);
  });

  test.each([
    ['not square', { shape: [2, 3], data: new Float64Array(6) }, ['a', 'b'], /responses are square/],
    ['names that do not fit', { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }, ['a'], /names 1 neurons.*has 2/],
    ['a name twice', { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }, ['a', 'a'], /names a twice/],
    [
      'infinite',
      { shape: [2, 2], data: Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 4) },
      ['a', 'b'],
      /infinite response at \[0, 1\]/,
    ],
    [
      'nothing measured',
      { shape: [2, 2], data: Float64Array.of(1, Number.NaN, Number.NaN, 4) },
      ['a', 'b'],
      /no measured response/,
    ],
  ])('are refused when they are %s', async (name, array, names, message) => {
    const { writeNpy } = await import('@bregma/core/npy');
    writeFileSync(path.join(space.folder, 'bad.npy'), writeNpy(array));
    writeFileSync(path.join(space.folder, 'bad.csv'), `name\n${names.join('\n')}\n`);
    const error = await atlas.fail('add_data', {
      source: name,
      id: 'bad',
      format: 'causal-responses',
      options: { responses: 'bad.npy', neurons: 'bad.csv' },
    });
    expect(error.message).toMatch(message);
    expect((await twin.fail('build_twin', { kind: 'connectome-dynamics', data: 'bad' })).code).toBe('unknown-name');
  });
});

describe('a twin fitted to causal responses', () => {
  test('is the same bytes for the same data, options and seed, and says that it is stable', async () => {
    const args = { kind: 'connectome-dynamics', data: 'simulated', options, seed: 2 };
    const [first, second] = [await twin.call('build_twin', args), await twin.call('build_twin', args)];
    expect(second.value).toEqual(first.value);
    const { summary, fittedOn } = first.value;
    expect(fittedOn).toEqual({ part: 'all', n, of: 'stimulated neurons' });
    expect(summary.numericalAbscissa).toBeLessThan(summary.stableBelow);
    expect(summary.converged).toBe(true);
    expect(summary.crossValidated.pearson).toBeGreaterThan(0.3);
    expect(first.release).toEqual([`simulated@${first.release[0].split('@')[1]}`, 'simulated-wiring@1']);
    const other = await twin.call('build_twin', { ...args, options: { ...options, ridge: 6 } });
    expect(other.value.twin).not.toBe(first.value.twin);
  });

  test('predicts what stimulation does, with an interval, and what silencing changes', async () => {
    const { value } = await twin.call('build_twin', { kind: 'connectome-dynamics', data: 'simulated', options });
    // The strongest true connection, and what it does.
    let best = 0;
    for (let at = 0; at < n * n; at++) if (at % (n + 1) !== 0 && worm.R[at] > worm.R[best]) best = at;
    if (best === 0) best = 1;
    const [post, pre] = [worm.names[Math.floor(best / n)], worm.names[best % n]];
    const run = await twin.call('run_twin', { twin: value.twin, stimulate: [pre], limit: n });
    expect(run.kind).toBe('predicted');
    const row = run.value.strongest.find((each: { neuron: string }) => each.neuron === post);
    expect(row.value).toBeGreaterThan(0);
    expect(row.low).toBeLessThan(row.value);
    expect(row.high).toBeGreaterThan(row.value);
    expect(row.trialSd).toBeGreaterThan(0.2);
    expect(run.uncertainty.method).toContain('jackknife');
    // An answer has six digits, the array all.
    const predicted = read(run.value.predictions.object)[worm.names.indexOf(post)];
    expect(row.value).toBe(Number(predicted.toPrecision(6)));

    const silenced = await twin.call('run_twin', {
      twin: value.twin,
      stimulate: [pre],
      perturb: { silence: [{ neurons: worm.names.filter((name) => name !== pre && name !== post), scope: 'both' }] },
      limit: n,
    });
    expect(silenced.value.strongest.map((each: { neuron: string }) => each.neuron)).toEqual([post]);
    expect(silenced.value.strongest[0].bySilencing.se).toBeGreaterThan(0);
  });

  test('gives the responses to all stimulations as one array, the one of each as when it is asked alone', async () => {
    const { value } = await twin.call('build_twin', { kind: 'connectome-dynamics', data: 'simulated', options });
    const all = await twin.call('run_twin', { twin: value.twin });
    expect(all.value).toMatchObject({ shape: [n, n], axes: ['neuron', 'stimulus'] });
    const some = await twin.call('run_twin', { twin: value.twin, stimuli: [7, 3] });
    const [whole, part] = [read(all.value.predictions.object), read(some.value.predictions.object)];
    for (let i = 0; i < n; i++) expect([part[2 * i], part[2 * i + 1]]).toEqual([whole[i * n + 7], whole[i * n + 3]]);
    expect(read(some.value.standardErrors.object).every((error) => error > 0)).toBe(true);
  });

  test('is judged on what it was not fitted to, beside refitted shuffles and blind controls', async () => {
    const { value, n: units } = await twin.call('validate_twin', {
      kind: 'connectome-dynamics',
      data: 'simulated',
      protocol: 'cv5',
      options,
      controls: 3,
    });
    expect(value.pearson).toBeGreaterThan(0.35);
    expect(value.pearson).toBeGreaterThan(value.controlRange.high + 0.1);
    expect(value.controlAdvantage.low).toBeGreaterThan(0);
    expect(value.connectionBlind.rowMean.pearson).toBeLessThan(0.2);
    expect(value.connectionBlind.rowMean.advantage.low).toBeGreaterThan(0);
    expect(value.byHops.reduce((sum: number, group: { pairs: number }) => sum + group.pairs, 0)).toBe(
      value.tested.pairs,
    );
    expect(value.byHops[0].pearson).toBeGreaterThan(value.byHops[1].pearson);
    expect(value.repeatability.cited).toBeNull();
    expect(value.comparisons.activityCorrelation).toBeNull();
    expect(value.comparisons.gapJunctionWeights).toBeGreaterThan(0.1);
    expect(units).toEqual({ count: n, of: 'stimulated neurons' });

    const half = await twin.call('build_twin', {
      kind: 'connectome-dynamics',
      data: 'simulated',
      part: 'first-half',
      options,
    });
    const heldout = await twin.call('validate_twin', {
      twin: half.value.twin,
      data: 'simulated',
      protocol: 'heldout',
      controls: 2,
    });
    const same = await twin.call('validate_twin', {
      kind: 'connectome-dynamics',
      data: 'simulated',
      protocol: 'half',
      options,
      controls: 2,
    });
    expect(heldout.value.tested.stimulated).toBe(n / 2);
    expect(heldout.value.pearson).toBeCloseTo(same.value.pearson, 10);
    expect(heldout.value.control).toBeCloseTo(same.value.control, 10);
  });

  test('is judged on other animals by the names of the neurons', async () => {
    const whole = await twin.call('build_twin', { kind: 'connectome-dynamics', data: 'simulated', options });
    const refused = await twin.fail('validate_twin', {
      twin: whole.value.twin,
      data: 'simulated',
      protocol: 'heldout',
    });
    expect([refused.code, refused.next]).toEqual(['conflict', expect.stringContaining('first-half')]);
    // The same network measured again, without two of its neurons, the others in another order.
    const order = worm.names
      .map((_, i) => i)
      .slice(2)
      .reverse();
    const noisy = simulateWorm({ pairs: 20, missing: 0.2 });
    const names = order.map((i) => worm.names[i]);
    const responses = Float64Array.from(order.flatMap((i) => order.map((j) => noisy.responses[i * n + j])));
    await add('another-animal', writeResponses(space.folder, { names, responses }, 'another-'));
    const { value } = await twin.call('validate_twin', {
      twin: whole.value.twin,
      data: 'another-animal',
      protocol: 'heldout',
      controls: 2,
    });
    expect(value.tested.neurons).toBe(n - 2);
    expect(value.pearson).toBeGreaterThan(0.5);
  });
});

describe('refusals', () => {
  test.each([
    ['build_twin', { data: 'simulated', options: { ...wired, connectome: 'simulated-wirin' } }, /simulated-wiring/],
    ['build_twin', { data: 'simulated', options: { ...options, neuropeptide: true } }, /celegans-extrasynaptic/],
    ['build_twin', { data: 'simulated', options: { ...options, ridge: 0 } }, /ridge/],
    ['build_twin', { data: 'simulated', options: { ...options, wiring: 'real' } }, /wiring/],
    ['build_twin', { data: 'simulated-wiring', options }, /causal-responses/],
  ])('%s: %j', async (tool, args, message) => {
    const error = await twin.fail(tool, { kind: 'connectome-dynamics', ...args });
    expect(`${error.message} ${error.next}`).toMatch(message);
  });

  test('names the nearest neuron, and what it cannot do', async () => {
    const { value } = await twin.call('build_twin', { kind: 'connectome-dynamics', data: 'simulated', options });
    const unknown = await twin.fail('run_twin', { twin: value.twin, stimulate: ['NAX'] });
    expect([unknown.code, unknown.message]).toEqual(['unknown-name', expect.stringContaining('NAL')]);
    const both = await twin.fail('run_twin', {
      twin: value.twin,
      stimulate: ['NAL'],
      perturb: { silence: [{ neurons: ['NAL'] }] },
    });
    expect(both.message).toContain('cannot be stimulated and silenced');
    const activate = await twin.fail('run_twin', { twin: value.twin, perturb: { activate: [{ neurons: ['NAL'] }] } });
    expect(activate.next).toContain('stimulate');
    const outside = await twin.fail('run_twin', { twin: value.twin, stimuli: [n] });
    expect(outside.message).toContain(`0 to ${n - 1}`);
  });

  test('wiring of an animal with other names, and too few stimulated neurons', async () => {
    const renamed = { names: worm.names.map((name) => `X${name}`), responses: worm.responses };
    await add('renamed', writeResponses(space.folder, renamed, 'renamed-'));
    const names = await twin.fail('build_twin', { kind: 'connectome-dynamics', data: 'renamed', options });
    expect(names.message).toMatch(/share 0 neurons by name/);
    // Seven columns measured, the others NaN throughout.
    const few = worm.responses.map((value, at) => (at % n < 7 ? value : Number.NaN));
    await add('few', writeResponses(space.folder, { ...worm, responses: few }, 'few-'));
    const error = await twin.fail('build_twin', { kind: 'connectome-dynamics', data: 'few', options });
    expect(error.message).toMatch(/7 stimulated neurons are too few to fit to: at least 10/);
  });
});

describe.skipIf(!mirror)('the worm', () => {
  beforeAll(async () => {
    for (const source of ['celegans-cook2019', 'celegans-causal-randi2023', 'celegans-extrasynaptic'])
      await atlas.call('add_data', { source, agree: true });
  });

  test.each([
    ['all its anatomy', {}],
    ['synapses and gap junctions alone', wired],
  ])(
    'is predicted beyond 0.14 where it was never stimulated, from %s, better than on shuffled wiring',
    async (_, given) => {
      const { value } = await finished('validate_twin', {
        kind: 'connectome-dynamics',
        data: 'celegans-causal-randi2023',
        protocol: 'cv5',
        options: given,
        controls: 1,
      });
      expect(value.ci.low).toBeGreaterThan(0.14);
      expect(value.pearson).toBeLessThan(0.35);
      expect(value.pearson).toBeGreaterThan(value.controlRange.high);
      expect(value.controlAdvantage.low).toBeGreaterThan(0);
      expect(value.connectionBlind.rowMean.advantage.low).toBeGreaterThan(0.1);
      expect(value.homologuesLeftOutTogether).toBeGreaterThan(0.14);
      expect(value.tested).toEqual({ pairs: 22309, stimulated: 155, neurons: 156 });
      expect(value.byHops[0].pearson).toBeGreaterThan(value.byHops[2].pearson);
      expect(value.repeatability.cited).toContain('0.16');
      const workspace = openWorkspace(space.folder);
      const rows = JSON.parse(workspace.objects.get(value.perUnit.object).toString('utf8'));
      workspace.close();
      expect(rows).toHaveLength(155);
    },
    300_000,
  );

  test('has extrasynaptic pairs as a table, and no wires of them', async () => {
    const { value } = await atlas.call('query_data', {
      sql: 'SELECT kind, range, count(*)::INTEGER AS pairs FROM celegans_extrasynaptic.signals GROUP BY ALL ORDER BY ALL',
    });
    expect(JSON.stringify(value)).toContain('31417');
    expect(JSON.stringify(value)).toContain('2881');
    const edges = await twin.fail('build_twin', { kind: 'linear-propagation', data: 'celegans-extrasynaptic' });
    expect(edges.message).toMatch(/edges/);
  });
});
