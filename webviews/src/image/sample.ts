import { sampleCaption } from '../kit/sample-caption.ts';
import type { ImageModel } from './model.ts';

/** Receptive fields as Gabor patches, one with a corner that was not measured. */
export function sample(): ImageModel {
  const size = 32;
  return {
    ...sampleCaption('Receptive fields', { n: { count: 12, of: 'neurons' } }),
    scale: 'diverging',
    unit: 'spikes/s a unit of contrast',
    pixelSize: { size: 0.25, unit: '°' },
    images: Array.from({ length: 12 }, (_, k) => {
      const values = new Float32Array(size * size);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const [u, v] = [(x - size / 2) / 6, (y - size / 2) / 6];
          const turned = u * Math.cos(k * 0.26) + v * Math.sin(k * 0.26);
          values[y * size + x] =
            k === 3 && x < 8 && y < 8 ? Number.NaN : 4 * Math.exp(-(u * u + v * v) / 2) * Math.cos(3 * turned + k);
        }
      return {
        label: `neuron ${k + 1}`,
        values: { dtype: 'f4' as const, shape: [size, size], bytes: new Uint8Array(values.buffer) },
      };
    }),
  };
}
