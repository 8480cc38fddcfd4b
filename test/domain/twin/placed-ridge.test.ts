import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { fitPlacedRidge, mustFit } from '../../../mcp-servers/twin/src/encoding/placed-ridge.ts';
import { fitRidge, predictRidge, type RidgeInput } from '../../../mcp-servers/twin/src/encoding/ridge.ts';

const stimuli = 120;
const cells = 49;
const train = Int32Array.from({ length: 80 }, (_, i) => i);
const tested = Int32Array.from({ length: 40 }, (_, i) => 80 + i);

/** Two bands over places, noise beside one informative cell each: neuron 0 looks at the upper left, neuron 1 at the lower right. */
function recording(): RidgeInput {
  const random = makeRandom('placed');
  const band = (name: string, channels: number) => ({
    name,
    cells,
    width: channels * cells,
    features: Float32Array.from({ length: stimuli * channels * cells }, () => random.normal()),
  });
  const bands = [band('outer', 3), band('inner', 6)];
  const responses = new Float64Array(2 * stimuli);
  for (const [neuron, place] of [8, 40].entries())
    for (let i = 0; i < stimuli; i++) {
      for (let channel = 0; channel < 6; channel++)
        responses[neuron * stimuli + i] += bands[1].features[i * bands[1].width + channel * cells + place];
      responses[neuron * stimuli + i] += 5 + random.normal();
    }
  return { bands, responses, neurons: 2, stimuli };
}

const correlations = (input: RidgeInput, predictions: ArrayLike<number>) =>
  [0, 1].map((neuron) =>
    pearson(
      Float64Array.from(tested, (_, i) => predictions[neuron * tested.length + i]),
      Float64Array.from(tested, (row) => input.responses[neuron * stimuli + row]),
    ),
  );

describe('a ridge readout with a place per neuron', () => {
  test('finds where a neuron looks, which a readout of all places at once does not', async () => {
    const input = recording();
    const placed = correlations(input, await predictRidge(await fitPlacedRidge(input, train), input.bands, tested));
    const whole = correlations(input, await predictRidge(await fitRidge(input, train), input.bands, tested));
    for (const neuron of [0, 1]) expect(placed[neuron]).toBeGreaterThan(whole[neuron] + 0.05);
  });

  test('is the same to the last bit whatever the tested stimuli look like and were answered with', async () => {
    const input = recording();
    const other = recording();
    const random = makeRandom('others');
    for (const row of tested) {
      for (const { features, width } of other.bands)
        for (let f = 0; f < width; f++) features[row * width + f] = 100 * random.normal();
      for (const neuron of [0, 1]) other.responses[neuron * stimuli + row] = 1000 * random.normal();
    }
    expect(await fitPlacedRidge(other, train)).toEqual(await fitPlacedRidge(input, train));
  });

  test('expects about the error on new stimuli that it makes on them', async () => {
    const input = recording();
    const model = await fitPlacedRidge(input, train);
    const predictions = await predictRidge(model, input.bands, tested);
    for (const neuron of [0, 1]) {
      let squares = 0;
      for (const [i, row] of tested.entries())
        squares += (predictions[neuron * tested.length + i] - input.responses[neuron * stimuli + row]) ** 2;
      expect(model.leftOutError[neuron] / (squares / tested.length)).toBeGreaterThan(0.5);
      expect(model.leftOutError[neuron] / (squares / tested.length)).toBeLessThan(1.6);
    }
  });

  test('fits a neuron on the stimuli that it was measured on, and none with fewer than ten', async () => {
    const input = recording();
    for (let row = 0; row < 30; row++) input.responses[row] = Number.NaN;
    for (let row = 0; row < 75; row++) input.responses[stimuli + row] = Number.NaN;
    const model = await fitPlacedRidge(input, train);
    expect([...model.intercept].map(Number.isFinite)).toEqual([true, false]);
  });

  test('hears a cancel', async () => {
    await expect(fitPlacedRidge(recording(), train, { signal: AbortSignal.abort() })).rejects.toThrow(/Cancelled/);
  });
});

test('more stimuli than memory holds kernels of are refused with how many fit, before anything is computed', () => {
  const bands = [{ cells: 49 }, { cells: 16 }, {}];
  // 17 windows of 3 bands and 49 places, 4 bytes, 1.8 times at the peak.
  const bytes = 4 * 1.8 * (17 * 3 + 49) * 1000 ** 2;
  expect(() => mustFit(1000, bands, bytes)).not.toThrow();
  expect(() => mustFit(1001, bands, bytes)).toThrow(/1001 stimuli; .* enough for 1000/);
});
