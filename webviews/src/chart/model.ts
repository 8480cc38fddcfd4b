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
  /** Small multiples: a column of panels, a row of panels. */
  panelX: z.optional(z.string()),
  panelY: z.optional(z.string()),
};

/**
 * dot, line, bar, area, cell: as they say; interval: a whisker between y1 and y2 (or x1 and x2); band: an area between them;
 * box: quartiles of y for each x; histogram: counts of x; rule: a line at `at`; text: words at x and y.
 */
export const ChartMark = z.object({
  mark: z.enum(['dot', 'line', 'bar', 'area', 'band', 'interval', 'box', 'histogram', 'cell', 'rule', 'text']),
  ...Channels,
  /** For rule: where it stands, on the axis named by `axis`. */
  at: z.optional(z.number()),
  axis: z.optional(z.enum(['x', 'y'])),
  label: z.optional(z.string()),
  /** For histogram: about how many bins. */
  bins: z.optional(z.number()),
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
  marks: z.array(ChartMark),
  x: z.optional(ChartScale),
  y: z.optional(ChartScale),
  colour: z.optional(ChartScale),
  heightPx: z.optional(z.number()),
});
export type ChartSpec = z.infer<typeof ChartSpec>;

/** A chart over rows. A row without a finite value in a channel is left out of that mark and counted below it. */
export const ChartModel = z.extend(Caption, {
  spec: ChartSpec,
  rows: z.array(z.record(z.string(), z.unknown())),
});
export type ChartModel = z.infer<typeof ChartModel>;
