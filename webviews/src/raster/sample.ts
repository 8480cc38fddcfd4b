import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { RasterModel } from './model.ts';

/** Spikes of four groups, some neurons silent. */
export function sample(): RasterModel {
  const random = makeRandom('raster');
  const groups = ['L2/3 exc', 'L4 exc', 'PV', 'SST'];
  const count = 120;
  const trials = 8;
  const spikes: { t: number; neuron: number; trial: number }[] = [];
  const group = Array.from({ length: count }, (_, i) => groups[i < 50 ? 0 : i < 90 ? 1 : i < 108 ? 2 : 3]);
  for (let neuron = 0; neuron < count; neuron++) {
    const base = neuron % 17 === 5 ? 0 : group[neuron] === 'PV' ? 14 : 2 + 4 * random.uniform();
    const gain = base === 0 ? 0 : 25 * random.uniform();
    for (let trial = 0; trial < trials; trial++)
      for (let t = 0; t < 1000; t += 2) {
        const rate = base + (t > 300 && t < 700 ? gain * Math.exp(-(t - 300) / 150) : 0);
        if (random.uniform() < rate * 0.002) spikes.push({ t: t + random.uniform() * 2, neuron, trial });
      }
  }
  return {
    ...sampleCaption('Spikes around a grating', { n: { count, of: 'neurons' } }),
    durationMs: 1000,
    neurons: Array.from({ length: count }, (_, i) => `n${String(i).padStart(3, '0')}`),
    groups: group,
    timesMs: {
      dtype: 'f4',
      shape: [spikes.length],
      bytes: new Uint8Array(Float32Array.from(spikes, ({ t }) => t).buffer),
    },
    neuron: spikes.map(({ neuron }) => neuron),
    trial: spikes.map(({ trial }) => trial),
    trials,
    epochs: [{ label: 'grating', startMs: 300, endMs: 700 }],
  };
}
