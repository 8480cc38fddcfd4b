import * as Plot from '@observablehq/plot';
import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';
import { categoryColours } from '../kit/category-colours.ts';
import { plain } from '../kit/dom.ts';
import { axisLabel, shown } from '../kit/format.ts';
import type { Ink } from '../kit/ink.ts';
import { symbolNames } from '../kit/legend.tsx';
import { type PlotPoint, tipOf } from '../kit/plot.ts';
import type { ChartMark, ChartScale, ChartSpec } from './model.ts';
import { type Colours, present, type Row, type UsableMark } from './rows.ts';

/** The chart as Observable Plot takes it. */
export function chartOptions(
  spec: ChartSpec,
  marks: UsableMark[],
  colours: Colours,
  ink: Ink,
  width: number,
): Plot.PlotOptions {
  const drawn = marks.flatMap(({ mark, data }) => marksOf(mark, data, spec, colours, ink));
  const tipped = marks.find(({ mark }) => ['dot', 'line', 'bar', 'interval', 'cell'].includes(mark.mark));
  return {
    marginLeft: leftMargin(spec, marks, width),
    marginRight: 24,
    x: scaleOf(spec.x, nameOf(spec, 'x'), spec.marks, 'x'),
    y: { ...scaleOf(spec.y, nameOf(spec, 'y'), spec.marks, 'y'), grid: true },
    symbol: colours.kind === 'category' ? { domain: colours.names, range: symbolNames } : { range: symbolNames },
    fx: { label: null },
    fy: { label: null },
    color:
      colours.kind === 'category'
        ? { type: 'ordinal', domain: colours.names, range: categoryColours(colours.names.length, ink) }
        : colours.kind === 'number'
          ? {
              type: colours.scale === 'diverging' ? 'diverging' : 'linear',
              interpolate: colours.scale === 'diverging' ? (t: number) => interpolatePuOr(1 - t) : interpolateViridis,
            }
          : {},
    marks: [
      ...drawn,
      tipped?.mark.x && tipped.mark.y
        ? Plot.tip(
            tipped.data.filter((row) => present(row[tipped.mark.x!]) && present(row[tipped.mark.y!])),
            Plot.pointer({
              x: tipped.mark.x,
              y: tipped.mark.y,
              fx: tipped.mark.panelX,
              fy: tipped.mark.panelY,
              title: (row: Row) => describe(tipped.mark, row).replaceAll(', ', '\n'),
              ...tipOf(ink),
            }),
          )
        : null,
    ],
  };
}

/** The mark's own rows as points for the arrow keys, at most 2,000. */
export function pointsOf(spec: ChartSpec, marks: UsableMark[]): PlotPoint[] {
  const panels = spec.marks.some(({ panelX, panelY }) => panelX || panelY);
  return marks
    .filter(({ mark }) => mark.mark !== 'rule' && mark.mark !== 'histogram')
    .flatMap(({ mark, data }) =>
      data.slice(0, 2000).map((row) => ({
        // SAFETY: rows hold numbers, texts and times; `drawPlot` asks whether a place is finite before it goes there.
        x: (panels ? undefined : row[mark.x ?? mark.x1 ?? '']) as number,
        y: (row[mark.y ?? mark.y1 ?? ''] ?? null) as number | null,
        text: describe(mark, row),
      })),
    );
}

function describe(mark: ChartMark, row: Row): string {
  const named = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'colour', 'symbol', 'text', 'panelX', 'panelY'] as const;
  const names = [...new Set(named.flatMap((channel) => mark[channel] ?? []))];
  return plain(names.map((name) => `${name}: ${valueText(row[name])}`).join(', '), 300);
}

const valueText = (value: unknown) =>
  // SAFETY: as was just looked at; `shown` takes undefined, too.
  typeof value === 'number' || value === null || value === undefined ? shown(value as number | null) : String(value);

/** A mark's options: undefined channels are left out, because Plot reads them as constants. */
function channelsOf(mark: ChartMark, keys: (keyof ChartMark)[]): Record<string, unknown> {
  const names: Record<string, string> = { panelX: 'fx', panelY: 'fy' };
  return Object.fromEntries(
    [...keys, 'panelX', 'panelY'].flatMap((key) => {
      // SAFETY: `keys` and the two names of panels are all members of a mark.
      const column = mark[key as keyof ChartMark];
      return column === undefined ? [] : [[names[key] ?? key, column]];
    }),
  );
}

function marksOf(mark: ChartMark, data: Row[], spec: ChartSpec, colours: Colours, ink: Ink): Plot.Markish[] {
  const colour =
    mark.colour === undefined
      ? ink.series[0]
      : colours.kind === 'category'
        ? (row: Row) => (present(row[mark.colour!]) ? String(row[mark.colour!]) : null)
        : mark.colour;
  const at = (...keys: (keyof ChartMark)[]) => channelsOf(mark, keys);
  const sideways = isCategory(spec.y, mark.y, data) && !isCategory(spec.x, mark.x, data);
  const z = mark.colour === undefined ? {} : { z: mark.colour };
  switch (mark.mark) {
    case 'dot':
      return [
        Plot.dot(data, {
          ...at('x', 'y', 'symbol'),
          fill: colour,
          fillOpacity: data.length > 2000 ? 0.4 : 0.85,
          r: data.length > 2000 ? 1.5 : 3.2,
        }),
      ];
    case 'line':
      return [Plot.line(data, { ...at('x', 'y'), ...z, stroke: colour, strokeWidth: 1.75 })];
    case 'area':
      return [Plot.areaY(data, { ...at('x', 'y'), ...z, fill: colour, fillOpacity: 0.6 })];
    case 'band':
      return [Plot.areaY(data, { ...at('x', 'y1', 'y2'), ...z, fill: colour, fillOpacity: 0.2 })];
    case 'bar':
      return sideways
        ? [Plot.barX(data, { ...at('x', 'y'), fill: colour }), Plot.ruleX([0], { stroke: ink.quiet })]
        : [Plot.barY(data, { ...at('x', 'y'), fill: colour }), Plot.ruleY([0], { stroke: ink.quiet })];
    case 'interval':
      return mark.x1 !== undefined
        ? [Plot.ruleY(data, { ...at('y', 'x1', 'x2'), stroke: colour, strokeWidth: 1.5 })]
        : [Plot.ruleX(data, { ...at('x', 'y1', 'y2'), stroke: colour, strokeWidth: 1.5 })];
    case 'box':
      return [
        sideways
          ? Plot.boxX(data, { ...at('x', 'y'), fill: ink.line, stroke: ink.text })
          : Plot.boxY(data, { ...at('x', 'y'), fill: ink.line, stroke: ink.text }),
      ];
    case 'histogram':
      return [
        Plot.rectY(
          data,
          Plot.binX(
            // SAFETY: Plot's types know neither a reducer by itself nor channels by name; its documentation has both.
            { y: 'count' } as Plot.BinOutputs,
            { ...at('x'), fill: colour, thresholds: mark.bins ?? 30, inset: 0.5 } as Plot.BinXInputs<Plot.RectYOptions>,
          ),
        ),
        Plot.ruleY([0], { stroke: ink.quiet }),
      ];
    case 'cell':
      return [Plot.cell(data, { ...at('x', 'y'), fill: colour, inset: 0.5 })];
    case 'text':
      return [
        Plot.text(data, { ...at('x', 'y'), text: (row: Row) => plain(row[mark.text ?? ''], 60), fill: ink.text }),
      ];
    case 'rule':
      return ruleOf(mark, data, ink);
  }
}

function ruleOf(mark: ChartMark, data: Row[], ink: Ink): Plot.Markish[] {
  if (mark.at === undefined)
    return [
      mark.y !== undefined
        ? Plot.ruleY(data, { y: mark.y, stroke: ink.quiet })
        : Plot.ruleX(data, { x: mark.x, stroke: ink.quiet }),
    ];
  const along = mark.axis === 'x';
  const words =
    mark.label === undefined
      ? []
      : [
          Plot.text([mark.at], {
            ...(along
              ? { x: [mark.at], frameAnchor: 'top' as const }
              : { y: [mark.at], frameAnchor: 'right' as const }),
            text: () => plain(mark.label, 60),
            fill: ink.text,
            textAnchor: 'end',
            dy: -7,
            dx: -4,
          }),
        ];
  return [(along ? Plot.ruleX : Plot.ruleY)([mark.at], { stroke: ink.text, strokeDasharray: '5 3' }), ...words];
}

function isCategory(scale: ChartScale | undefined, column: string | undefined, data: Row[]): boolean {
  if (scale?.type) return scale.type === 'category';
  return column !== undefined && data.some((row) => typeof row[column] === 'string');
}

/** Names of the axes: as the spec says, else the column's. */
function nameOf(spec: ChartSpec, axis: 'x' | 'y'): string {
  const scale = spec[axis];
  const histogram = spec.marks.find(({ mark }) => mark === 'histogram');
  if (histogram && axis === 'y' && !scale?.label) return 'count';
  const column = spec.marks.flatMap((mark) => mark[axis] ?? mark[`${axis}1`] ?? [])[0] ?? '';
  return axisLabel({ label: scale?.label ?? column, unit: scale?.unit });
}

function scaleOf(scale: ChartScale | undefined, label: string, marks: ChartMark[], axis: 'x' | 'y'): Plot.ScaleOptions {
  const type =
    scale?.type === 'category'
      ? marks.some(({ mark }) => mark === 'bar' || mark === 'cell' || mark === 'box')
        ? 'band'
        : 'point'
      : scale?.type === 'time'
        ? 'utc'
        : scale?.type === 'diverging'
          ? 'linear'
          : scale?.type;
  return {
    label: plain(label, 80),
    ...(type ? { type } : {}),
    ...(scale?.zero !== undefined ? { zero: scale.zero } : {}),
    ...(scale?.domain ? { domain: scale.domain } : {}),
    ...(axis === 'y' && !scale?.domain ? { nice: true } : {}),
    // SAFETY: every member is one of a scale; a type that is none of Plot's was taken out above.
  } as Plot.ScaleOptions;
}

/** Room for the longest name on a vertical axis of categories. */
function leftMargin(spec: ChartSpec, marks: UsableMark[], width: number): number {
  const names = marks.flatMap(({ mark, data }) =>
    isCategory(spec.y, mark.y, data) ? data.map((row) => String(row[mark.y!]).length) : [],
  );
  return names.length === 0 ? 56 : Math.min(width * 0.4, 24 + Math.max(...names) * 7);
}
