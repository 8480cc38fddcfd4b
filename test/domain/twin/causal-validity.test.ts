import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { hopsBetween, restrict, supportOf } from '../../../mcp-servers/twin/src/causal/anatomy.ts';
import { jackknife } from '../../../mcp-servers/twin/src/causal/jackknife.ts';
import {
  leftRightAgreement,
  mirrorOf,
  prepareStimulations,
  stimulatedNeurons,
} from '../../../mcp-servers/twin/src/causal/stimulations.ts';
import {
  advantage,
  byHops,
  causalValidity,
  testedColumns,
  withoutConnections,
} from '../../../mcp-servers/twin/src/causal/validity.ts';
import { simulateWorm } from '../../fixtures/simulated-worm.ts';

const none = Number.NaN;

/** A chain a → b → c with a gap junction c–d and nothing to e. */
const chain = {
  neurons: ['a', 'b', 'c', 'd', 'e', 'muscle'],
  pre: Int32Array.of(0, 1, 2, 0),
  post: Int32Array.of(1, 2, 3, 5),
  electrical: Uint8Array.of(0, 0, 1, 0),
};

describe('anatomy', () => {
  test('counts hops along synapses, and both ways along gap junctions', () => {
    const hops = hopsBetween(chain);
    const from = (pre: number, post: number) => hops[post * 6 + pre];
    expect([from(0, 1), from(0, 2), from(0, 3), from(3, 2)]).toEqual([1, 2, 3, 1]);
    expect([from(1, 0), from(0, 4)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test('restricted to recorded neurons, allows what it has and nothing else', () => {
    const names = ['d', 'c', 'b', 'a'];
    const support = supportOf(restrict(chain, names), 4, 'anatomy', '');
    const pairs = Array.from(support.pre, (pre, i) => `${names[pre]}→${names[support.post[i]]}`).sort();
    expect(pairs).toEqual(['a→b', 'b→c', 'c→d', 'd→c']);
    expect(supportOf(restrict(chain, names), 4, 'none', '').pre.length).toBe(0);
    expect(supportOf(restrict(chain, names), 4, 'all', '').pre.length).toBe(12);
  });

  test('shuffled, keeps how many partners a neuron has, and changes who they are', () => {
    const worm = simulateWorm({ pairs: 30 });
    const pre = Int32Array.from(worm.edges, (edge) => edge.pre);
    const post = Int32Array.from(worm.edges, (edge) => edge.post);
    const degrees = (list: Int32Array) => {
      const counts = new Array<number>(60).fill(0);
      for (const i of list) counts[i]++;
      return counts;
    };
    for (const name of ['chemical', 'electrical'] as const) {
      const real = supportOf([{ name, pre, post }], 60, 'anatomy', '');
      const shuffled = supportOf([{ name, pre, post }], 60, 'shuffled', 'one');
      expect(shuffled.pre).not.toEqual(real.pre);
      if (name === 'chemical') {
        expect(degrees(shuffled.pre)).toEqual(degrees(real.pre));
        expect(degrees(shuffled.post)).toEqual(degrees(real.post));
      }
      expect(supportOf([{ name, pre, post }], 60, 'shuffled', 'one')).toEqual(shuffled);
      expect(supportOf([{ name, pre, post }], 60, 'shuffled', 'two')).not.toEqual(shuffled);
    }
  });
});

describe('preparing stimulations', () => {
  test('pairs left with right where both exist', () => {
    expect([...mirrorOf(['AVAL', 'AVAR', 'AVL', 'RID', 'RMDVL', 'RMDVR'])]).toEqual([1, 0, 2, 3, 5, 4]);
  });

  test('leaves out the stimulated neuron itself, what was not measured, and neurons never stimulated', () => {
    // Columns: a measured, b only on its own diagonal, c never.
    const responses = Float64Array.of(9, none, none, 1, 5, none, -2, none, none);
    const matrix = { names: ['a', 'b', 'c'], responses };
    expect(stimulatedNeurons(matrix)).toEqual([0]);
    const data = prepareStimulations(matrix, [0], { bilateral: false });
    expect([...data.counts]).toEqual([0, 1, 1]);
    expect(data.scale).toBeCloseTo(1.5, 12);
  });

  test('shrinks the means of neurons to nothing when they differ no more than noise does', () => {
    const random = makeRandom(5);
    const n = 40;
    const names = Array.from({ length: n }, (_, i) => `n${i}`);
    const noise = Float64Array.from({ length: n * n }, () => random.normal());
    const spread = (responses: Float64Array) => {
      const { offset } = prepareStimulations({ names, responses }, [...names.keys()], { bilateral: false });
      return Math.sqrt(offset.reduce((sum, value) => sum + value * value, 0) / n);
    };
    expect(spread(noise)).toBeLessThan(0.1);
    // A mean of its own for each neuron, of standard deviation 1, survives.
    const own = Array.from({ length: n }, () => random.normal());
    expect(spread(noise.map((value, at) => value + own[Math.floor(at / n)]))).toBeGreaterThan(0.7);
  });

  test('finds left and right alike in a network that is, and not in noise', () => {
    const worm = simulateWorm({ pairs: 20, noise: 0.01 });
    expect(leftRightAgreement(worm).pearson).toBeGreaterThan(0.7);
    const random = makeRandom(2);
    const noise = { ...worm, responses: worm.responses.map(() => random.normal()) };
    expect(Math.abs(leftRightAgreement(noise).pearson ?? 1)).toBeLessThan(0.15);
  });
});

describe('validity against causal responses', () => {
  const random = makeRandom(11);
  const n = 30;
  const names = Array.from({ length: n }, (_, i) => `n${i}`);
  const measured = Float64Array.from({ length: n * n }, () => (random.uniform() < 0.1 ? none : random.normal()));
  const predicted = measured.map((value) => (Number.isNaN(value) ? 0 : value) + 2 * random.normal());

  test('is the correlation over the pairs that were measured and predicted, off the diagonal', () => {
    const held = predicted.map((value, at) => (at % n < 10 ? none : value));
    const matched = { names, measured, predicted: held };
    const keep = [...measured.keys()].filter(
      (at) => at % n >= 10 && at % n !== Math.floor(at / n) && !Number.isNaN(measured[at]),
    );
    const validity = causalValidity(matched);
    const expected = pearson(
      keep.map((at) => held[at]),
      keep.map((at) => measured[at]),
    );
    expect(validity.pearson).toBeCloseTo(expected, 12);
    expect([validity.pairs, validity.stimulated]).toEqual([keep.length, 20]);
    expect(testedColumns(matched)[0]).toBe(10);
    expect(validity.ci.low).toBeLessThan(expected);
    expect(validity.ci.high).toBeGreaterThan(expected);
  });

  test('its advantage over another prediction is the difference of the two correlations, with an interval', () => {
    const matched = { names, measured, predicted };
    const worse = measured.map(() => random.normal());
    const found = advantage(matched, [worse]);
    const difference = causalValidity(matched).pearson - causalValidity({ ...matched, predicted: worse }).pearson;
    expect(found.difference).toBeCloseTo(difference, 10);
    expect(found.low).toBeGreaterThan(0);
    const same = advantage(matched, [predicted]);
    expect([same.difference, same.low, same.high]).toEqual([0, 0, 0]);
  });

  test('by hops, uses each pair once', () => {
    const hops = Float64Array.from({ length: n * n }, (_, at) => [1, 2, 3, 4, Number.POSITIVE_INFINITY][at % 5]);
    const groups = byHops({ names, measured, predicted }, hops);
    expect(groups.map((group) => group.hops)).toEqual(['1', '2', '3 or more', 'no way']);
    const total = groups.reduce((sum, group) => sum + group.pairs, 0);
    expect(total).toBe(causalValidity({ names, measured, predicted }).pairs);
  });

  test('without connections, a neuron is expected to do what it did at the other stimulations', () => {
    const tiny = { names: ['a', 'b', 'c', 'd'], measured: Float64Array.of(9, 1, 2, 6, ...new Array(12).fill(none)) };
    const out = withoutConnections(tiny);
    expect([...out.subarray(0, 4)]).toEqual([3, 4, 3.5, 1.5]);
    expect(Number.isNaN(out[5])).toBe(true);
  });
});

test('the jackknife of a mean is its standard error', () => {
  const random = makeRandom(1);
  const values = Array.from({ length: 10 }, () => random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / 10;
  const refits = values.map((value) => (10 * mean - value) / 9);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9;
  const { se, low, high } = jackknife(mean, refits);
  expect(se).toBeCloseTo(Math.sqrt(variance / 10), 12);
  expect([(high - mean) / se, (mean - low) / se].map((t) => t.toFixed(4))).toEqual(['2.2622', '2.2622']);
});
