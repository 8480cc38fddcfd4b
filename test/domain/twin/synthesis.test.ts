import { median } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../mcp-servers/twin/src/onnx/graph.ts';
import { ascend } from '../../../mcp-servers/twin/src/synthesis/ascend.ts';
import { shareBelow } from '../../../mcp-servers/twin/src/synthesis/drive.ts';
import {
  cosines,
  frequenciesOf,
  type ImageLimits,
  lengthOf,
  longest,
  noise,
  pixelsOf,
  spectrumOf,
} from '../../../mcp-servers/twin/src/synthesis/limits.ts';
import { recover, tells } from '../../../mcp-servers/twin/src/synthesis/recovery.ts';
import { apart, openSearch, weighted } from '../../../mcp-servers/twin/src/synthesis/search.ts';

const limits: ImageLimits = { height: 12, width: 10, mean: 128, contrast: 20, cutoff: 2.5, falloff: 0 };
const size = 12 * 10 * 3;
const watch = { signal: new AbortController().signal, progress: () => {} };

/** A twin of linear neurons. weights: [pixel × neuron] */
async function linearTwin(weights: Float32Array, neurons: number): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const images = graph.input('images', 'uint8', ['image', 12, 10, 3]);
  const flat = graph.node('Flatten', [graph.node('Cast', [images], { to: 1 })], { axis: 1 });
  graph.output('responses', graph.node('MatMul', [flat, graph.constant(weights, [size, neurons])]), 'float', [
    'image',
    neurons,
  ]);
  return graph.bytes('linear');
}

const drawn = (seed: string, count: number) => {
  const random = makeRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
};

/** The coefficients of an image within the limits, by the definition of the cosine transform. */
function coefficientsOf(image: ArrayLike<number>): Float32Array {
  const [rows, columns] = frequenciesOf(limits);
  const [vertical, horizontal] = [cosines(12, rows), cosines(10, columns)];
  const spectrum = spectrumOf(limits);
  return Float32Array.from({ length: 3 * rows * columns }, (_, at) => {
    const [channel, k, l] = [
      Math.floor(at / (rows * columns)),
      Math.floor((at % (rows * columns)) / columns),
      at % columns,
    ];
    if (spectrum[k * columns + l] === 0) return 0;
    let sum = 0;
    for (let y = 0; y < 12; y++)
      for (let x = 0; x < 10; x++)
        sum += image[(y * 10 + x) * 3 + channel] * vertical[k * 12 + y] * horizontal[l * 10 + x];
    return sum;
  });
}

describe('an image that excites a linear neuron most', () => {
  const weights = drawn('linear', size);
  test('is its weights within the limits, and found from every start', async () => {
    const search = await openSearch([await linearTwin(weights, 1)], limits, [3, 1], weighted);
    const start = { coefficients: noise(limits, 3, makeRandom('starts')), weights: Float32Array.of(1, 1, 1) };
    const { worth, grey } = await ascend(search, limits, start, 80, watch);
    await search.close();
    // Σ w·(mean + z) is largest where z lies along the weights' own coefficients, as long as it may be (Cauchy & Schwarz).
    const best =
      limits.mean * weights.reduce((sum, value) => sum + value, 0) +
      longest(limits) * lengthOf(coefficientsOf(weights));
    for (const one of worth)
      expect(Math.abs(one - best) / longest(limits) / lengthOf(coefficientsOf(weights))).toBeLessThan(0.01);
    expect(grey).toBe(false);
  });

  test('is grey for a neuron that sees no colour', async () => {
    const luminance = weights.map((_, at) => weights[at - (at % 3)]);
    const search = await openSearch([await linearTwin(luminance, 1)], limits, [1, 1], weighted);
    const start = { coefficients: noise(limits, 1, makeRandom('grey')), weights: Float32Array.of(1) };
    const { images, grey } = await ascend(search, limits, start, 20, watch);
    await search.close();
    expect(grey).toBe(true);
    images.forEach((value, at) => expect(value).toBe(images[at - (at % 3)]));
  });

  test('keeps mean, contrast and spectrum, as far as whole grey levels allow', async () => {
    const search = await openSearch([await linearTwin(weights, 1)], limits, [1, 1], weighted);
    const start = { coefficients: noise(limits, 1, makeRandom('kept')), weights: Float32Array.of(-1) };
    const { images } = await ascend(search, limits, start, 30, watch);
    await search.close();
    const centred = Float32Array.from(images, (value) => value - limits.mean);
    expect(Math.abs(centred.reduce((sum, value) => sum + value, 0) / size)).toBeLessThan(0.2);
    expect(lengthOf(centred)).toBeLessThanOrEqual(longest(limits) + 0.5 * Math.sqrt(size));
    const within = lengthOf(coefficientsOf(centred)) ** 2;
    // A rounded pixel is off by 1/12 of a squared grey level.
    expect(lengthOf(centred) ** 2 - within).toBeLessThan(size / 6);
  });
});

test('noise images have the largest contrast, no mean and nothing beyond the cutoff', () => {
  const images = pixelsOf(noise({ ...limits, falloff: 1 }, 4, makeRandom('noise')), limits);
  for (let i = 0; i < 4; i++) {
    const own = images.slice(i * size, (i + 1) * size);
    expect(Math.sqrt(own.reduce((sum, value) => sum + value * value, 0) / size)).toBeCloseTo(20, 3);
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 2);
    expect(lengthOf(coefficientsOf(own))).toBeCloseTo(lengthOf(own), 2);
  }
});

test('twins that differ in one direction are told apart along it', async () => {
  const shared = drawn('shared', size);
  const difference = drawn('difference', size);
  const twins = [
    await linearTwin(shared, 1),
    await linearTwin(
      shared.map((value, i) => value + difference[i]),
      1,
    ),
  ];
  const search = await openSearch(twins, limits, [2, 1], apart([4e6]));
  const start = { coefficients: noise(limits, 2, makeRandom('apart')), weights: Float32Array.of(1, 1) };
  const { worth } = await ascend(search, limits, start, 80, watch);
  await search.close();
  const offset = limits.mean * difference.reduce((sum, value) => sum + value, 0);
  const most = Math.abs(offset) + longest(limits) * lengthOf(coefficientsOf(difference));
  for (const one of worth) {
    expect(one).toBeLessThan(1 - Math.exp(-(most ** 2) / (8 * 4e6)) + 1e-5);
    expect(one).toBeGreaterThan(0.98 * (1 - Math.exp(-((0.99 * most) ** 2) / (8 * 4e6))));
  }
});

describe('model recovery', () => {
  const chosen = [0, 1];
  test('finds rivals that are far apart every time, and equal ones by chance', () => {
    const far = { first: [0, 0], second: [5, 5], images: 1, variance: [1, 1], chosen };
    expect(recover(far, 4, makeRandom('far')).confusion).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(tells(recover(far, 4, makeRandom('far')))).toBe(true);
    const same = { ...far, second: [0, 0] };
    expect(recover(same, 4, makeRandom('same')).confusion).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  test('is right as often as the distance says', () => {
    // d = 1 standard error: the ratio is right with probability Φ(d / 2) = 0.6915.
    const near = { first: [0], second: [0.5], images: 1, variance: [1], chosen: [0] };
    const { confusion, error } = recover(near, 4, makeRandom('near'));
    for (const share of [confusion[0][0], confusion[1][1]]) expect(Math.abs(share - 0.6915)).toBeLessThan(4 * error);
  });
});

test('a share below counts ties half', () => {
  expect(shareBelow([1, 2, 2, 3], 2)).toBe(0.5);
  expect(median([shareBelow([1], 2)])).toBe(1);
});
