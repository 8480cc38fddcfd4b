import { type Collect, numbersOf } from '../container/collect.ts';
import { below, type ContainerNode, countOf, nameOf, numberAttribute, textAttribute } from '../container/container.ts';

/** Series of more values than this are arrays alone; of more channels too. */
const mostSamples = 2_000_000;
const mostChannels = 64;

/** One series, as the table `time_series` lists it. */
interface Series {
  path: string;
  type: string | null;
  array: string | null;
  timestamps: string | null;
  samples: number;
  channels: number;
  rate: number | null;
  start: number | null;
  unit: string | null;
  conversion: number | null;
  offset: number | null;
  description: string | null;
  inSamples: boolean;
}

interface Small {
  path: string;
  data: ContainerNode;
  timestamps?: ContainerNode;
  rate: number;
  start: number;
  factors: Float64Array;
  offset: number;
}

/** Whether a group is a TimeSeries, of whatever type: it has data, and says when its samples were taken. */
export function isSeries(collect: Collect, group: ContainerNode): boolean {
  const { tree } = collect;
  const { path } = group;
  if (!tree.array(below(path, 'data')) || Object.hasOwn(group.attributes, 'colnames')) return false;
  return (
    Boolean(tree.node(below(path, 'timestamps')) ?? tree.array(below(path, 'starting_time'))) ||
    /Series/.test(typeOf(group))
  );
}

/** Type of a node in words of NWB: `neurodata_type`, or in files of version 1 the last of `ancestry`; empty where it says none. */
export const typeOf = (node: ContainerNode): string =>
  textAttribute(node, 'neurodata_type') ??
  (Array.isArray(node.attributes.ancestry) ? String(node.attributes.ancestry.at(-1)) : '');

/** All time series of a file: their values as arrays, as they are; a list of them; and the samples of the small ones in their unit. */
export class TimeSeries {
  private readonly collect: Collect;
  private readonly series: Series[] = [];
  private readonly small: Small[] = [];

  constructor(collect: Collect) {
    this.collect = collect;
  }

  /** Stores the arrays of a series. Returns the paths that were taken. */
  async add(group: ContainerNode): Promise<string[]> {
    const { collect } = this;
    const { path } = group;
    const data = collect.tree.array(below(path, 'data'));
    if (!data) return [];
    const starting = collect.tree.array(below(path, 'starting_time'));
    const timestamps = collect.tree.array(below(path, 'timestamps'));
    const conversion = numberAttribute(data, 'conversion') ?? 1;
    const offset = numberAttribute(data, 'offset') ?? 0;
    const unit = textAttribute(data, 'unit');
    const scaled = conversion !== 1 || offset !== 0;
    const stored = scaled ? `raw: × ${conversion}${offset === 0 ? '' : ` + ${offset}`} is ${unit ?? 'its unit'}` : unit;
    const shape = data.shape ?? [];
    const array =
      countOf(shape) > 0
        ? await collect.array(data, `${path}_data`, { axes: ['time', 'channel'], unit: stored })
        : undefined;
    const times = timestamps
      ? await collect.array(timestamps, `${path}_timestamps`, { axes: ['time'], unit: 's' })
      : undefined;
    const channels = countOf(shape.slice(1));
    const factors = await this.factors(path, conversion, channels);
    const start = starting ? Number(numbersOf(await collect.tree.container.read(starting.path))[0]) : 0;
    const rate = starting && numberAttribute(starting, 'rate');
    const inSamples =
      array !== undefined &&
      shape.length <= 2 &&
      countOf(shape) <= mostSamples &&
      channels <= mostChannels &&
      ((rate !== undefined && rate > 0) || timestamps?.shape?.[0] === shape[0]);
    if (inSamples) this.small.push({ path, data, timestamps, rate: rate ?? 0, start, factors, offset });
    this.series.push({
      path,
      type: typeOf(group) || null,
      array: array ?? null,
      timestamps: times ?? null,
      samples: shape[0] ?? 1,
      channels,
      rate: rate ?? null,
      start: starting ? start : null,
      unit: unit ?? null,
      conversion,
      offset,
      description: textAttribute(group, 'description') ?? null,
      inSamples,
    });
    return [data.path, below(path, 'starting_time'), below(path, 'timestamps'), below(path, 'channel_conversion')];
  }

  /** conversion, times channel_conversion where a channel has its own (ElectricalSeries). */
  private async factors(path: string, conversion: number, channels: number): Promise<Float64Array> {
    const { tree } = this.collect;
    const own = tree.array(below(path, 'channel_conversion'));
    const factors = new Float64Array(channels).fill(conversion);
    if (!own || own.shape?.[0] !== channels) return factors;
    const each = numbersOf(await tree.container.read(own.path));
    return factors.map((factor, i) => factor * Number(each[i]));
  }

  /** Stores the list of series, and the samples of the small ones. */
  async finish(): Promise<void> {
    const { collect, series, small } = this;
    if (series.length === 0) return;
    const texts = (pick: (one: Series) => string | null) => series.map(pick);
    const numbers = (pick: (one: Series) => number | null) => series.map((one) => pick(one)?.toString() ?? null);
    await collect.table({
      name: 'time_series',
      description:
        'Every time series: the arrays that hold its values (value × conversion + offset is in `unit`) and its times (s), or rate (Hz) and start (s).',
      rows: series.length,
      step: series.length,
      columns: [
        ...['series', 'path', 'type', 'array', 'timestamps', 'unit', 'description'].map((name) => ({
          name,
          type: 'VARCHAR',
        })),
        ...['samples', 'channels', 'rate', 'starting_time', 'conversion', 'offset'].map((name) => ({
          name,
          type: 'VARCHAR',
          cast: 'DOUBLE',
        })),
        { name: 'in_samples', type: 'UTINYINT', cast: 'BOOLEAN' },
      ],
      units: { rate: { unit: 'Hz' }, starting_time: { unit: 's' } },
      batch: async () => [
        texts(({ path }) => nameOf(path)),
        texts(({ path }) => path),
        texts(({ type }) => type),
        texts(({ array }) => array),
        texts(({ timestamps }) => timestamps),
        texts(({ unit }) => unit),
        texts(({ description }) => description),
        numbers(({ samples }) => samples),
        numbers(({ channels }) => channels),
        numbers(({ rate }) => rate),
        numbers(({ start }) => start),
        numbers(({ conversion }) => conversion),
        numbers(({ offset }) => offset),
        Uint8Array.from(series, ({ inSamples }) => Number(inSamples)),
      ],
    });
    if (small.length > 0) await this.storeSamples(small);
    const large = series.filter(({ inSamples, array }) => !inSamples && array !== null);
    if (large.length > 0)
      collect.warnings.push(
        `${large.length} time series are arrays and not in the table samples (over ${mostSamples} values or ${mostChannels} channels, more than two axes, or no times): ${large
          .slice(0, 5)
          .map(({ path }) => path)
          .join(', ')}${large.length > 5 ? ', …' : ''}.`,
      );
  }

  private async storeSamples(small: Small[]): Promise<void> {
    const { collect } = this;
    await collect.table({
      name: 'samples',
      description: 'Samples of the small time series, in the unit of each: path of the series, time, channel, value.',
      rows: small.length,
      step: 1,
      columns: [
        { name: 'path', type: 'INTEGER', words: small.map(({ path }) => path) },
        { name: 'time', type: 'DOUBLE' },
        { name: 'channel', type: 'INTEGER' },
        { name: 'value', type: 'DOUBLE' },
      ],
      units: { time: { unit: 's' } },
      batch: async (i) => this.samplesOf(small[i], i),
    });
  }

  private async samplesOf({ data, timestamps, rate, start, factors, offset }: Small, place: number) {
    const { container } = this.collect.tree;
    const values = numbersOf(await container.read(data.path));
    const times = timestamps && numbersOf(await container.read(timestamps.path));
    const channels = factors.length;
    const count = values.length;
    const at = (row: number) => (times ? Number(times[row]) : start + row / rate);
    return [
      new Int32Array(count).fill(place),
      Float64Array.from({ length: count }, (_, i) => at(Math.floor(i / channels))),
      Int32Array.from({ length: count }, (_, i) => i % channels),
      Float64Array.from({ length: count }, (_, i) => Number(values[i]) * factors[i % channels] + offset),
    ];
  }
}
