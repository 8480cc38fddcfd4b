import { existsSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import { loadRows, storeWiring, wantColumns } from '../read/wiring.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** A wiring diagram of one's own: edges(pre, post, weight, kind?, sign?) and, if there are any, neurons(id, name?, cell_type?, transmitter?…). */
export const connectome: FileFormat = {
  name: 'connectome',
  title: 'Neurons and the connections between them',
  extensions: [],
  options: ['neurons', 'edges', 'unit'],
  async read(_path, options, kit) {
    const edges = fileOption(options, 'edges', kit);
    const neurons = options.neurons === undefined ? undefined : fileOption(options, 'neurons', kit);
    const wires = await loadRows('raw_edges', edges, kit);
    wantColumns(edges, wires, ['pre', 'post', 'weight']);
    await kit.duck.run(
      `CREATE OR REPLACE TABLE wires AS SELECT * REPLACE (${['pre', 'post'].map(asText).join(', ')}) FROM raw_edges`,
    );
    if (neurons) {
      const cells = await loadRows('raw_neurons', neurons, kit);
      wantColumns(neurons, cells, ['id']);
      await kit.duck.run(`CREATE OR REPLACE TABLE cells AS SELECT * REPLACE (${asText('id')}) FROM raw_neurons`);
    } else {
      await kit.duck.run(
        'CREATE OR REPLACE TABLE cells AS SELECT id FROM (SELECT pre AS id FROM wires UNION SELECT post FROM wires) ORDER BY id',
      );
    }
    const unit = typeof options.unit === 'string' ? options.unit : 'synapses';
    const tables = await storeWiring(kit, unit, {
      edges: path.basename(edges),
      neurons: neurons ? path.basename(neurons) : path.basename(edges),
    });
    const warnings = neurons ? [] : ['There is no table of neurons: cell types and transmitters are not known.'];
    return { shape: 'connectome', tables, arrays: [], warnings, files: neurons ? [edges, neurons] : [edges] };
  },
};

const asText = (column: string) => `trim(${identifier(column)}::VARCHAR) AS ${identifier(column)}`;

function fileOption(options: Record<string, unknown>, name: string, kit: FormatKit): string {
  const value = options[name];
  if (typeof value !== 'string' || value === '')
    throw new BregmaError('bad-input', `connectome needs options.${name}: a CSV or Parquet file.`, {
      next: 'Pass options {"edges": "edges.csv", "neurons": "neurons.csv"}: edges(pre, post, weight), neurons(id, cell_type, transmitter).',
    });
  const file = kit.resolve(value);
  if (existsSync(file)) return file;
  throw new BregmaError('missing', `options.${name}: there is no file at ${file}.`, {
    next: 'Paths start at the workspace.',
  });
}
