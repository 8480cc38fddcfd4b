import type { DataCard } from '@bregma/core/contracts/dataset';
import { type Collect, numbersOf } from '../container/collect.ts';
import { below, type ContainerNode, nameOf, type Tree, textAttribute } from '../container/container.ts';
import { collectPlain } from '../container/plain.ts';
import { collectDynamicTable } from './dynamic-table.ts';
import { isSeries, TimeSeries } from './time-series.ts';

/** Names under which tables are found where the NWB schema fixes their place. */
const fixedNames: Record<string, string> = {
  '/units': 'units',
  '/intervals/trials': 'trials',
  '/intervals/epochs': 'epochs',
  '/general/extracellular_ephys/electrodes': 'electrodes',
};

/** The version of the NWB schema, or undefined when a container is no NWB. */
export async function nwbVersion(tree: Tree): Promise<string | undefined> {
  const root = tree.node('/');
  const given = textAttribute(root, 'nwb_version');
  if (given !== undefined) return given;
  if (!tree.array('/nwb_version')) return undefined; // schema 1 has a data set
  const values = await tree.container.read('/nwb_version');
  return values.kind === 'texts' ? (values.data[0] ?? '') : undefined;
}

/** Stores what an NWB file holds: tables by their rows, time series, units of schema 1, and all else by its path. */
export async function collectNwb(collect: Collect, version: string): Promise<Partial<DataCard>> {
  const { tree } = collect;
  const taken = new Set(['/specifications']);
  const series = new TimeSeries(collect);
  // Names that SQL is written with are given first.
  const groups = tree.container.nodes.filter(({ kind }) => kind === 'group');
  const ordered = [...groups].sort((a, b) => Number(b.path in fixedNames) - Number(a.path in fixedNames));
  for (const group of ordered) {
    if ([...taken].some((path) => group.path.startsWith(`${path}/`)) || collect.isLeftOut(group.path)) continue;
    if (Object.hasOwn(group.attributes, 'colnames')) {
      await collectDynamicTable(collect, group, fixedNames[group.path] ?? collectedName(group.path));
      for (const child of tree.children(group.path)) if (child.kind === 'array') taken.add(child.path);
    } else if (isSeries(collect, group)) {
      for (const path of await series.add(group)) taken.add(path);
    } else if (tree.array(below(group.path, 'unit_list'))) await collectOldUnits(collect, group, taken);
  }
  await series.finish();
  if (tree.group('/epochs')) await collectOldEpochs(collect, taken);
  sayNamespaces(collect);
  await collectPlain(collect, taken, 'nwb');
  return cardOf(tree, version);
}

const collectedName = (path: string) => path.replace(/^\/(processing|intervals|general|acquisition)\//, '/');

/** UnitTimes of schema 1: a group a unit, each with its spike times. */
async function collectOldUnits(collect: Collect, group: ContainerNode, taken: Set<string>): Promise<void> {
  const { tree } = collect;
  const units = tree.children(group.path).filter(({ path }) => tree.array(below(path, 'times')));
  const rows: { name: string; description: string | null; times: Float64Array }[] = [];
  for (const unit of units) {
    const times = numbersOf(await tree.container.read(below(unit.path, 'times')));
    const described = tree.array(below(unit.path, 'unit_description'));
    const said = described && (await tree.container.read(described.path));
    rows.push({
      name: nameOf(unit.path),
      description: said?.kind === 'texts' ? said.data[0] : null,
      times: Float64Array.from({ length: times.length }, (_, i) => Number(times[i])),
    });
    for (const part of ['times', 'unit_description']) taken.add(below(unit.path, part));
  }
  if (rows.length === 0) return;
  const name = await collect.table({
    name: 'units',
    description: 'Units of schema 1.',
    rows: rows.length,
    step: rows.length,
    columns: ['unit', 'description'].map((column) => ({ name: column, type: 'VARCHAR' })),
    batch: async () => [rows.map((row) => row.name), rows.map(({ description }) => description)],
  });
  await collect.table({
    name: `${name}_spike_times`,
    description: 'One spike a row.',
    rows: rows.length,
    step: 1,
    columns: [
      { name: 'unit', type: 'VARCHAR' },
      { name: 'spike_times', type: 'DOUBLE' },
    ],
    units: { spike_times: { unit: 's' } },
    batch: async (i) => [new Array<string>(rows[i].times.length).fill(rows[i].name), rows[i].times],
  });
}

/** Epochs of schema 1: a group each. */
async function collectOldEpochs(collect: Collect, taken: Set<string>): Promise<void> {
  const { tree } = collect;
  const epochs = tree.children('/epochs').filter(({ path }) => tree.array(below(path, 'start_time')));
  if (epochs.length === 0) return;
  const read = async (path: string) => Number(numbersOf(await tree.container.read(path))[0]);
  const starts: number[] = [];
  const stops: number[] = [];
  for (const { path } of epochs) {
    starts.push(await read(below(path, 'start_time')));
    stops.push(tree.array(below(path, 'stop_time')) ? await read(below(path, 'stop_time')) : Number.NaN);
    for (const part of ['start_time', 'stop_time']) taken.add(below(path, part));
  }
  await collect.table({
    name: 'epochs',
    rows: epochs.length,
    step: epochs.length,
    columns: [
      { name: 'epoch', type: 'VARCHAR' },
      { name: 'start_time', type: 'DOUBLE' },
      { name: 'stop_time', type: 'DOUBLE' },
    ],
    units: { start_time: { unit: 's' }, stop_time: { unit: 's' } },
    batch: async () => [epochs.map(({ path }) => nameOf(path)), Float64Array.from(starts), Float64Array.from(stops)],
  });
}

/** The schemas that travel in the file are told of by name and version; their text is not data. */
function sayNamespaces(collect: Collect): void {
  for (const namespace of collect.tree.children('/specifications'))
    for (const version of collect.tree.children(namespace.path))
      collect.fact('/specifications', nameOf(namespace.path), nameOf(version.path));
}

function cardOf(_tree: Tree, version: string): Partial<DataCard> {
  return { modality: 'neurophysiology (NWB)', notes: [`NWB schema ${version || 'of no stated version'}.`] };
}
