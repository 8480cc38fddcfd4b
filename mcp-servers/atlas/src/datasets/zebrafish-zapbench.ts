import path from 'node:path';
import { readContainer } from '../read/read-container.ts';
import { openZarr } from '../read/zarr/open-zarr.ts';
import type { DatasetAdapter } from './adapter.ts';

const volumes = 'https://storage.googleapis.com/zapbench-release/volumes/20240930';
/** Time steps, neurons and stimulus features of the release, and where its conditions begin (google-research/zapbench, constants.py). */
const [steps, neurons, features] = [7879, 71721, 26];
const offsets = [0, 649, 2422, 3078, 3735, 5047, 5638, 6623, 7279, 7879];
const conditions = ['gain', 'dots', 'flash', 'taxis', 'turning', 'position', 'open loop', 'rotation', 'dark'];
const heldOut = 'taxis';

/** Activity of nearly all neurons of a larval fish under visual stimuli. */
export const zebrafishZapbench: DatasetAdapter = {
  id: 'zebrafish-zapbench',
  release: '20240930',
  shape: 'tables',
  card: {
    title: 'ZAPBench: activity of 71,721 neurons of a larval zebrafish in nine visual conditions',
    description:
      'Zebrafish: calcium traces of a whole brain over 7,879 time steps, the stimulus at each, and the conditions with the one that the benchmark holds out.',
    species: 'Danio rerio',
    modality: 'light-sheet calcium imaging',
    kind: 'measured',
    doi: '10.48550/arXiv.2503.02618',
    cite: ['Lueckmann et al. 2025, ICLR (ZAPBench)'],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: [
      'Without its array of traces nothing is added; where a chunk is not there, its values are the fill value, and that is said.',
      'The benchmark takes 10% of a condition for validation and 20% for testing, and holds taxis out.',
    ],
  },
  keywords: ['whole brain', 'calcium', 'prediction benchmark', 'optic tectum', 'visual stimuli', 'light-sheet'],
  files: [],
  brought: [
    { name: 'traces/**', origin: `${volumes}/traces/ (Zarr 3)` },
    { name: 'stimuli_features/**', origin: `${volumes}/stimuli_features/ (Zarr 2)`, optional: true },
  ],
  async ingest(file, kit, names) {
    const warnings: string[] = [];
    const arrays = [];
    for (const { name, axes, shape, unit } of [
      { name: 'traces', axes: ['time', 'neuron'], shape: [steps, neurons], unit: 'ΔF/F' },
      { name: 'stimuli_features', axes: ['time', 'feature'], shape: [steps, features], unit: undefined },
    ]) {
      const one = names.find((brought) => brought.startsWith(`${name}/`));
      if (one === undefined) continue;
      const folder = path.join(file(one).slice(0, -one.length), name);
      const parts = await readContainer(openZarr(folder, kit.signal), {}, kit, async (collect) => {
        const node = collect.tree.container.nodes.find(
          ({ kind, shape: sizes }) => kind === 'array' && sizes?.length === 2,
        );
        if (node && node.shape?.join() !== shape.join())
          warnings.push(`${name} is [${node.shape}], the published one [${shape}]: these are other files.`);
        if (node) await collect.array(node, name, { axes, unit });
        return { shape: 'tables' };
      });
      arrays.push(...parts.arrays);
      warnings.push(...parts.warnings);
    }
    await kit.duck.make('conditions', {
      position: Int32Array.from(conditions.keys()),
      condition: conditions,
      from_step: Int32Array.from(offsets.slice(0, -1)),
      to_step: Int32Array.from(offsets.slice(1)),
    });
    const table = await kit.duck.table(
      `SELECT *, condition = '${heldOut}' AS held_out FROM conditions ORDER BY position`,
      {
        name: 'conditions',
        description: 'Conditions of the recording, by time step',
        columns: { to_step: { description: 'the first step that is no longer of it' } },
      },
    );
    return { tables: [table], arrays, warnings };
  },
};
