import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
const mirror = process.env.BREGMA_MIRROR;
if (!mirror)
  console.log('Skipped without BREGMA_MIRROR: sessions 190923 and 201025, and the worm’s measured responses.');

beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  for (const source of ['macaque-v4-210325', 'celegans-cook2019']) await atlas.call('add_data', { source });
  if (mirror)
    for (const source of ['macaque-v4-190923', 'macaque-v4-201025', 'celegans-causal-randi2023'])
      await atlas.call('add_data', { source, agree: true });
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

const twins = new Map<string, Promise<Answered>>();
/** A twin, built once in this file: the same arguments give the same bytes. */
function built(args: Record<string, unknown>): Promise<Answered> {
  const key = JSON.stringify(args);
  const one = twins.get(key) ?? twin.call('build_twin', args);
  twins.set(key, one);
  return one;
}
/** A twin of the first half of a session. */
const halved = async (pooling: string): Promise<string> => {
  const args = { data: 'macaque-v4-210325', part: 'first-half', options: { pooling, lowpass: false } };
  return (await built({ kind: 'encoding-ridge', ...args })).value.twin;
};

describe('predictive validity of encoding twins, five-fold, λ chosen inside the training folds', () => {
  // The floor of each session is what a 24-filter Gabor ridge reaches.
  test.each([
    ['210325', 0.482, true],
    ['190923', 0.354, mirror !== undefined],
    ['201025', 0.432, mirror !== undefined],
  ])('session %s: median r at least %f, shuffled control at zero', async (session, floor, available) => {
    if (!available) return;
    const { value, n, uncertainty } = await twin.call('validate_twin', {
      kind: 'encoding-ridge',
      data: `macaque-v4-${session}`,
      protocol: 'cv5',
    });
    expect(value.median.pearson).toBeGreaterThanOrEqual(floor);
    expect(value.median.spearman).toBeGreaterThan(0.3);
    expect(Math.abs(value.control)).toBeLessThanOrEqual(0.03);
    expect(value.ci.low).toBeLessThan(value.median.pearson);
    expect(value.ci.high).toBeGreaterThan(value.median.pearson);
    expect([n?.of, uncertainty.of, value.domain]).toEqual(['neurons', 'median pearson', 'in-domain']);
  });

  test('the noise ceiling comes from repeats, and is not measured without them', async () => {
    const half = await twin.call('validate_twin', {
      kind: 'encoding-pixel',
      data: 'macaque-v4-210325',
      protocol: 'half',
    });
    expect(half.value.ceiling).toBeGreaterThan(0.8);
    expect(half.value.ceiling).toBeLessThan(1);
    expect(half.value.splitHalf).toBeGreaterThan(0.55);
    expect(half.value.reliability).toBeGreaterThan(half.value.splitHalf);
    expect(half.value.ceilingError).toBeGreaterThan(0.005);
    expect(half.value.ceilingError).toBeLessThan(0.1);
    expect(half.value.tested).toEqual({ stimuli: 320, neurons: 50 });
    expect(half.value.median.pearson).toBeLessThan(0.4);
    // (r / ceiling)² in the middle is near the unbiased estimate of the same; a fit to the responses' own unit is not better than its r².
    const { r2er, feve, shareOfCeiling } = half.value;
    expect(Math.abs(r2er.median - shareOfCeiling ** 2)).toBeLessThan(0.05);
    expect([r2er.neurons, r2er.ci.low < r2er.median, r2er.ci.high > r2er.median]).toEqual([50, true, true]);
    expect(feve).toMatchObject({ fewestExplainable: 0.15, of: expect.stringContaining('variance') });
    expect(feve.median).toBeLessThan(r2er.median + 0.02);
    if (!mirror) return;
    const averaged = await twin.call('validate_twin', {
      kind: 'encoding-pixel',
      data: 'macaque-v4-190923',
      protocol: 'half',
    });
    expect(averaged.value.ceiling).toBeNull();
    expect(averaged.value).not.toHaveProperty('r2er');
  });

  test('a twin of one half predicts the other half, as the same procedure did by itself', async () => {
    const options = { pooling: 'grid', lowpass: false };
    const data = 'macaque-v4-210325';
    const { value } = await built({ kind: 'encoding-ridge', data, part: 'first-half', options });
    expect(value.fittedOn).toEqual({ part: 'first-half', n: 320, of: 'stimuli' });
    const held = await twin.call('validate_twin', {
      twin: value.twin,
      data: 'macaque-v4-210325',
      protocol: 'heldout',
    });
    const half = await twin.call('validate_twin', {
      kind: 'encoding-ridge',
      data: 'macaque-v4-210325',
      protocol: 'half',
      options,
    });
    // 40 random halves give 0.456 ± 0.010 (sd); the half that content draws, 0.423, lies low among them. Floor: four sd.
    expect(held.value.median.pearson).toBeGreaterThan(0.456 - 4 * 0.01);
    // The network runs in single precision, the readout of `half` in double.
    expect(held.value.median.pearson).toBeCloseTo(half.value.median.pearson, 4);
  });

  test('same data, options and seed: same bytes', async () => {
    const args = {
      kind: 'encoding-ridge',
      data: 'macaque-v4-210325',
      part: 'first-half',
      options: { levels: 2 },
      seed: 3,
    };
    const [first, second] = [await twin.call('build_twin', args), await twin.call('build_twin', args)];
    expect(second.value).toEqual(first.value);
    const other = await twin.call('build_twin', { ...args, options: { levels: 3 } });
    expect(other.value.twin).not.toBe(first.value.twin);
    const run = { twin: first.value.twin, stimuli: [5, 3, 600] };
    const [a, b] = [await twin.call('run_twin', run), await twin.call('run_twin', run)];
    expect(b.value).toEqual(a.value);
    expect(a.value).toMatchObject({ shape: [50, 3] });
    expect(a.kind).toBe('predicted');
  });
});

describe.skipIf(!mirror)('a connectome twin of the worm against measured causal responses', () => {
  test('predicts them better than it does on shuffled wiring, and far from well', async () => {
    const worm = await built({ kind: 'linear-propagation', data: 'celegans-cook2019' });
    const { value, n } = await twin.call('validate_twin', {
      twin: worm.value.twin,
      data: 'celegans-causal-randi2023',
      protocol: 'heldout',
    });
    expect(value.domain).toBe('under perturbation');
    expect(value.pearson).toBeGreaterThan(0.05);
    expect(value.pearson).toBeLessThan(0.16);
    expect(value.controlRange.high).toBeLessThan(value.ci.low);
    expect(value.controlRange.n).toBe(20);
    expect(n).toEqual({ count: 155, of: 'stimulated neurons' });
    expect(value.ceiling).toBeNull();
    // Orientation on the withheld part of the same split: chemical weights 0.02, gap junctions 0.06.
    expect(value.comparisons.chemicalWeights).toBeCloseTo(0.02, 1);
    expect(value.comparisons.gapJunctionWeights).toBeCloseTo(0.06, 1);
    expect(value.byHops.map((group: { pairs: number }) => group.pairs)).toEqual([1928, 9811, 10570]);
    expect(value.connectionBlind.leaveOneOutMean.pearson).toBeLessThan(value.pearson);
    expect(value.repeatability.cited).toContain('0.16');
    expect(value.sureNames.neurons).toBe(142);
  });
});

describe('run, design and decide', () => {
  test('what happens when a neuron is stimulated', async () => {
    const { value } = await built({ kind: 'linear-propagation', data: 'celegans-cook2019' });
    const run = await twin.call('run_twin', { twin: value.twin, stimulate: ['AVAL'], limit: 3 });
    expect(run.kind).toBe('simulated');
    expect(run.value.strongest[0].neuron).toBe('AVAR');
    const wrong = await twin.fail('run_twin', { twin: value.twin, stimulate: ['AVAX'] });
    expect(wrong.message).toContain('AVAL');
  });

  test('the design ranks only stimuli that neither twin has seen', async () => {
    const [grid, global] = [await halved('grid'), await halved('global')];
    const { value } = await twin.call('design_experiment', { twins: [grid, global], count: 40 });
    expect(value).toMatchObject({ chosen: 40, candidates: 320 });
    expect(value.gainNats.best).toBeGreaterThan(value.gainNats.median);
    expect(value.gainNats.best).toBeLessThan(Math.log(2));
    expect(value.predictions.map((row: { twin: string }) => row.twin)).toEqual([grid, global]);
    const all = await built({ kind: 'encoding-pixel', data: 'macaque-v4-210325' });
    const none = await twin.fail('design_experiment', { twins: [grid, all.value.twin] });
    expect(none.message).toContain('every stimulus');
  });

  test('what a validity is worth, as Scannell & Bosley compute it', async () => {
    const { value } = await twin.call('value_decision', { validity: 0.5, prior: 0.001, candidates: 1000 });
    expect(value.bestIsGood).toBeCloseTo(0.048334, 5);
    expect(value.candidatesFactor).toBeCloseTo(11.46, 1);
  });
});

describe('what cannot be done is refused with the next step', () => {
  test.each([
    ['validate_twin', { twin: 'twin-0000000000000000', data: 'macaque-v4-210325', protocol: 'heldout' }, /No twin/],
    [
      'validate_twin',
      { kind: 'encoding-rigde', data: 'macaque-v4-210325', protocol: 'cv5' },
      /Did you mean encoding-ridge/,
    ],
    ['validate_twin', { data: 'macaque-v4-210325', protocol: 'cv5' }, /either twin or kind/],
    ['validate_twin', { kind: 'encoding-ridge', data: 'macaque-v4-210325', protocol: 'heldout' }, /twin that exists/],
    ['validate_twin', { kind: 'encoding-ridge', data: 'celegans-cook2019', protocol: 'cv5' }, /stimulus-response/],
    ['build_twin', { kind: 'encoding-ridge', data: 'macaque-v4-210326' }, /Did you mean macaque-v4-210325/],
    ['build_twin', { kind: 'encoding-ridge', data: 'macaque-v4-210325', options: { levels: 9 } }, /levels/],
    ['build_twin', { kind: 'encoding-ridge', data: 'macaque-v4-210325', options: { color: true } }, /colour/],
    ['build_twin', { kind: 'linear-propagation', data: 'macaque-v4-210325' }, /no table 'neurons'/],
    ['build_twin', { kind: 'linear-propagation', data: 'celegans-cook2019', options: { gain: 1 } }, /gain/],
    ['design_experiment', { twins: ['twin-0', 'twin-0'] }, /No twin/],
    ['value_decision', { validity: 1.5 }, /validity/],
  ] as const)('%s %j', async (tool, args, message) => {
    const error = await twin.fail(tool, args);
    expect(`${error.message} ${error.next ?? ''}`).toMatch(message);
  });

  test('a twin of all stimuli has nothing held out', async () => {
    const { value } = await built({ kind: 'encoding-pixel', data: 'macaque-v4-210325' });
    const error = await twin.fail('validate_twin', {
      twin: value.twin,
      data: 'macaque-v4-210325',
      protocol: 'heldout',
    });
    expect(error.next).toContain('first-half');
  });

  test('the trials of an experiment stay closed until a hypothesis was tested on them', async () => {
    const [grid, global] = [await halved('grid'), await halved('global')];
    const error = await twin.fail('design_experiment', {
      twins: [grid, global],
      experiment: 'exp-0000000000000000',
    });
    expect(error.message).toContain('No finished experiment');
  });
});
