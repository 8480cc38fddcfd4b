import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { packsOf } from '../../../mcp-servers/twin/src/encoding/feature-cache.ts';
import {
  computeFeatures,
  encodingNetwork,
  type FeatureOptions,
  type ImageStack,
  runEncodingNetwork,
} from '../../../mcp-servers/twin/src/encoding/features.ts';
import { fitRidge, predictRidge } from '../../../mcp-servers/twin/src/encoding/ridge.ts';

const side = 112;
const signal = new AbortController().signal;
const quiet = () => {};
const base: FeatureOptions = {
  levels: 4,
  orientations: 4,
  local: true,
  pooled: true,
  compress: 'root',
  lowpass: [14],
  colour: false,
};

/** A stack of images from brightness (0 to 1) at x, y. */
function stack(...images: ((x: number, y: number) => number | [number, number, number])[]): ImageStack {
  const data = new Uint8Array(images.length * side * side * 3);
  images.forEach((image, i) => {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const value = image(x, y);
        const rgb = typeof value === 'number' ? [value, value, value] : value;
        rgb.forEach((channel, c) => {
          data[((i * side + y) * side + x) * 3 + c] = Math.round(255 * channel);
        });
      }
    }
  });
  return { data, count: images.length, height: side, width: side };
}

const grating = (period: number, degrees: number) => (x: number, y: number) => {
  const angle = (degrees * Math.PI) / 180;
  return 0.5 + 0.4 * Math.cos((2 * Math.PI * (x * Math.cos(angle) + y * Math.sin(angle))) / period);
};
const band = async (images: ImageStack, name: string, options = base) => {
  const found = (await computeFeatures(images, options, signal, quiet)).find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no band ${name}`);
  return found;
};
const largest = (values: Float32Array) => values.indexOf(Math.max(...values));

describe('Gabor energy', () => {
  test.each([
    [4, 0, 0],
    [4, 90, 0],
    [8, 45, 1],
    [16, 135, 2],
    [32, 0, 3],
  ])(
    'a grating of period %i px at %i° drives the filter of its level and orientation most',
    async (period, degrees, level) => {
      const { features } = await band(stack(grating(period, degrees)), 'luminance pooled energy');
      expect(largest(features)).toBe(level * base.orientations + degrees / 45);
    },
  );

  test('does not care where in its period a grating stands', async () => {
    const shifted = (x: number, y: number) => grating(8, 0)(x + 3, y);
    const { features, width } = await band(stack(grating(8, 0), shifted), 'luminance pooled energy');
    const best = largest(features.subarray(0, width));
    expect(features[width + best] / features[best]).toBeCloseTo(1, 1);
  });

  test('knows where a patch is, and the pooled energy does not', async () => {
    const patch = (cx: number, cy: number) => (x: number, y: number) =>
      Math.abs(x - cx) < 8 && Math.abs(y - cy) < 8 ? grating(4, 0)(x, y) : 0.5;
    const images = stack(patch(24, 24), patch(88, 72));
    const local = await band(images, 'luminance local energy');
    const cell = (image: number) => largest(local.features.subarray(image * local.width, image * local.width + 49));
    expect([cell(0), cell(1)]).toEqual([1 * 7 + 1, 4 * 7 + 5]);
    const pooled = await band(images, 'luminance pooled energy');
    expect(pooled.features[pooled.width]).toBeCloseTo(pooled.features[0], 2);
  });

  test('is nothing on a uniform image of any brightness', async () => {
    const { features } = await band(
      stack(
        () => 0.2,
        () => 0.9,
      ),
      'luminance local energy',
    );
    expect(Math.max(...features)).toBeLessThan(1e-3);
  });

  test('sees colour only in its colour channels, and only when asked to', async () => {
    const red = (x: number): [number, number, number] => (Math.floor(x / 8) % 2 ? [0.8, 0.2, 0.5] : [0.2, 0.8, 0.5]);
    const options = { ...base, colour: true };
    const luminance = await band(stack(red), 'luminance pooled energy', options);
    const opponent = await band(stack(red), 'red–green pooled energy', options);
    expect(Math.max(...opponent.features)).toBeGreaterThan(20 * Math.max(...luminance.features));
    expect((await computeFeatures(stack(red), base, signal, quiet)).some(({ name }) => name.startsWith('red'))).toBe(
      false,
    );
  });

  test('images of another size are resampled, and the low-pass image keeps their brightness', async () => {
    const small: ImageStack = { data: new Uint8Array(56 * 80 * 3).fill(128), count: 1, height: 56, width: 80 };
    const { features, width } = await band(small, 'luminance low-pass 14 × 14');
    expect(width).toBe(196);
    for (const value of features) expect(value).toBeCloseTo(128 / 255, 5);
  });
});

test('the network of a twin predicts what features and readout predict', async () => {
  const random = makeRandom(9);
  const images: ImageStack = {
    data: Uint8Array.from({ length: 40 * side * side * 3 }, () => random.integer(256)),
    count: 40,
    height: side,
    width: side,
  };
  const bands = await computeFeatures(images, base, signal, quiet);
  const responses = Float64Array.from({ length: 2 * 40 }, random.normal);
  const rows = Int32Array.from({ length: 30 }, (_, i) => i);
  const readout = await fitRidge({ bands, responses, neurons: 2, stimuli: 40 }, rows);
  const expected = await predictRidge(
    readout,
    bands,
    Int32Array.from({ length: 40 }, (_, i) => i),
  );
  const seen: number[] = [];
  const predicted = await runEncodingNetwork(await encodingNetwork(base, readout), images, signal, (done) =>
    seen.push(done),
  );
  expect(predicted).toHaveLength(80);
  predicted.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  expect(seen).toEqual([32, 40]);
});

test('features that are too large for one file are kept in several, and none is lost', () => {
  const images = Array.from({ length: 7 }, (_, i) => `image ${i}`);
  const band = (name: string, width: number) => ({
    ...{ name, width },
    features: Float32Array.from({ length: 7 * width }, (_, at) => at),
  });
  const bands = [band('a', 3), band('b', 2)];
  // Five numbers of four bytes an image: two images in 40 bytes.
  const parts = packsOf(bands, images, 59);
  expect(parts.map((part) => part.images.length)).toEqual([2, 2, 2, 1]);
  expect(parts.flatMap((part) => part.images)).toEqual(images);
  for (const k of [0, 1]) expect(parts.flatMap((part) => [...part.bands[k].features])).toEqual([...bands[k].features]);
  expect(packsOf(bands, images, 1)).toHaveLength(7);
  expect(packsOf(bands, images)).toHaveLength(1);
});
