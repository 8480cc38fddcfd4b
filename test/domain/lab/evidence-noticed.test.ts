import { readOrder } from '@bregma/core/experiment/order';
import { statesOf } from '@bregma/core/hypothesis/status';
import { parseNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureContrast } from '../../../mcp-servers/lab/src/domain/measure-contrast.ts';
import { openRecording } from '../../../mcp-servers/lab/src/domain/recording.ts';
import { supportOf, weightsBetween } from '../../../mcp-servers/twin/src/causal/anatomy.ts';
import { logRatios } from '../../../mcp-servers/twin/src/design/discriminate.ts';
import { simulate } from '../../fixtures/error-rates.ts';
import { type Laboratory, laboratory } from '../../tools/lab/laboratory.ts';

test('the ceiling of a test is what the tuning reaches with the means of its repeats, at each number of them', async () => {
  const prediction = { id: 'p', metric: 'r', direction: 'greater' as const, size: 0, between: ['twin'] };
  for (const repeats of [2, 8]) {
    const world = { neurons: 5, units: 300, rho: [0.9], repeats: () => repeats };
    const { details } = await measureContrast(simulate(world, makeRandom(repeats)), prediction, [1]);
    // Tuning of variance 1; noise of variance 0.5² + 0.5² in each presentation.
    expect(Math.abs(Number(details.noiseCeiling) - Math.sqrt(1 / (1 + 0.5 / repeats)))).toBeLessThan(0.03);
  }
});

describe('a recording of images', () => {
  let lab: Laboratory;
  beforeAll(() => {
    lab = laboratory();
  });
  afterAll(() => lab.close());

  test('is read whole: neuron 3 at image 3 as any other', () => {
    const { responses, neurons, stimuli, slots } = openRecording(lab.subject, lab.workspace);
    const stored = lab.workspace.ledger.list('dataset')[0].body.arrays.find(({ name }) => name === 'responses');
    expect([neurons, stimuli, slots]).toEqual(stored?.shape);
    const { data } = parseNpy(lab.workspace.objects.get(stored?.object ?? ''));
    expect(Array.from(responses)).toEqual(Array.from(data, Number));
  });

  test.each([
    ['shows a stimulus too seldom', [10, 11]],
    ['shows a stimulus too often', [10, 11, 11, 11]],
    ['shows another one', [10, 11, 12]],
  ])('an order that %s is not the plan’s, and nothing is run by it', (_, order) => {
    const object = lab.workspace.objects.put(JSON.stringify(order), 'application/json');
    const design = { stimuli: [10, 11], repeats: [1, 2], trials: order.length, order: object };
    const plan = { id: 'plan-1', content: { design } } as unknown as Parameters<typeof readOrder>[0];
    expect(() => readOrder(plan, lab.workspace)).toThrow('does not show its stimuli as often as it says');
  });
});

describe('the status of a hypothesis with two predictions', () => {
  const frozen = [
    {
      subject: 'h',
      body: { id: 'h', state: 'frozen', content: { predictions: [{ id: 'a' }, { id: 'b' }], claim: '' } },
    },
  ] as unknown as Parameters<typeof statesOf>[0];
  const stateAfter = (...results: [prediction: string, verdict: string][]) =>
    statesOf(
      frozen,
      results.map(([prediction, verdict]) => ({ phase: 'result', hypothesis: 'h', prediction, verdict })) as Parameters<
        typeof statesOf
      >[1],
    ).get('h');

  test.each<[string, [string, string][]]>([
    [
      'supported',
      [
        ['a', 'supported'],
        ['b', 'supported'],
      ],
    ],
    [
      'inconclusive',
      [
        ['a', 'supported'],
        ['b', 'inconclusive'],
      ],
    ],
    ['inconclusive', [['a', 'supported']]],
    [
      'refuted',
      [
        ['a', 'supported'],
        ['b', 'refuted'],
      ],
    ],
    [
      'refuted',
      [
        ['a', 'supported'],
        ['a', 'refuted'],
        ['b', 'refuted'],
      ],
    ],
    [
      'contradictory',
      [
        ['a', 'supported'],
        ['a', 'refuted'],
        ['b', 'supported'],
      ],
    ],
  ])('is %s after %j', (state, results) => {
    expect(stateAfter(...results)).toBe(state);
  });
});

test('a draft that was written down again as an edit of itself is a draft', () => {
  // SAFETY: as above.
  const again = [
    { subject: 'h', body: { id: 'h', state: 'draft', replaces: 'h', content: { predictions: [] } } },
  ] as unknown as Parameters<typeof statesOf>[0];
  expect(statesOf(again, []).get('h')).toBe('draft');
});

test('one trial that was not measured is passed over: those after it count as they did', () => {
  const rivals = {
    neurons: 1,
    stimuli: 3,
    first: Float64Array.of(1, 1, 1),
    second: Float64Array.of(0, 0, 0),
    variance: [1],
  };
  const pool = (middle: number) =>
    new Map([1, middle, 2].map((response, stimulus) => [stimulus, [Float64Array.of(response)]]));
  // (y² − (y − 1)²) / 2 = y − ½ each.
  expect([...logRatios(rivals, 0, [0, 1, 2], pool(Number.NaN))]).toEqual([0.5, 2]);
  expect([...logRatios(rivals, 0, [0, 1, 2], pool(0))]).toEqual([0.5, 0, 1.5]);
});

describe('anatomy', () => {
  test('a pair in two layers has the smaller penalty, whichever layer comes first, and gap junctions both ways', () => {
    const layer = (name: 'electrical' | 'neuropeptide') => ({ name, pre: Int32Array.of(0), post: Int32Array.of(1) });
    const electrical = layer('electrical');
    const slow = layer('neuropeptide');
    for (const anatomy of [
      [electrical, slow],
      [slow, electrical],
    ]) {
      const { pre, post, penalty } = supportOf(anatomy, 2, 'anatomy', '');
      expect([[...post], [...pre], [...penalty]]).toEqual([
        [0, 1],
        [1, 0],
        [1, 1],
      ]);
    }
  });

  test('weights of chemical and electrical connections are never added up', () => {
    const connectome = {
      neurons: ['A', 'B'],
      pre: Int32Array.of(0, 0),
      post: Int32Array.of(1, 1),
      electrical: Uint8Array.of(0, 1),
      weight: Float64Array.of(10, 3),
    } as unknown as Parameters<typeof weightsBetween>[0];
    expect([...weightsBetween(connectome, 'chemical')]).toEqual([0, 0, 10, 0]);
    expect([...weightsBetween(connectome, 'electrical')]).toEqual([0, 3, 3, 0]);
  });
});
