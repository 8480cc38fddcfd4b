import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import {
  computeFeatures,
  encodingNetwork,
  type FeatureOptions,
} from '../../../mcp-servers/twin/src/encoding/features.ts';
import { efficientNetLite0 } from '../../../mcp-servers/twin/src/encoding/network.ts';
import { fitRidge } from '../../../mcp-servers/twin/src/encoding/ridge.ts';
import { openImageGradient } from '../../../mcp-servers/twin/src/onnx/image-gradient.ts';
import { noiseImages } from '../../fixtures/recording.ts';

const side = 20;
const count = 24;
const gabor: FeatureOptions = {
  levels: 3,
  orientations: 4,
  local: true,
  pooled: true,
  compress: 'both',
  lowpass: [14],
  colour: true,
};

/** A twin of two neurons: one is drawn to the upper left corner, one away from red. */
async function twinOf(options: FeatureOptions) {
  const images = { data: noiseImages(count, 'gradient', side), count, height: side, width: side };
  const responses = new Float64Array(2 * count);
  const signal = new AbortController().signal;
  for (let i = 0; i < count; i++) {
    const own = images.data.subarray(i * side * side * 3, (i + 1) * side * side * 3);
    responses[i] = own.subarray(0, side * 9).reduce((sum, value) => sum + value, 0) / 1000;
    responses[count + i] = -own.filter((_, at) => at % 3 === 0).reduce((sum, value) => sum + value, 0) / 10_000;
  }
  const bands = await computeFeatures(images, options, signal, () => {});
  const rows = [...Array(count).keys()];
  const readout = await fitRidge({ bands, responses, neurons: 2, stimuli: count }, rows, { signal });
  return { model: await encodingNetwork(options, readout), images };
}

describe.each([
  ['Gabor energies and colours', gabor],
  ['layers of EfficientNet-Lite0', { ...gabor, levels: 0, lowpass: [], network: efficientNetLite0 }],
])('a twin on %s', (_, options) => {
  test('says what a small change of an image does to its responses', async () => {
    const { model, images } = await twinOf(options);
    const opened = await openImageGradient(model, { count: 2, height: side, width: side });
    const size = side * side * 3;
    const shown = Float32Array.from(images.data.subarray(0, 2 * size));
    const weights = Float32Array.of(1, 0.5, -2, 1);
    const { responses, gradient } = await opened.at(shown, weights);
    const total = (given: Float32Array) => given.reduce((sum, value, i) => sum + value * weights[i], 0);
    const random = makeRandom('directions');
    const length = Math.hypot(...gradient);
    for (let k = 0; k < 3; k++) {
      // Half of the pixels, each by as much as it matters: a response in single precision shows no smaller change.
      const direction = gradient.map((value) => (random.uniform() < 0.5 ? (value / length) * Math.sqrt(size) : 0));
      const step = 0.5;
      const moved = (by: number) =>
        opened.at(
          shown.map((value, i) => value + by * direction[i]),
          weights,
        );
      const difference = (total((await moved(step)).responses) - total((await moved(-step)).responses)) / (2 * step);
      const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      expect(Math.abs(slope - difference) / Math.abs(slope)).toBeLessThan(0.02);
    }
    expect(Math.hypot(...gradient)).toBeGreaterThan(0);
    expect(responses.length).toBe(4);
    await opened.close();
  });
});
