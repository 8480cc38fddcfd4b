import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MatrixModel } from '@bregma/core/contracts/views/matrix';
import { root } from '../fixtures/client.ts';

/** Models of real data that lie in the repository. */
const larva = path.join(root, 'datasets/drosophila-larva-winding2023');

/** The brain of the fly larva (Winding 2023): who sends how many synapses to whom. */
export function matrixModel(): MatrixModel {
  const [head, ...lines] = readFileSync(path.join(larva, 'meta_data.csv'), 'utf8').trim().split('\n').map(fields);
  const [name, group, inPaper] = ['name', 'simple_group', 'brain_and_inputs'].map((column) => head.indexOf(column));
  const neurons = lines.filter((line) => line[inPaper] === 'True');
  const place = new Map(neurons.map(([id], i) => [id, i]));
  const edges = readFileSync(path.join(larva, 'G_edgelist.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([pre, post]) => place.has(pre) && place.has(post));
  const side = {
    names: neurons.map((line) => line[name]),
    ids: neurons.map(([id]) => id),
    types: neurons.map((line) => line[group] || 'unknown'),
  };
  return {
    title: 'Connections of the larval brain',
    kind: 'measured',
    n: { count: neurons.length, of: 'neurons' },
    release: ['drosophila-larva-winding2023@2023'],
    cite: ['Winding, Pedigo et al. 2023, Science 379:eadd9330'],
    licence: ['MIT (repository), CC BY 4.0 (paper)'],
    activity: 'act-0123456789abcdef',
    rows: { of: 'presynaptic neuron', ...side },
    columns: { of: 'postsynaptic neuron', ...side },
    value: { label: 'Connection', unit: 'synapses' },
    sparse: {
      row: edges.map(([pre]) => place.get(pre)!),
      column: edges.map(([, post]) => place.get(post)!),
      values: edges.map(([, , weight]) => Number(weight)),
      absent: 'zero',
    },
    scale: 'log',
  };
}

/** Fields of a line of CSV, without their quotes. */
function fields(line: string): string[] {
  return Array.from(`,${line}`.matchAll(/,(?:"([^"]*)"|([^,]*))/g), ([, quoted, bare]) => quoted ?? bare);
}
