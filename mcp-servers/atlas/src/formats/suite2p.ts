import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { Collect, numbersOf } from '../read/container/collect.ts';
import { type ContainerNode, Tree } from '../read/container/container.ts';
import { collectPlain } from '../read/container/plain.ts';
import { openNpyFolder } from '../read/numpy/npy-folder.ts';
import { readPickles } from '../read/numpy/suite2p-pickles.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Arrays of one row a ROI and one column a frame (suite2p, "Outputs"). */
const traces: Record<string, string> = {
  F: 'fluorescence of each ROI',
  Fneu: 'fluorescence of the neuropil around each ROI',
  spks: 'deconvolved traces',
  F_chan2: 'fluorescence in the second channel',
  Fneu_chan2: 'fluorescence of the neuropil in the second channel',
};

/** What suite2p writes: a folder with F.npy and iscell.npy, or one with a folder plane0, plane1, … for each plane. */
export const suite2p: FileFormat = {
  name: 'suite2p',
  title: 'suite2p folders',
  extensions: [],
  options: ['leave_out'],
  isFolder: (names) => names.includes('F.npy') || names.some((name) => /^plane\d+$/.test(name)),
  async read(folder, options, kit) {
    const planes = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^(plane\d+|combined)$/.test(entry.name))
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const places = planes.length > 0 ? planes : [''];
    const tables: Table[] = [];
    const arrays: DataArray[] = [];
    const warnings: string[] = [];
    for (const plane of places) {
      const found = await readPlane(path.join(folder, plane), places.length > 1 ? `${plane}_` : '', options, kit);
      tables.push(...found.tables);
      arrays.push(...found.arrays);
      warnings.push(...found.warnings);
    }
    return { shape: 'tables', tables, arrays, warnings, card: { modality: 'calcium imaging (suite2p)' } };
  },
};

async function readPlane(folder: string, prefix: string, options: Record<string, unknown>, kit: FormatKit) {
  const tree = new Tree(openNpyFolder(folder));
  const collect = new Collect(tree, kit, options);
  const shape = tree.array('/F')?.shape;
  if (shape?.length !== 2)
    throw new BregmaError('bad-input', `${path.basename(folder)} has no F.npy of ROIs by frames.`, {
      next: 'Give the folder that suite2p wrote: plane0, or the one above.',
    });
  const taken = new Set<string>();
  for (const [name, description] of Object.entries(traces)) {
    const node = tree.array(`/${name}`);
    if (!node || collect.isLeftOut(node.path)) continue;
    if (node.shape?.join() !== shape.join())
      throw new BregmaError('corrupt', `${name}.npy is [${node.shape}], F.npy [${shape}].`, {
        next: 'Copy the folder again: its files are of different runs.',
      });
    await collect.array(node, `${prefix}${name}`, { axes: ['roi', 'frame'], description });
    taken.add(node.path);
  }
  const isCell = tree.array('/iscell');
  if (isCell?.shape?.[0] === shape[0]) {
    await collectCells(collect, isCell, `${prefix}rois`);
    taken.add('/iscell');
  }
  const isPickled = (name: string) =>
    tree.container.nodes.some(({ kind, path: one }) => kind === 'broken' && one === `/${name}`) &&
    !collect.isLeftOut(`/${name}`);
  const pickled = ['stat', 'ops'].filter(isPickled);
  for (const name of pickled) taken.add(`/${name}`);
  await collectPlain(collect, taken, `${prefix}arrays`);
  const pickles = await readPickles(folder, prefix, pickled, kit);
  const { tables, arrays, warnings } = await collect.finish();
  return {
    tables: [...tables, ...pickles.tables],
    arrays: [...arrays, ...pickles.arrays],
    warnings: [...warnings, ...pickles.warnings],
  };
}

/** iscell.npy: whether a ROI is a cell, and with which probability. */
async function collectCells(collect: Collect, node: ContainerNode, name: string): Promise<void> {
  const rows = node.shape?.[0] ?? 0;
  const width = node.shape?.[1] ?? 1;
  await collect.table({
    name,
    description: 'ROIs of the arrays, counted from 0: whether each is a cell, and how probably (iscell.npy).',
    rows,
    step: 2 ** 20,
    columns: [
      { name: 'roi', type: 'INTEGER' },
      { name: 'is_cell', type: 'UTINYINT', cast: 'BOOLEAN' },
      ...(width > 1 ? [{ name: 'probability', type: 'DOUBLE' }] : []),
    ],
    batch: async (start, count) => {
      const values = numbersOf(await collect.tree.container.read(node.path, start, count));
      const column = (at: number) => Float64Array.from({ length: count }, (_, i) => Number(values[i * width + at]));
      return [
        Int32Array.from({ length: count }, (_, i) => start + i),
        Uint8Array.from(column(0)),
        ...(width > 1 ? [column(1)] : []),
      ];
    },
  });
}
