import { packed } from '../kit/pack.ts';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { MatrixModel } from './model.ts';

/** Twelve neurons of three types; the pair of the first with itself is not measured. */
export function sample(): MatrixModel {
  const names = Array.from({ length: 12 }, (_, i) => `N${i + 1}`);
  const side = { names, types: names.map((_, i) => ['sensory', 'inter', 'motor'][Math.floor(i / 4)]) };
  const values = Float32Array.from({ length: 144 }, (_, at) => (at === 0 ? Number.NaN : (at * 7) % 23));
  return {
    ...sampleCaption('Connections', { n: { count: 12, of: 'neurons' } }),
    rows: { of: 'presynaptic neuron', ...side },
    columns: { of: 'postsynaptic neuron', ...side },
    value: { label: 'Connection', unit: 'synapses' },
    dense: packed(values, [12, 12]),
    scale: 'linear',
  };
}
