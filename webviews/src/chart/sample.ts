import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { ChartModel } from './model.ts';

/** Dots of five types on logarithmic axes. */
export function sample(): ChartModel {
  const random = makeRandom('chart');
  const types = ['KC', 'MBON', 'DAN', 'PN', 'LHN'];
  return {
    ...sampleCaption('Input and output synapses by cell type', { n: { count: 300, of: 'neurons' } }),
    spec: {
      marks: [
        { mark: 'dot', x: 'inputs', y: 'outputs', colour: 'type', symbol: 'type' },
        { mark: 'rule', axis: 'y', at: 100, label: 'threshold' },
      ],
      x: { label: 'Input', unit: 'synapses', type: 'log' },
      y: { label: 'Output', unit: 'synapses', type: 'log' },
    },
    rows: Array.from({ length: 300 }, (_, i) => {
      const type = types[i % 5];
      const inputs = Math.exp(3 + (i % 5) * 0.6 + 0.5 * random.normal());
      return { type, inputs: i === 7 ? null : inputs, outputs: inputs * Math.exp(0.4 * random.normal()) };
    }),
  };
}
