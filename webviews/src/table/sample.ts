import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { TableModel } from './model.ts';

/** Ids that a JavaScript number would change, gaps, and text from the outside. */
export function sample(rows = 500): TableModel {
  const random = makeRandom('table');
  return {
    ...sampleCaption('Neurons of the fly brain', {
      n: { count: rows, of: 'rows' },
      completeness: { returned: rows, available: 139_255, of: 'rows' },
    }),
    columns: [
      { name: 'root_id', type: 'BIGINT', description: 'identifier of the neuron in FlyWire' },
      { name: 'cell_type', type: 'VARCHAR' },
      { name: 'side', type: 'VARCHAR' },
      { name: 'input_synapses', type: 'INTEGER', unit: 'synapses' },
      { name: 'cable_length', type: 'DOUBLE', unit: 'µm' },
      { name: 'transmitter', type: 'VARCHAR' },
    ],
    rows: Array.from({ length: rows }, (_, i) => [
      String(720575940620875399n + BigInt((i * 7919) % rows)),
      `T${1 + random.integer(5)}${'abcd'[random.integer(4)]}`,
      random.uniform() < 0.5 ? 'left' : 'right',
      random.uniform() < 0.04 ? null : random.integer(4000),
      random.uniform() < 0.02 ? null : 1200 * random.uniform() ** 2,
      random.uniform() < 0.1 ? null : ['acetylcholine', 'GABA', 'glutamate'][random.integer(3)],
    ]),
  };
}
