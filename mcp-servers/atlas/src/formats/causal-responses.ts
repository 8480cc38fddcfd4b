import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { withDecimals } from '@bregma/core/numbers';
import { identifier } from '@bregma/readers/sql-text';
import { blanksOf } from '../read/check-wiring.ts';
import { fileOptionNames, fileOptions } from '../read/file-options.ts';
import { responsesOf } from '../read/responses.ts';
import { trimmed } from '../read/trimmed.ts';
import { loadRows } from '../read/wiring.ts';
import { findWiringColumns } from '../read/wiring-columns.ts';
import type { FileFormat } from './format.ts';

/** Responses of neurons to the stimulation of each of them, and the neurons' names. */
export const causalResponses: FileFormat = {
  name: 'causal-responses',
  title: 'Responses of neurons to the stimulation of single neurons',
  extensions: [],
  options: ['responses', 'neurons', 'unit', 'columns', ...fileOptionNames],
  async read(_path, options, kit) {
    const responsesFile = kit.resolve(wanted(options, 'responses', 'an NPY of [responding × stimulated]'));
    const neuronsFile = kit.resolve(
      wanted(options, 'neurons', 'a CSV with the column name, in the order of both axes'),
    );
    const name = path.basename(responsesFile);
    const { shape, data } = parseNpy(readAll(responsesFile), name);
    if (shape.length !== 2 || shape[0] !== shape[1] || shape[0] === 0)
      throw new BregmaError(
        'bad-input',
        `${name} has the shape [${shape}]; responses are square, [responding × stimulated].`,
        {
          next: 'Write a row and a column for every neuron, NaN where a pair was not measured.',
        },
      );
    const responses = responsesOf(data, shape, name);
    const n = shape[0];
    const loaded = await loadRows('listed', neuronsFile, kit, fileOptions(options, 'neurons', ['neurons']));
    const given = typeof options.columns === 'object' ? { ...options.columns } : {};
    const found = findWiringColumns(neuronsFile, loaded.columns, ['name', 'id'], given);
    const column = found.of.name ?? found.of.id;
    if (column === undefined)
      throw new BregmaError(
        'bad-input',
        `${path.basename(neuronsFile)} has no column 'name'; it has ${loaded.columns.slice(0, 30).join(', ')}.`,
        {
          next: 'Write a CSV with the header name, one neuron a line; or say which column it is: options {"columns": {"name": "…"}}.',
        },
      );
    const blanks = await blanksOf('listed', path.basename(neuronsFile), [column], kit);
    const trimmedName = trimmed(`${identifier(column)}::VARCHAR`);
    const table = '(SELECT row_number() OVER () - 1 AS position, * FROM listed)';
    const rows = await kit.duck.rows(`SELECT ${trimmedName} AS name FROM ${table} ORDER BY position`);
    const names = rows.map((row) => String(row.name ?? ''));
    const repeated = names.find((neuron, i) => names.indexOf(neuron) !== i);
    if (names.length !== n || names.includes('') || repeated !== undefined)
      throw new BregmaError(
        'bad-input',
        names.length !== n
          ? `${path.basename(neuronsFile)} names ${names.length} neurons, ${name} has ${n}.`
          : `${path.basename(neuronsFile)} ${repeated ? `names ${repeated} twice` : 'leaves a neuron without a name'}.`,
        { next: 'Name every row of the responses once, in their order.' },
      );
    let measured = 0;
    for (let at = 0; at < responses.length; at++)
      if (Math.floor(at / n) !== at % n && !Number.isNaN(responses[at])) measured++;
    if (measured === 0)
      throw new BregmaError('bad-input', `${name} holds no measured response of a neuron to another one.`);
    const share = 1 - measured / Math.max(1, n * n - n);
    return {
      shape: 'causal-responses',
      tables: [
        {
          ...(await kit.duck.table(
            `SELECT ${trimmedName} AS id, ${trimmedName} AS name, position FROM ${table} ORDER BY position`,
            {
              name: 'neurons',
              description: 'Order of both axes of responses',
            },
          )),
          decisions: loaded.decisions,
        },
      ],
      arrays: [
        {
          name: 'responses',
          description: 'NaN: the pair was not measured; the diagonal is the stimulated neuron itself',
          object: kit.objects.put(writeNpy({ data: responses, shape }), 'application/x-npy').object,
          dtype: 'f8',
          shape,
          axes: ['responding', 'stimulated'],
          unit: typeof options.unit === 'string' ? options.unit : undefined,
        },
      ],
      warnings: [
        ...(share > 0 ? [`${withDecimals(100 * share, 1)} % of the pairs were not measured (NaN).`] : []),
        ...loaded.doubts,
        ...blanks,
        ...(column === 'name' ? [] : [`${path.basename(neuronsFile)}: ${column} is taken for name. Option: columns.`]),
      ],
      files: [responsesFile, neuronsFile],
    };
  },
};

function wanted(options: Record<string, unknown>, name: string, what: string): string {
  const value = options[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new BregmaError('bad-input', `causal-responses needs options.${name}: ${what}.`);
}

function readAll(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new BregmaError('missing', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      next: 'Check the path; relative ones start at the workspace.',
    });
  }
}
