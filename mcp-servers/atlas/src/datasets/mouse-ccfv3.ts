import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import { readFileSql } from '@bregma/readers/sql-text';
import type { DatasetAdapter } from './adapter.ts';

/** The Allen common coordinate framework: which structure lies where. */
export const mouseCcfv3: DatasetAdapter = {
  id: 'mouse-ccfv3-50um',
  release: '2017',
  shape: 'volume',
  card: {
    title: 'Allen mouse brain CCFv3, annotation at 50 µm, and structure tree',
    description: 'A structure id for every voxel (670 labels), and the tree of 1,327 structures.',
    species: 'Mus musculus',
    modality: 'reference atlas',
    kind: 'derived',
    doi: '10.1016/j.cell.2020.04.007',
    cite: ['Wang et al. 2020, Cell 181:936'],
    licence: 'Allen Institute Terms of Use: non-commercial, with citation',
    licenceUrl: 'https://alleninstitute.org/terms-of-use',
    coordinateSpace: {
      name: 'CCFv3',
      axes: 'anterior→posterior, superior→inferior, left→right (asr origin)',
      unit: 'voxel of 50 µm',
    },
    exposure: 'public',
  },
  terms: 'Allen Institute Terms of Use: non-commercial use with citation (https://alleninstitute.org/terms-of-use).',
  files: [
    {
      path: 'mouse-ccfv3-50um/annotation.nrrd',
      bytes: 880845,
      sha256: '84e7cecea1b03af16e923c3639602b8324929f833425ba03582bf56f962ea0d4',
      origin:
        'https://raw.githubusercontent.com/aswendtlab/AIDAmri/ac9268f694e83126d1a80c5ef61053f307642a7f/ARA/annotation/annotation.nrrd',
    },
    {
      path: 'mouse-ccfv3-50um/structure_tree_safe_2017.csv',
      bytes: 224536,
      sha256: 'd4c7e752df7917b3588d1d6d7876990e042f0b10c26d79b541b18b0a903403a7',
      origin:
        'https://raw.githubusercontent.com/cortex-lab/allenCCF/0b4a1c8cdaa1ac65416b02f2091dde6c5cc3171f/structure_tree_safe_2017.csv',
    },
  ],
  async ingest(file, kit) {
    const { labels, shape } = readNrrd(readFileSync(file('annotation.nrrd')));
    const { object } = kit.objects.put(writeNpy({ data: labels, shape }), 'application/x-npy');
    const structures = await kit.duck.table(
      `SELECT id::VARCHAR AS id, acronym, name, parent_structure_id::VARCHAR AS parent, structure_id_path AS path, depth, graph_order, color_hex_triplet AS colour FROM ${readFileSql('csv', file('structure_tree_safe_2017.csv'), 'header = true')} ORDER BY graph_order`,
      {
        name: 'structures',
        columns: {
          path: { description: 'ids from the root down' },
          colour: { description: 'hexadecimal RGB of the atlas' },
        },
      },
    );
    return {
      tables: [structures],
      arrays: [
        {
          name: 'annotation',
          description: 'structure id of each voxel; 0 is outside',
          object,
          dtype: 'u4',
          shape,
          axes: ['ap', 'dv', 'lr'],
          unit: 'voxel of 50 µm',
        },
      ],
    };
  },
};

/** An NRRD 4 volume of gzipped little-endian uint32; NRRD's first axis varies fastest, the array's last does. */
function readNrrd(bytes: Buffer): { labels: Uint32Array; shape: number[] } {
  const end = bytes.indexOf('\n\n');
  const header = bytes.subarray(0, Math.max(0, end)).toString('latin1');
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(header)?.[1].trim();
  const sizes = field('sizes')?.split(/\s+/).map(Number) ?? [];
  if (
    !header.startsWith('NRRD') ||
    field('type') !== 'unsigned int' ||
    field('encoding') !== 'gzip' ||
    field('endian') !== 'little' ||
    sizes.length !== 3
  ) {
    throw new BregmaError(
      'corrupt',
      'annotation.nrrd is not the volume that it should be: gzipped little-endian unsigned int in three dimensions.',
    );
  }
  const raw = gunzipSync(bytes.subarray(end + 2));
  const source = new Uint32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
  const [a, b, c] = sizes;
  const labels = new Uint32Array(source.length);
  for (let k = 0, at = 0; k < c; k++)
    for (let j = 0; j < b; j++) for (let i = 0; i < a; i++) labels[(i * b + j) * c + k] = source[at++];
  return { labels, shape: sizes };
}
