import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readRegular } from '../read/regular-file.ts';
import { parseSwc } from '../read/space/swc-nodes.ts';
import type { FileFormat } from './format.ts';

const largestSwc = 500e6;

/** Skeletons of neurons: nodes with a radius, each with the node before it (Cannon et al. 1998, J Neurosci Methods 84:49). */
export const swc: FileFormat = {
  name: 'swc',
  title: 'SWC skeleton',
  extensions: ['.swc'],
  options: ['unit', 'space'],
  async read(file, options, kit) {
    const name = path.basename(file);
    const { unit, space } = options;
    for (const [option, value] of Object.entries({ unit, space }))
      if (value !== undefined && (typeof value !== 'string' || value === ''))
        throw new BregmaError('bad-input', `options.${option} is no text.`, {
          next: 'Say it as text: {"unit": "um", "space": "JRC2018F"}.',
        });
    const { nodes, comments, roots, backwards } = parseSwc(readRegular(file, largestSwc).toString('utf8'), name);
    await kit.duck.make('nodes', nodes);
    const lengths = typeof unit === 'string' ? unit : 'not stated';
    const table = await kit.duck.table("SELECT * REPLACE (nullif(parent, '-1') AS parent) FROM nodes", {
      name: 'nodes',
      description: `A node of the skeleton each, with the node before it; type: 1 soma, 2 axon, 3 dendrite, 4 apical dendrite.${comments ? ` The file says: ${comments}` : ''}`,
      columns: { x: { unit: lengths }, y: { unit: lengths }, z: { unit: lengths }, radius: { unit: lengths } },
    });
    return {
      shape: 'tables',
      tables: [table],
      arrays: [],
      warnings: [
        ...(unit === undefined
          ? ['The unit of its lengths is not stated (SWC has µm by habit, connectomes voxels). Option: unit.']
          : []),
        ...(roots > 1 ? [`It has ${roots} roots: pieces that are not joined.`] : []),
        ...(backwards > 0 ? [`${backwards} nodes come before the node that they follow.`] : []),
      ],
      card: {
        modality: 'skeleton of a neuron',
        coordinateSpace: {
          name: typeof space === 'string' ? space : 'not stated',
          axes: 'x, y, z of the file',
          unit: lengths,
        },
      },
    };
  },
};
