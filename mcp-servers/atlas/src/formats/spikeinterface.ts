import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { Collect } from '../read/container/collect.ts';
import { type Container, Tree } from '../read/container/container.ts';
import { collectPlain } from '../read/container/plain.ts';
import { doubts, readTextTable, storeTable } from '../read/load-table.ts';
import { openNpyFolder } from '../read/numpy/npy-folder.ts';
import { collectChannels, collectSorting } from '../read/spikeinterface/collect.ts';
import { openTraces, type Traces } from '../read/spikeinterface/recording.ts';
import { settingsOf, wordsOf } from '../read/spikeinterface/settings.ts';
import { parseTableOptions } from '../read/table-options.ts';
import { isObject } from '../read/zarr/json.ts';
import type { FileFormat, FormatKit } from './format.ts';

const known = ['binary.json', 'numpysorting_info.json', 'spikeinterface_info.json', 'si_folder.json'];

/** What SpikeInterface saves: recordings as binary files, sortings, and analyzers with their extensions. */
export const spikeinterface: FileFormat = {
  name: 'spikeinterface',
  title: 'SpikeInterface folders',
  extensions: [],
  options: ['leave_out'],
  isFolder: (names) => names.some((name) => known.includes(name)),
  async read(folder, options, kit) {
    const binary = settingsOf(folder, 'binary.json');
    const inner = existsSync(path.join(folder, 'sorting', 'numpysorting_info.json')) ? '/sorting' : '';
    const info = settingsOf(path.join(folder, inner), 'numpysorting_info.json');
    if (!binary && !info)
      throw new BregmaError('bad-input', `${path.basename(folder)} holds neither traces nor a sorting that is read.`, {
        next: existsSync(path.join(folder, 'sorting_cached.npz'))
          ? 'Add its sorting_cached.npz, which holds the spikes.'
          : "Save it with format='binary', 'numpy_folder' or 'binary_folder'.",
      });
    const traces = binary && openTraces(folder, binary);
    const collect = new Collect(new Tree(joined(openNpyFolder(folder, { deep: true }), traces)), kit, options);
    const taken = new Set<string>();
    if (traces && binary) {
      for (const one of await collectTraces(collect, traces)) taken.add(one);
      const ids = channelIds(isObject(binary.kwargs) ? binary.kwargs.channel_ids : undefined, traces.channels);
      for (const one of await collectChannels(collect, ids, '', settingsOf(folder, 'probegroup.json'))) taken.add(one);
    }
    if (info) for (const one of await collectSorting(collect, inner, info, path.basename(folder))) taken.add(one);
    await collectRecordingInfo(collect, path.join(folder, 'recording_info'));
    await collectPlain(collect, taken, 'arrays');
    const tables = await extensionTables(folder, kit);
    const found = await collect.finish();
    return {
      shape: 'tables',
      ...found,
      tables: [...found.tables, ...tables.tables],
      warnings: [...found.warnings, ...tables.warnings],
      card: { modality: info ? 'sorted spikes (SpikeInterface)' : 'electrophysiology (SpikeInterface)' },
    };
  },
};

/** The arrays of a folder and its traces as one tree. */
function joined(arrays: Container, traces: Traces | undefined): Container {
  if (!traces) return arrays;
  const own = new Set(traces.container.nodes.map((node) => node.path));
  return {
    nodes: [...arrays.nodes, ...traces.container.nodes.slice(1)],
    bytes: arrays.bytes + traces.container.bytes,
    read: (one, start, count) => (own.has(one) ? traces.container : arrays).read(one, start, count),
    close() {},
  };
}

/** One array a segment, as it is stored. */
async function collectTraces(collect: Collect, { container, rateHz, isChannelFirst }: Traces): Promise<string[]> {
  const segments = container.nodes.filter(({ kind }) => kind === 'array');
  for (const node of segments)
    if (!collect.isLeftOut(node.path))
      await collect.array(node, segments.length === 1 ? 'traces' : node.path, {
        axes: isChannelFirst ? ['channel', 'time'] : ['time', 'channel'],
        unit: 'raw',
        description: `Traces as stored, at ${rateHz} Hz; µV = value · gain_to_uV + offset_to_uV of its channel.`,
      });
  collect.fact('binary.json', 'sampling_frequency', rateHz);
  return segments.map(({ path: one }) => one);
}

const channelIds = (said: unknown, channels: number) => {
  const ids = wordsOf(said);
  return ids.length === channels ? ids : Array.from({ length: channels }, (_, i) => String(i));
};

/** What an analyzer keeps of the recording that was sorted: its channels. */
async function collectRecordingInfo(collect: Collect, folder: string): Promise<void> {
  const said = settingsOf(folder, 'recording_attributes.json');
  if (!said) return;
  for (const name of ['sampling_frequency', 'num_channels', 'dtype'])
    if (typeof said[name] === 'string' || typeof said[name] === 'number')
      collect.fact('recording_info', name, said[name]);
  await collectChannels(collect, wordsOf(said.channel_ids), '/recording_info', settingsOf(folder, 'probegroup.json'));
}

/** Tables of an analyzer's extensions (quality and template metrics): extensions/NAME/FILE.csv. */
async function extensionTables(folder: string, kit: FormatKit): Promise<{ tables: Table[]; warnings: string[] }> {
  const tables: Table[] = [];
  const warnings: string[] = [];
  const place = path.join(folder, 'extensions');
  if (!existsSync(place)) return { tables, warnings };
  const files = readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.csv'))
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)))
    .sort();
  for (const file of files) {
    const typed = await readTextTable(path.join(place, file), parseTableOptions({}), kit);
    const name = file.slice(0, -4).replace(/[^A-Za-z0-9_]+/g, '_');
    tables.push(await storeTable(typed, name, kit));
    warnings.push(...doubts(typed.decisions).map((one) => `${file}: ${one}`));
  }
  return { tables, warnings };
}
