import type { Frame } from '@bregma/core/contracts/dataset';
import { writeNpy } from '@bregma/core/npy';
import { loadTable } from '../read/load-table.ts';
import { nrrdValues } from '../read/space/nrrd-data.ts';
import { longestNrrdHeader, nrrdHeader } from '../read/space/nrrd-header.ts';
import { storedBytes } from '../read/space/stored-bytes.ts';
import type { DatasetAdapter } from './adapter.ts';

/**
 * Coordinates of the Allen institute (help.brain-map.org, "API: 3-D reference models"): mm from the corner, x to the back, y down,
 * z to the right. The file itself names another space. The midline is the middle of its 11.4 mm.
 */
const frameOf = (voxelMm: number): Frame => ({
  space: 'CCFv3',
  axes: 'PIR',
  unit: 'mm',
  origin: 'the front upper left corner of the volume',
  affine: [0, 1, 2].map((row) => [...[0, 1, 2].map((axis) => (axis === row ? voxelMm : 0)), voxelMm / 2]),
  dims: [0, 1, 2],
  midline: 5.7,
});

/** Reads the volume of a resolution, and the tree. */
const ingestOf =
  (volume: string, um: number): DatasetAdapter['ingest'] =>
  async (file, kit) => {
    const source = file(volume);
    const bytes = storedBytes(source, kit.signal, { asStored: true });
    const { data, dtype, shape } = await nrrdValues(
      source,
      nrrdHeader(await bytes.head(longestNrrdHeader), bytes.name),
      kit,
    );
    const { object } = kit.objects.put(writeNpy({ data, shape }), 'application/x-npy');
    await loadTable('tree', file('structure_tree_safe_2017.csv'), { missing: [''] }, kit);
    const structures = await kit.duck.table(
      `SELECT id::VARCHAR AS id, acronym, name, parent_structure_id::VARCHAR AS parent, structure_id_path AS path, depth, graph_order, color_hex_triplet AS colour FROM tree ORDER BY graph_order`,
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
          dtype,
          shape,
          axes: ['ap', 'dv', 'lr'],
          unit: `voxel of ${um} µm`,
          frame: frameOf(um / 1000),
        },
      ],
    };
  };

/** The resolution that is pinned. */
const packed: DatasetAdapter = {
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
      axes: 'anterior→posterior, superior→inferior, left→right; origin: the front upper left corner',
      unit: 'voxel of 50 µm',
    },
    exposure: 'public',
  },
  terms: 'Allen Institute Terms of Use: non-commercial use with citation (https://alleninstitute.org/terms-of-use).',
  keywords: [
    'hippocampus',
    'cortex',
    'visual cortex V1 VISp',
    'thalamus',
    'hypothalamus',
    'striatum',
    'cerebellum',
    'midbrain',
    'hindbrain',
    'brainstem',
    'olfactory bulb',
    'amygdala',
    'structures ontology',
  ],
  published: [
    {
      what: 'structures of the tree',
      says: [{ value: 1327, source: 'Allen Institute, structure tree of 2017' }],
      sql: 'SELECT count(*) FROM this.structures',
    },
  ],
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
  ingest: ingestOf('annotation.nrrd', 50),
};

const archive = 'https://download.alleninstitute.org/informatics-archive/current-release/mouse_ccf/annotation/ccf_2017';

/** Another resolution: the file of the Allen institute, which the person downloads. um: side of a voxel. */
function adapterOf(um: number): DatasetAdapter {
  return {
    ...packed,
    id: `mouse-ccfv3-${um}um`,
    card: {
      ...packed.card,
      title: `Allen mouse brain CCFv3, annotation at ${um} µm, and structure tree`,
      description: `A structure id for every voxel of ${um} µm, and the tree of 1,327 structures.`,
      coordinateSpace: {
        name: 'CCFv3',
        axes: 'anterior→posterior, superior→inferior, left→right; origin: the front upper left corner',
        unit: `voxel of ${um} µm`,
      },
    },
    files: packed.files.filter(({ path }) => path.endsWith('.csv')),
    brought: [{ name: `annotation_${um}.nrrd`, origin: `${archive}/annotation_${um}.nrrd` }],
    ingest: ingestOf(`annotation_${um}.nrrd`, um),
  };
}

/** The Allen common coordinate framework: which structure lies where. One resolution is pinned, the others are brought. */
export const mouseCcfv3: DatasetAdapter[] = [packed, adapterOf(10), adapterOf(25), adapterOf(100)];
