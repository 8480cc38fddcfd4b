import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { BregmaError } from '@bregma/core/errors';
import type { Collect } from '../container/collect.ts';
import { type ContainerNode, nameOf } from '../container/container.ts';
import { type FlatColumn, flatColumns, flatValues } from '../container/flat.ts';
import { isObject, type JsonObject } from '../zarr/json.ts';
import { wordsOf } from './settings.ts';

/** One spike a row, and the units with their properties. base: where the sorting lies in the tree. Returns what was taken. */
export async function collectSorting(
  collect: Collect,
  base: string,
  info: JsonObject,
  place: string,
): Promise<string[]> {
  const node = collect.tree.array(`${base}/spikes`);
  const ids = wordsOf(info.unit_ids);
  const rateHz = Number(info.sampling_frequency);
  const fields = node?.type?.kind === 'fields' ? node.type.fields.map(({ name }) => name) : [];
  if (!node || !['sample_index', 'unit_index', 'segment_index'].every((name) => fields.includes(name)) || !(rateHz > 0))
    throw new BregmaError(
      'bad-input',
      `${place} has no spikes.npy with sample, unit and segment, and a sampling_frequency.`,
      {
        next: 'Save the sorting again with SpikeInterface.',
      },
    );
  await collect.table({
    name: 'spikes',
    description: `One spike a row. time = sample / ${rateHz} Hz, from the begin of its segment.`,
    rows: node.shape?.[0] ?? 0,
    step: 2 ** 19,
    columns: [
      { name: 'time', type: 'DOUBLE' },
      { name: 'sample', type: 'BIGINT' },
      { name: 'unit_id', type: 'VARCHAR' },
      { name: 'segment', type: 'INTEGER' },
    ],
    units: { time: { unit: 's' } },
    batch: async (start, count) => {
      const values = await collect.tree.container.read(node.path, start, count);
      if (values.kind !== 'fields') throw new Error('Records were asked for.');
      const column = (name: string) => numbers(values.fields[name].kind === 'numbers' ? values.fields[name].data : []);
      const [sample, unit, segment] = ['sample_index', 'unit_index', 'segment_index'].map(column);
      const strange = unit.find((at) => !(at >= 0 && at < ids.length));
      if (strange !== undefined)
        throw new BregmaError('corrupt', `${place}: a spike is of unit ${strange}; there are ${ids.length}.`, {
          next: 'Copy the folder again: its files are of different runs.',
        });
      return [
        sample.map((at) => at / rateHz),
        BigInt64Array.from(sample, BigInt),
        Array.from(unit, (at) => ids[at]),
        Int32Array.from(segment),
      ];
    },
  });
  const properties = propertiesUnder(collect, `${base}/properties/`, ids.length);
  await collectMembers(
    collect,
    'units',
    'unit_id',
    ids,
    properties,
    'Units of the sorting, in the order of its arrays.',
  );
  return [node.path, ...properties.map(({ path }) => path)];
}

// SAFETY: `Number` makes a number of either member, and the type of `from` knows one of the two alone.
const numbers = (data: ExactArray | never[]): Float64Array => Float64Array.from(data as ArrayLike<number>, Number);

/** Channels with their properties and places. Returns what was taken. */
export async function collectChannels(
  collect: Collect,
  ids: string[],
  base: string,
  probes: JsonObject | undefined,
): Promise<string[]> {
  const properties = propertiesUnder(collect, `${base}/properties/`, ids.length);
  const places = placesOf(probes, ids.length);
  await collectMembers(
    collect,
    'channels',
    'channel_id',
    ids,
    properties,
    'Channels, in the order of the traces.',
    places,
  );
  return properties.map(({ path }) => path);
}

/** Arrays with a row for each member. */
const propertiesUnder = (collect: Collect, under: string, rows: number): ContainerNode[] =>
  collect.tree.container.nodes.filter(
    (node) =>
      node.path.startsWith(under) &&
      node.kind === 'array' &&
      node.shape?.length === 1 &&
      node.shape[0] === rows &&
      node.type !== undefined &&
      flatColumns('x', node.type) !== undefined,
  );

async function collectMembers(
  collect: Collect,
  name: string,
  idName: string,
  ids: string[],
  properties: ContainerNode[],
  description: string,
  places: Record<string, Float64Array> = {},
): Promise<void> {
  const columns: FlatColumn[] = [
    { name: 'row', type: 'INTEGER' },
    { name: idName, type: 'VARCHAR' },
    ...Object.keys(places).map((axis) => ({ name: axis, type: 'DOUBLE' })),
    ...properties.flatMap(({ path, type }) => (type && flatColumns(nameOf(path), type)) ?? []),
  ];
  await collect.table({
    name,
    description,
    rows: ids.length,
    step: Math.max(1, ids.length),
    columns,
    units: Object.fromEntries(Object.keys(places).map((axis) => [axis, { unit: 'µm' }])),
    batch: async () => {
      const read = [];
      for (const { path, type } of properties)
        if (type) read.push(...flatValues(await collect.tree.container.read(path), type));
      return [Int32Array.from(ids, (_, i) => i), ids, ...Object.values(places), ...read];
    },
  });
}

/** Where contacts lie, by the channel that each leads to (probeinterface). */
function placesOf(probes: JsonObject | undefined, channels: number): Record<string, Float64Array> {
  const axes = [0, 1, 2].map(() => new Float64Array(channels).fill(Number.NaN));
  let most = 0;
  for (const probe of Array.isArray(probes?.probes) ? probes.probes : []) {
    if (!isObject(probe) || !Array.isArray(probe.contact_positions)) continue;
    const scale = { um: 1, mm: 1000, m: 1e6 }[String(probe.si_units)] ?? Number.NaN;
    const wired = Array.isArray(probe.device_channel_indices) ? probe.device_channel_indices : [];
    for (const [contact, place] of probe.contact_positions.entries()) {
      const channel = Number(wired[contact] ?? contact);
      if (!Array.isArray(place) || !(channel >= 0 && channel < channels)) continue;
      most = Math.max(most, Math.min(3, place.length));
      for (const [axis, value] of place.slice(0, 3).entries()) axes[axis][channel] = Number(value) * scale;
    }
  }
  return Object.fromEntries(['x', 'y', 'z'].slice(0, most).map((axis, i) => [axis, axes[i]]));
}
