import { readdirSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { Collect } from '../read/container/collect.ts';
import { type ContainerNode, Tree } from '../read/container/container.ts';
import { duckTypes } from '../read/container/flat.ts';
import { collectPlain, collectTable } from '../read/container/plain.ts';
import { doubts, readTextTable, storeTable } from '../read/load-table.ts';
import { openNpyFolder } from '../read/numpy/npy-folder.ts';
import { pythonValues } from '../read/numpy/python-values.ts';
import { readRegular } from '../read/regular-file.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Most bytes of a file of settings. */
const largestSettings = 1e6;
/** Arrays with one value a spike, and what their columns are called (phy, "Dataset description"). */
const ofSpikes: Record<string, string> = {
  spike_times: 'sample',
  spike_clusters: 'cluster_id',
  spike_templates: 'template',
  amplitudes: 'amplitude',
};

/** What Kilosort writes and Phy curates: a folder with params.py, spike_times.npy and the tables of clusters. */
export const phy: FileFormat = {
  name: 'phy',
  title: 'Phy and Kilosort folders',
  extensions: [],
  options: ['leave_out', 'rate'],
  isFolder: (names) => names.includes('spike_times.npy'),
  async read(folder, options, kit) {
    const tree = new Tree(openNpyFolder(folder));
    const collect = new Collect(tree, kit, options);
    const name = path.basename(folder);
    if (!tree.array('/spike_times'))
      throw new BregmaError('bad-input', `${name} has no spike_times.npy: it is no folder of Phy or Kilosort.`, {
        next: 'Give the folder that Kilosort wrote.',
      });
    const settings = settingsOf(folder);
    for (const [key, value] of Object.entries(settings)) collect.fact('params.py', key, value);
    const rateHz = Number(options.rate ?? settings.sample_rate);
    if (!(rateHz > 0))
      collect.warnings.push('Its params.py gives no sample_rate: times are in samples alone. Option: rate (Hz).');
    const taken = await collectSpikes(collect, rateHz);
    const channels = ['/channel_map', '/channel_shanks'].flatMap((one) => tree.array(one) ?? []);
    const same = channels.filter(({ shape }) => shape?.[0] === channels[0].shape?.[0]);
    if (same.length > 0) {
      await collectTable(collect, 'channels', same, 'Channels that were sorted, in their order.');
      for (const node of same) taken.add(node.path);
    }
    await collectPlain(collect, taken, 'arrays');
    const clusters = await clusterTables(folder, kit);
    const { tables, arrays, warnings } = await collect.finish();
    return {
      shape: 'tables',
      tables: [...tables, ...clusters.tables],
      arrays,
      warnings: [...warnings, ...clusters.warnings],
      card: { modality: 'sorted spikes (Phy)' },
    };
  },
};

function settingsOf(folder: string): Record<string, string> {
  if (!readdirSync(folder).includes('params.py')) return {};
  return pythonValues(readRegular(path.join(folder, 'params.py'), largestSettings).toString('utf8'));
}

/** One row a spike: its sample, its time where the rate is known, its cluster. Returns the arrays that were taken. */
async function collectSpikes(collect: Collect, rateHz: number): Promise<Set<string>> {
  const { tree } = collect;
  const found = Object.entries(ofSpikes).flatMap(([name, column]) => {
    const node = tree.array(`/${name}`);
    return node?.shape?.length === 1 ? [{ node, column }] : [];
  });
  const rows = found[0]?.node.shape?.[0] ?? 0;
  const wrong = found.find(({ node }) => node.shape?.[0] !== rows);
  if (found[0]?.column !== 'sample' || wrong)
    throw new BregmaError(
      'corrupt',
      `${wrong?.node.path.slice(1) ?? 'spike_times'}.npy has not one value for each of the ${rows} spikes.`,
      { next: 'Copy the folder again: its files are of different runs.' },
    );
  const types = found.map(({ node }) => duckType(node));
  await collect.table({
    name: 'spikes',
    description: `One spike a row.${rateHz > 0 ? ` time = sample / ${rateHz} Hz.` : ''}`,
    rows,
    step: 2 ** 20,
    columns: [
      ...(rateHz > 0 ? [{ name: 'time', type: 'DOUBLE' }] : []),
      ...found.map(({ column }, k) => ({ name: column, type: types[k] })),
    ],
    units: { time: { unit: 's' } },
    batch: async (start, count) => {
      const parts = [];
      for (const { node } of found) {
        const values = await tree.container.read(node.path, start, count);
        if (values.kind !== 'numbers') throw new Error('Numbers were asked for.');
        parts.push(values.data);
      }
      const [samples] = parts;
      return rateHz > 0
        ? [Float64Array.from({ length: samples.length }, (_, i) => Number(samples[i]) / rateHz), ...parts]
        : parts;
    },
  });
  return new Set(found.map(({ node }) => node.path));
}

const duckType = ({ type }: ContainerNode) => (type?.kind === 'scalar' ? duckTypes[type.scalar] : 'DOUBLE');

/** cluster_info.tsv, cluster_group.tsv and the like: one table each. */
async function clusterTables(folder: string, kit: FormatKit) {
  const tables = [];
  const warnings: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!/^cluster_\w+\.(tsv|csv)$/.test(name)) continue;
    const typed = await readTextTable(path.join(folder, name), parseTableOptions({ separator: '\t' }), kit);
    tables.push(await storeTable(typed, tableName(name), kit));
    warnings.push(...doubts(typed.decisions).map((one) => `${name}: ${one}`));
  }
  return { tables, warnings };
}
