import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { PointsModel } from './model.ts';

/** Clusters in a plane, as an embedding of cells has. */
export function sample(count = 2000): PointsModel {
  const random = makeRandom('points');
  const types = [
    'L2/3 IT',
    'L4/5 IT',
    'L6 CT',
    'Pvalb',
    'Sst',
    'Vip',
    'Lamp5',
    'Astro',
    'Oligo',
    'Micro',
    'Endo',
    'DG',
  ];
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const type = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const k = Math.floor(types.length * random.uniform() ** 1.6);
    const angle = (k / types.length) * 2 * Math.PI;
    const bend = random.normal();
    type[i] = k;
    x[i] = 9 * Math.cos(angle) + bend * 1.6 + random.normal() * 0.5;
    y[i] = 6 * Math.sin(angle) + bend * bend * 0.5 + random.normal() * 0.7;
  }
  const packed = (dtype: 'f4' | 'u1', data: Float32Array | Uint8Array) => ({
    dtype,
    shape: [count],
    bytes: new Uint8Array(data.buffer),
  });
  return {
    ...sampleCaption('Cells of the mouse cortex, UMAP of expression', { n: { count, of: 'cells' } }),
    x: packed('f4', x),
    y: packed('f4', y),
    axes: { x: { label: 'UMAP 1' }, y: { label: 'UMAP 2' } },
    category: { name: 'subclass', names: types, values: packed('u1', type) },
    names: { lines: Array.from({ length: count }, (_, i) => `cell ${i}`).join('\n') },
  };
}
