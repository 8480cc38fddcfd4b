import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import type { SkeletonsModel } from '@bregma/webviews/skeletons/model';
import type { VolumeModel } from '@bregma/webviews/volume/model';
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

/** Where the Allen atlas lies, or undefined: its terms forbid a copy in the repository. */
export const ccfFolder = process.env.BREGMA_MIRROR && path.join(process.env.BREGMA_MIRROR, 'mouse-ccfv3-50um');

/** The mouse brain of the common coordinate framework (Wang 2020): a region for each voxel of 50 µm. */
export function volumeModel(): VolumeModel {
  if (!ccfFolder) throw new Error('Set BREGMA_MIRROR to a folder with mouse-ccfv3-50um.');
  const raw = readFileSync(path.join(ccfFolder, 'annotation.nrrd'));
  const voxels = gunzipSync(raw.subarray(raw.indexOf('\n\n') + 2));
  const ids = new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.byteLength / 4);
  const [head, ...lines] = readFileSync(path.join(ccfFolder, 'structure_tree_safe_2017.csv'), 'utf8')
    .trim()
    .split('\n')
    .map(fields);
  const column = (name: string) => head.indexOf(name);
  const regions = lines.map((line) => ({
    id: line[column('id')],
    acronym: line[column('acronym')],
    name: line[column('name')],
    parent: line[column('parent_structure_id')] || null,
    colour: line[column('color_hex_triplet')],
  }));
  const place = new Map(regions.map(({ id }, i) => [Number(id), i + 1]));
  // NRRD's first axis varies fastest: turned into [anterior × superior × left] in C order.
  const shape = [264, 160, 228];
  const labels = new Uint16Array(ids.length);
  let at = 0;
  for (let c = 0; c < shape[2]; c++)
    for (let b = 0; b < shape[1]; b++)
      for (let a = 0; a < shape[0]; a++) labels[(a * shape[1] + b) * shape[2] + c] = place.get(ids[at++]) ?? 0;
  return {
    title: 'Allen mouse brain, CCFv3',
    kind: 'derived',
    n: { count: 1675, of: 'mice averaged' },
    release: ['mouse-ccfv3-50um@2017'],
    cite: ['Wang et al. 2020, Cell 181:936'],
    licence: ['Allen Institute Terms of Use: non-commercial, with citation'],
    activity: 'act-0123456789abcdef',
    space: 'CCFv3',
    voxelUm: [50, 50, 50],
    labels: { dtype: 'u2', shape, bytes: new Uint8Array(gzipSync(new Uint8Array(labels.buffer))), encoding: 'gzip' },
    regions,
    at: [152, 60, 160],
  };
}

/** Where neurons of the fly's hemibrain lie as SWC files, or undefined. */
export const swcFolder = process.env.BREGMA_MIRROR && path.join(process.env.BREGMA_MIRROR, 'formats-zoo/swc');

/** Olfactory projection neurons of the fly, voxels of 8 nm. */
export function skeletonsModel(): SkeletonsModel {
  if (!swcFolder) throw new Error('Set BREGMA_MIRROR to a folder with formats-zoo/swc.');
  const folder = swcFolder;
  const ids = ['754534424', '754538881', '1734350908'];
  return {
    title: 'Projection neurons of the fly',
    kind: 'measured',
    n: { count: ids.length, of: 'neurons' },
    cite: ['Scheffer et al. 2020, eLife 9:e57443'],
    activity: 'act-0123456789abcdef',
    space: { name: 'hemibrain', unit: 'voxels of 8 nm' },
    neurons: ids.map((id) => ({ id, name: `neuron ${id}`, swc: readFileSync(path.join(folder, `${id}.swc`), 'utf8') })),
  };
}
