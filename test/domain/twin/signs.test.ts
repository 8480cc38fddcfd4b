import { describe, expect, test } from 'vitest';
import type { Connectome } from '../../../mcp-servers/twin/src/domain/connectome.ts';
import { signOfTransmitter } from '../../../mcp-servers/twin/src/domain/transmitter.ts';
import { shiu2024 } from '../../../mcp-servers/twin/src/spiking/lif.ts';
import {
  inUnit,
  signedNetwork,
  type WeightUnit,
  weightUnitOf,
} from '../../../mcp-servers/twin/src/spiking/signed-network.ts';
import {
  assignSigns,
  describeSigns,
  knownSigns,
  type SignChoice,
  shuffleSigns,
} from '../../../mcp-servers/twin/src/spiking/signs.ts';

function all<Result>(work: Generator<number, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Five neurons in a ring, the last of which sends nothing. */
function ring(more: Partial<Connectome> = {}): Connectome {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  return {
    neurons: ids,
    ids,
    types: ids.map(() => ''),
    signs: Int8Array.of(1, -1, 0, 0, 0),
    pre: Int32Array.of(0, 1, 2, 3),
    post: Int32Array.of(1, 2, 3, 4),
    weight: Float64Array.of(1, 2, 3, 4),
    electrical: new Uint8Array(4),
    ...more,
  };
}
const choice = (more: Partial<SignChoice>): SignChoice => ({
  from: 'table',
  minConfidence: 0,
  unknown: 'refuse',
  inhibitoryShare: 0.3,
  draws: 5,
  ...more,
});
const signsOf = (connectome: Connectome, given: SignChoice, seed = '0') =>
  assignSigns(connectome, all(knownSigns(connectome, given)), given, seed);
const predicted = { signs: Int8Array.of(-1, 0, -1, 1, 0), confidence: Float32Array.of(0.9, 0, 0.8, 0.4, 0) };

describe('an unknown sign is not an excitatory one', () => {
  test('table refuses, counts only neurons that send, and offers what there is', () => {
    expect(() => signsOf(ring(), choice({}))).toThrow(/no sign for 2 of 4 neurons that send/);
    expect(() => signsOf(ring({ predicted }), choice({}))).toThrow(
      expect.objectContaining({ next: expect.stringContaining('"from": "predicted"') }),
    );
  });

  test('predicted fills in what is confident enough; what is stated comes first', () => {
    const found = signsOf(ring({ predicted }), choice({ from: 'predicted' }));
    expect([...found.neurons.subarray(0, 4)]).toEqual([1, -1, -1, 1]);
    expect(found.from).toEqual({ stated: 2, predicted: 2, unknown: 0 });
    expect(() => signsOf(ring({ predicted }), choice({ from: 'predicted', minConfidence: 0.5 }))).toThrow(
      /confidence 0.5 or more no sign for 1 of 4/,
    );
  });

  test('assume says so in so many words, and which way', () => {
    const excitatory = choice({ from: 'assume', unknown: 'excitatory' });
    expect([...signsOf(ring(), excitatory).neurons.subarray(0, 4)]).toEqual([1, -1, 1, 1]);
    expect(describeSigns(all(knownSigns(ring(), excitatory)), excitatory)).toBe(
      '2 neurons as the data state; 2 unknown, assumed to be excitatory',
    );
    const inhibitory = choice({ from: 'assume', unknown: 'inhibitory' });
    expect([...signsOf(ring(), inhibitory).neurons.subarray(0, 4)]).toEqual([1, -1, -1, -1]);
  });

  test('sample draws the unknown with the share asked for, and never what is stated', () => {
    const sample = choice({ from: 'sample', unknown: 'sample', inhibitoryShare: 0.3 });
    let inhibitory = 0;
    const draws = 2000;
    for (let k = 0; k < draws; k++) {
      const { neurons } = signsOf(ring(), sample, String(k));
      expect([neurons[0], neurons[1]]).toEqual([1, -1]);
      inhibitory += Number(neurons[2] < 0) + Number(neurons[3] < 0);
    }
    // 4,000 draws of 0.3: within four standard errors.
    expect(Math.abs(inhibitory / (2 * draws) - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / (2 * draws)));
    expect(signsOf(ring(), sample, '7').neurons).toEqual(signsOf(ring(), sample, '7').neurons);
  });

  test('signs of connections come before signs of neurons, and need none', () => {
    const mixed = ring({ edgeSigns: Int8Array.of(-1, 1, -1, 1), signs: new Int8Array(5) });
    const found = signsOf(mixed, choice({}));
    const { synapses } = all(signedNetwork(mixed, found, { perSynapse: 1, largestError: 0, lost: 0 }));
    expect([...synapses].map((packed) => packed >> 18)).toEqual([-1, 2, -3, 4]);
  });
});

describe('exchanging signs', () => {
  test('keeps how many neurons inhibit', () => {
    const connectome = ring({ signs: Int8Array.of(1, -1, 1, 1, 0) });
    const signs = signsOf(connectome, choice({}));
    const seen = new Set<string>();
    for (let k = 0; k < 50; k++) {
      const shuffled = all(shuffleSigns(connectome, signs, String(k)));
      const senders = [...(shuffled?.neurons.subarray(0, 4) ?? [])];
      expect(senders.reduce((sum, sign) => sum + sign, 0)).toBe(2);
      seen.add(senders.join());
    }
    expect(seen.size).toBe(4);
  });

  test('is impossible when all are equal', () => {
    const connectome = ring({ signs: Int8Array.of(1, 1, 1, 1, 0) });
    expect(all(shuffleSigns(connectome, signsOf(connectome, choice({})), 'x'))).toBeUndefined();
    const edges = ring({ edgeSigns: Int8Array.of(-1, -1, -1, -1) });
    expect(all(shuffleSigns(edges, signsOf(edges, choice({})), 'x'))).toBeUndefined();
  });
});

describe('weights', () => {
  test('that are whole stay as they are', () => {
    expect(all(weightUnitOf(ring()))).toEqual({ perSynapse: 1, largestError: 0, lost: 0 });
  });

  test('that are not are counted in the finest fraction that fits, and the error is stated', () => {
    const weight = Float64Array.of(0.5, 100.25, 0.001, 3);
    const unit = all(weightUnitOf(ring({ weight })));
    expect(unit.perSynapse).toBe(Math.floor(8191 / 100.25));
    const errors = [...weight].map((one) => Math.abs(Math.round(one * unit.perSynapse) / unit.perSynapse - one));
    expect(unit.largestError).toBe(Math.max(...errors));
    expect(unit.largestError).toBeLessThan(0.5000001 / unit.perSynapse);
    expect(unit.lost).toBe(1);
  });

  test('in another unit keep the size of a synapse and of the drive in mV', () => {
    const unit: WeightUnit = { perSynapse: 81, largestError: 0.006, lost: 0 };
    const found = inUnit(shiu2024, unit);
    expect(found.weightMv * 81).toBeCloseTo(0.275, 12);
    expect(found.weightMv * found.driveSynapses).toBeCloseTo(0.275 * 250, 9);
  });

  test('beyond what one connection holds name both neurons', () => {
    expect(() => all(weightUnitOf(ring({ weight: Float64Array.of(1, 9000, 3, 4) })))).toThrow(
      'The connection b → c has the weight 9000; up to 8191 synapses fit one connection.',
    );
  });

  test('of electrical connections are not part of the model', () => {
    const mixed = ring({ electrical: Uint8Array.of(0, 1, 0, 1), signs: Int8Array.of(1, 0, -1, 0, 0) });
    const signs = signsOf(mixed, choice({}));
    expect(signs.from).toEqual({ stated: 2, predicted: 0, unknown: 0 });
    const { synapses } = all(signedNetwork(mixed, signs, { perSynapse: 1, largestError: 0, lost: 0 }));
    expect([...synapses].map((packed) => packed >> 18)).toEqual([1, -3]);
  });
});

test.each([
  ['ACH', 1],
  ['acetylcholine', 1],
  ['DA', 1],
  ['SER', 1],
  ['OCT', 1],
  ['GABA', -1],
  ['GLUT', -1],
  ['Glutamate', -1],
  ['histamine', -1],
  ['1', 1],
  ['-1', -1],
  ['', 0],
  [null, 0],
  ['unclear', 0],
  ['FLRFamide', 0],
])('the transmitter %s has the sign %i', (transmitter, sign) => {
  expect(signOfTransmitter(transmitter)).toBe(sign);
});
