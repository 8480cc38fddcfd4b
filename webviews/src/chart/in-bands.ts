import * as Plot from '@observablehq/plot';
import type { Ink } from '../kit/ink.ts';
import { type Attributes, element, type Turn, turned, upright } from './elements.ts';
import { densityAt, quantile, summaryOf } from './groups.ts';
import type { ChartMark } from './model.ts';
import type { Colours, Row } from './rows.ts';

/** Marks that stand over a category and may stand beside those of other colours. */
export const bandMarks = new Set<ChartMark['mark']>(['box', 'violin', 'points', 'bar']);

interface Place {
  /** Pixels along the axis of categories: the middle of the place, and half its width. */
  middle: number;
  half: number;
  /** Pixels along the axis of values. */
  values: number[];
  fill: string;
}

/** Shapes of one place, as SVG elements with attributes; along and value are exchanged where categories stand on y. */
type Draw = (place: Place, turn: Turn, ink: Ink, mark: ChartMark) => [tag: string, attributes: Attributes][];

const draws: Record<'box' | 'violin' | 'points', Draw> = { box, violin, points };

/** A box, violin, or spread of points for each category and colour. sideways: categories on y. */
export function inBands(
  mark: ChartMark & { mark: 'box' | 'violin' | 'points' },
  data: Row[],
  colours: Colours,
  sideways: boolean,
  ink: Ink,
  channels: Record<string, unknown>,
): Plot.Markish {
  const beside = colours.kind === 'category' && mark.colour !== undefined && mark.colour !== mark[sideways ? 'y' : 'x'];
  const render: Plot.RenderFunction = (index, scales, values, _, context) => {
    const along = sideways ? 'y' : 'x';
    // SAFETY: a dot with x and y has both as numbers of pixels; linkedom's and a browser's document make elements alike.
    const channel = values as Record<string, number[]>;
    const [places, pixels] = [channel[along], channel[sideways ? 'x' : 'y']];
    // SAFETY: a scale of categories has a width; one of numbers has none, and is asked for it all the same.
    const width = (scales as unknown as Record<string, { bandwidth?(): number }>)[along].bandwidth?.() ?? 24;
    const names = colours.kind === 'category' ? colours.names : [];
    const found = new Map<string, Place>();
    for (const i of index) {
      const name = String(data[i][mark.colour ?? '']);
      const at = colours.kind === 'category' ? names.indexOf(name) : 0;
      const share = beside ? width / names.length : width;
      const key = `${places[i]} ${at}`;
      const place = found.get(key) ?? {
        middle: places[i] + (beside ? (at + 0.5) * share : width / 2),
        half: Math.min(share * 0.45, 60),
        values: [],
        fill: fillOf(values, i, ink),
      };
      place.values.push(pixels[i]);
      found.set(key, place);
    }
    const group = element(context, 'g', {});
    for (const place of found.values())
      for (const [tag, attributes] of draws[mark.mark](place, sideways ? turned : upright, ink, mark))
        group.append(element(context, tag, attributes));
    return group;
  };
  return Plot.dot(data, { ...channels, render });
}

const fillOf = (values: unknown, i: number, ink: Ink): string => {
  // SAFETY: Plot gives the colours of a channel `fill` as texts.
  const { fill } = values as { fill?: string[] };
  return fill?.[i] ?? ink.series[0];
};

/** Quartiles, median, whiskers to the last value within 1.5 interquartile ranges, and what lies beyond (Tukey 1977). */
function box({ middle, half, values, fill }: Place, turn: Turn, ink: Ink): [string, Attributes][] {
  const sorted = [...values].sort((a, b) => a - b);
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const [low, high] = [inside[0], inside[inside.length - 1]];
  const wide = half * 0.75;
  const line = { stroke: ink.text, 'stroke-width': 1.2 };
  return [
    ['line', { ...turn.line(middle, low, middle, q1), ...line }],
    ['line', { ...turn.line(middle, q3, middle, high), ...line }],
    [
      'polygon',
      {
        points: [
          turn.point(middle - wide, q1),
          turn.point(middle + wide, q1),
          turn.point(middle + wide, q3),
          turn.point(middle - wide, q3),
        ].join(' '),
        fill,
        'fill-opacity': 0.3,
        ...line,
      },
    ],
    ['line', { ...turn.line(middle - wide, median, middle + wide, median), stroke: ink.text, 'stroke-width': 2.2 }],
    ...sorted
      .filter((value) => value < low || value > high)
      .map((value): [string, Attributes] => [
        'circle',
        { ...turn.circle(middle, value), r: 2.4, fill: 'none', stroke: ink.text },
      ]),
  ];
}

/** The density, mirrored, from the smallest to the largest value and no further. A group of one value is a line. */
function violin({ middle, half, values, fill }: Place, turn: Turn, ink: Ink): [string, Attributes][] {
  const { min, max } = summaryOf(values);
  const at = Array.from({ length: 65 }, (_, i) => min + ((max - min) * i) / 64);
  const density = densityAt(values, at);
  const most = Math.max(...density);
  if (!(most > 0))
    return [['line', { ...turn.line(middle - half, min, middle + half, min), stroke: ink.text, 'stroke-width': 1.2 }]];
  const side = (sign: number) => at.map((value, i) => turn.point(middle + (sign * half * density[i]) / most, value));
  return [
    [
      'polygon',
      {
        points: [...side(1), ...side(-1).reverse()].join(' '),
        fill,
        'fill-opacity': 0.3,
        stroke: fill,
        'stroke-width': 1.2,
      },
    ],
  ];
}

/** Each value, spread sideways by the golden ratio within the density: the same picture at every drawing. */
function points({ middle, half, values, fill }: Place, turn: Turn): [string, Attributes][] {
  // A coarse density is enough to place points by, whatever their number.
  const { min, max } = summaryOf(values);
  const at = Array.from({ length: 33 }, (_, i) => min + ((max - min) * i) / 32);
  const density = densityAt(values, at);
  const most = Math.max(...density, Number.MIN_VALUE);
  return values.map((value, i) => {
    const bin = max > min ? Math.round((32 * (value - min)) / (max - min)) : 0;
    const room = most > Number.MIN_VALUE ? density[bin] / most : 0.6;
    const aside = (((i + 1) * 0.6180339887498949) % 1) - 0.5;
    return [
      'circle',
      { ...turn.circle(middle + 1.4 * half * room * aside, value), r: 2.2, fill, 'fill-opacity': 0.75 },
    ];
  });
}
