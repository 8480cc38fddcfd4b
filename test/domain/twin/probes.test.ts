import { describe, expect, test } from 'vitest';
import { type Canvas, type ProbeName, peakOf, probeNames } from '../../../mcp-servers/twin/src/probes/probe.ts';
import { makeProbe, tuningOf } from '../../../mcp-servers/twin/src/probes/tune.ts';

const canvas: Canvas = { height: 48, width: 48, mean: 128, amplitude: 100 };

/** Drawn once. */
const probes = new Map(probeNames.map((name) => [name, makeProbe(name, canvas)]));
const probeOf = (name: ProbeName) => probes.get(name) ?? makeProbe(name, canvas);

/** Responses of one neuron to all images of a probe. */
const answers = (name: ProbeName, neuron: (image: Uint8Array) => number, blank = 0) => {
  const probe = probeOf(name);
  const size = 48 * 48 * 3;
  const responses = Float64Array.from({ length: probe.images.count }, (_, i) =>
    neuron(probe.images.data.subarray(i * size, (i + 1) * size)),
  );
  return probe.describe(tuningOf(name, probe, responses, [blank]));
};

/** Energy of a pair of Gabor filters in the middle of the image: bars at an angle, cycles an image, width. */
function energy(image: Uint8Array, degrees: number, cycles: number, spread: number): number {
  let [even, odd] = [0, 0];
  const angle = (degrees * Math.PI) / 180;
  for (let row = 0; row < 48; row++)
    for (let column = 0; column < 48; column++) {
      const [x, y] = [(column + 0.5) / 48 - 0.5, 0.5 - (row + 0.5) / 48];
      const window = Math.exp(-(x * x + y * y) / (2 * spread ** 2));
      const phase = 2 * Math.PI * cycles * (x * Math.cos(angle) + y * Math.sin(angle));
      const light = image[3 * (row * 48 + column)] - 128;
      even += light * window * Math.cos(phase);
      odd += light * window * Math.sin(phase);
    }
  return Math.hypot(even, odd);
}

test.each([0, 30, 75, 120, 165])('a neuron drawn to bars at %i° prefers them, whatever their phase', (degrees) => {
  const { preferredOrientation, orientationSelectivity, preferredFrequency } = answers('gratings', (image) =>
    energy(image, degrees, 8, 0.15),
  );
  const off = Math.abs((((preferredOrientation ?? 0) - degrees + 270) % 180) - 90);
  expect(off).toBeLessThan(3);
  expect(orientationSelectivity).toBeGreaterThan(0.5);
  expect(preferredFrequency).toBe(8);
});

test('a neuron is found where it looks, as large as it is', () => {
  // A square of a third of a side, whose middle lies at (1/3, 2/3).
  const { x, y, diameter } = answers('position', (image) => {
    let sum = 0;
    for (let row = 24; row < 40; row++)
      for (let column = 8; column < 24; column++) sum += image[3 * (row * 48 + column)] - 128;
    return sum;
  });
  expect(x).toBeCloseTo(1 / 3, 1);
  expect(y).toBeCloseTo(2 / 3, 1);
  expect(diameter).toBeGreaterThan(0.2);
  expect(diameter).toBeLessThan(0.5);
});

test('the size that a neuron prefers is that of its centre, and a surround suppresses', () => {
  const centre = answers('size', (image) => energy(image, 0, 4, 0.08) - 0.5 * energy(image, 0, 4, 0.4));
  expect(centre.preferredDiameter).toBeLessThan(0.6);
  expect(centre.suppressionByLarger).toBeGreaterThan(0.1);
  const wide = answers('size', (image) => energy(image, 0, 4, 0.4));
  expect(wide.preferredDiameter).toBeGreaterThanOrEqual(0.8);
});

test('half of the response comes at the contrast at which it does', () => {
  // r = c / (c + 0.25): at the largest contrast 0.8; half way from that at 0.03 (0.107) is 0.4536, at c = 0.2075.
  const share = (image: Uint8Array) => image.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0) / 100;
  const { halfContrast } = answers('contrast', (image) => share(image) / (share(image) + 0.25));
  expect(halfContrast).toBeCloseTo(0.2075, 1);
});

test('an arc bulges to the side that it is said to', () => {
  const right = answers('curvature', (image) => {
    // Bright in the middle, and above and below of it to the left: an arc that bulges to the right.
    const at = (row: number, column: number) => image[3 * (row * 48 + column)];
    return at(24, 24) + at(15, 20) + at(33, 20);
  });
  expect(right).toEqual({ preferredDirection: 0, preferredCurvature: expect.any(Number) });
  expect(right.preferredCurvature).toBeGreaterThan(0);
});

describe.each(probeNames)('%s', (name) => {
  test('says nothing of a neuron that answers all alike, and nothing of one that is not known', () => {
    for (const value of [1, Number.NaN])
      for (const one of Object.values(answers(name, () => value, 1))) expect(one).toBeNull();
  });

  test('has as many images as its grid has places', () => {
    const { axes, repeats, images } = probeOf(name);
    expect(images.count).toBe(axes[0].values.length * axes[1].values.length * repeats);
    expect(images.data.length).toBe(images.count * 48 * 48 * 3);
  });
});

test('the peak of what does not vary is nowhere', () => {
  expect([peakOf([1, 1]), peakOf([1, 3, 2]), peakOf([1, Number.NaN])]).toEqual([-1, 1, -1]);
});
