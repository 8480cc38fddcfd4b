import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';

/** Names of columns of the rows. */
const Channels = {
  x: z.optional(z.string()),
  y: z.optional(z.string()),
  x1: z.optional(z.string()),
  x2: z.optional(z.string()),
  y1: z.optional(z.string()),
  y2: z.optional(z.string()),
  colour: z.optional(z.string()),
  symbol: z.optional(z.string()),
  text: z.optional(z.string()),
  /** For line: one for each value, as of a subject that was measured twice. */
  each: z.optional(z.string()),
  /** Small multiples: a column of panels, a row of panels. */
  panelX: z.optional(z.string()),
  panelY: z.optional(z.string()),
};

/**
 * dot, line, bar, area, cell: as they say; interval: a whisker between y1 and y2 (or x1 and x2); band: an area between them;
 * box: quartiles of y for each x; violin: the density of y for each x; points: every value, spread by density; mean: mean and
 * spread of y for each x; tuning: the same, joined along x; fit: least squares of y on x with its 95 % band; tick: an event at
 * x in row y; histogram: counts of x; rule: a line at `at`; text: words at x and y.
 */
export const ChartMark = z.object({
  mark: z.enum([
    'dot',
    'line',
    'bar',
    'area',
    'band',
    'interval',
    'box',
    'violin',
    'points',
    'mean',
    'tuning',
    'fit',
    'tick',
    'histogram',
    'cell',
    'rule',
    'text',
  ]),
  ...Channels,
  /** For rule: where it stands, on the axis named by `axis`. */
  at: z.optional(z.number()),
  axis: z.optional(z.enum(['x', 'y'])),
  label: z.optional(z.string()),
  /** For histogram: about how many bins. */
  bins: z.optional(z.number().check(z.minimum(1), z.maximum(1000))),
  /** For mean and tuning: standard deviation (default of mean), its standard error (of tuning), or the 95 % t interval. */
  spread: z.optional(z.enum(['sd', 'sem', 'ci'])),
  /** For bar: colours stand beside one another instead of on top. */
  beside: z.optional(z.boolean()),
});
export type ChartMark = z.infer<typeof ChartMark>;

export const ChartScale = z.object({
  label: z.optional(z.string()),
  unit: z.optional(z.string()),
  type: z.optional(z.enum(['linear', 'log', 'sqrt', 'symlog', 'time', 'category', 'diverging'])),
  /** The axis includes zero. Default: bars and areas only. */
  zero: z.optional(z.boolean()),
  domain: z.optional(z.array(z.union([z.number(), z.string()]))),
});
export type ChartScale = z.infer<typeof ChartScale>;

/** A small grammar of graphics: marks over named columns. This is what a `plot` cell of a notebook says in YAML. */
export const ChartSpec = z.object({
  marks: z.array(ChartMark).check(z.maxLength(50)),
  x: z.optional(ChartScale),
  y: z.optional(ChartScale),
  colour: z.optional(ChartScale),
  heightPx: z.optional(z.number().check(z.minimum(60), z.maximum(4000))),
});
export type ChartSpec = z.infer<typeof ChartSpec>;

const channelNames = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'colour', 'symbol', 'text', 'each', 'panelX', 'panelY'];
const markMembers = ['mark', ...channelNames, 'at', 'axis', 'label', 'bins', 'spread', 'beside'];
const scaleMembers = ['column', 'label', 'unit', 'type', 'zero', 'domain'];
const specMembers = ['marks', ...channelNames, 'heightPx'];

/**
 * A chart as it is written: a mark may be its name alone, and takes the columns that the whole chart gives to x, y, colour and
 * panels (`x: age`, or `x: {column: age, unit: years}`). `color` is colour. Throws what is wrong, naming the member.
 */
export function readChart(raw: unknown): ChartSpec {
  const whole = members(raw, specMembers, 'A chart');
  const shared: Record<string, unknown> = {};
  const scales: Record<string, unknown> = {};
  for (const name of channelNames) {
    const given = whole[name];
    if (typeof given === 'string') shared[name] = given;
    else if (given !== undefined) {
      const { column, ...scale } = members(given, scaleMembers, name);
      if (column !== undefined) shared[name] = column;
      scales[name] = scale;
    }
  }
  if (!Array.isArray(whole.marks) || whole.marks.length === 0)
    throw new Error('A chart has marks, at least one: marks: ["bar"].');
  const marks = whole.marks.map((mark) => {
    const written = typeof mark === 'string' ? { mark } : members(mark, markMembers, 'A mark');
    const own = { ...written, mark: markOf(written.mark) };
    if (own.mark === 'rule') return own;
    const { y, ...others } = shared;
    return { ...others, ...(own.mark !== 'histogram' && y !== undefined && { y }), ...own };
  });
  const parsed = ChartSpec.safeParse({
    marks,
    ...scales,
    ...(whole.heightPx !== undefined && { heightPx: whole.heightPx }),
  });
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

/** Marks by what their charts are called. */
const called: Record<string, ChartMark['mark']> = {
  scatter: 'dot',
  heatmap: 'cell',
  raster: 'tick',
  hist: 'histogram',
  boxplot: 'box',
};

/** The mark of this name. Throws with those there are. */
function markOf(name: unknown): ChartMark['mark'] {
  const marks = ChartMark.shape.mark.options;
  const found = marks.find((mark) => mark === name) ?? called[String(name)];
  if (found) return found;
  throw new Error(`There is no mark '${String(name).slice(0, 60)}'. Marks: ${marks.join(', ')}.`);
}

/** The members of an object; throws when it is none, or has one of another name. */
function members(value: unknown, known: string[], what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} has names with values.`);
  const renamed = Object.entries(value).map(([name, member]) => [name === 'color' ? 'colour' : name, member] as const);
  const unknown = renamed.find(([name]) => !known.includes(name))?.[0];
  if (unknown !== undefined) throw new Error(`${what} has no '${unknown.slice(0, 60)}'; it has ${known.join(', ')}.`);
  return Object.fromEntries(renamed);
}

/** A chart over rows. A row without a finite value in a channel is left out of that mark and counted below it. */
export const ChartModel = z.extend(Caption, {
  spec: ChartSpec,
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type ChartModel = z.infer<typeof ChartModel>;
