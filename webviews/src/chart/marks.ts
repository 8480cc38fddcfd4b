import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import type { Ink } from '../kit/ink.ts';
import { isSideways } from './categories.ts';
import { element } from './elements.ts';
import { inBands } from './in-bands.ts';
import { meanMarks } from './means.ts';
import type { ChartMark, ChartSpec } from './model.ts';
import { type Colours, present, type Row } from './rows.ts';

/** Cells that are outlined one by one, at most: of more the frame says where they end. */
const mostOutlined = 1000;

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

/** A mark as marks of Plot. */
export function marksOf(mark: ChartMark, data: Row[], spec: ChartSpec, colours: Colours, ink: Ink): Plot.Markish[] {
  const colour =
    mark.colour === undefined
      ? ink.series[0]
      : colours.kind === 'category'
        ? (row: Row) => (present(row[mark.colour!]) ? String(row[mark.colour!]) : null)
        : mark.colour;
  const at = (...keys: (keyof ChartMark)[]) => channelsOf(mark, keys);
  const sideways = isSideways(mark, spec, data);
  const z = (mark.each ?? mark.colour) === undefined ? {} : { z: mark.each ?? mark.colour };
  // A whisker on a bar is seen where the bar is.
  const whisker = mark.colour === undefined && spec.marks.some((one) => one.mark === 'bar') ? ink.text : colour;
  switch (mark.mark) {
    case 'dot':
      return [
        Plot.dot(data, {
          ...at('x', 'y', 'symbol'),
          fill: colour,
          fillOpacity: data.length > 2000 ? 0.4 : 0.85,
          r: data.length > 2000 ? 1.5 : 3.2,
          // An end of a scale may be as light, or as dark, as the ground.
          ...(colours.kind === 'number' && mark.colour !== undefined && { stroke: ink.quiet, strokeWidth: 0.8 }),
        }),
      ];
    case 'line':
      return [
        Plot.line(along(data, mark), {
          ...at('x', 'y'),
          ...z,
          stroke: mark.each !== undefined && mark.colour === undefined ? ink.quiet : colour,
          ...(mark.each === undefined ? { strokeWidth: 1.75 } : { strokeWidth: 1, strokeOpacity: 0.55 }),
        }),
      ];
    case 'area':
      return [Plot.areaY(along(data, mark), { ...at('x', 'y'), ...z, fill: colour, fillOpacity: 0.6 })];
    case 'band':
      return [Plot.areaY(along(data, mark), { ...at('x', 'y1', 'y2'), ...z, fill: colour, fillOpacity: 0.2 })];
    case 'bar':
      return sideways
        ? [
            Plot.barX(stacked(mark, data, colours), { ...at('x', 'y'), fill: colour }),
            Plot.ruleX([0], { stroke: ink.quiet }),
          ]
        : [
            mark.beside && colours.kind === 'category' && mark.colour !== mark.x
              ? besideBars(mark, data, colours.names, { ...at('x', 'y'), fill: colour })
              : Plot.barY(stacked(mark, data, colours), { ...at('x', 'y'), fill: colour }),
            Plot.ruleY([0], { stroke: ink.quiet }),
          ];
    case 'interval':
      return mark.x1 !== undefined
        ? [Plot.ruleY(data, { ...at('y', 'x1', 'x2'), stroke: whisker, strokeWidth: 1.5 })]
        : [Plot.ruleX(data, { ...at('x', 'y1', 'y2'), stroke: whisker, strokeWidth: 1.5 })];
    case 'box':
    case 'violin':
    case 'points':
      return [inBands({ ...mark, mark: mark.mark }, data, colours, sideways, ink, { ...at('x', 'y'), fill: colour })];
    case 'mean':
    case 'tuning':
      return meanMarks(mark, data, colours, sideways, ink);
    case 'fit':
      return [
        Plot.linearRegressionY(data, { ...at('x', 'y'), ...z, stroke: mark.colour ? colour : ink.text, ci: 0.95 }),
      ];
    case 'tick':
      return [eventOf(mark, data, at, colour)];
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
      return [
        Plot.cell(data, {
          ...at('x', 'y'),
          fill: colour,
          inset: 0.5,
          ...(data.length <= mostOutlined && { stroke: ink.quiet, strokeWidth: 0.6 }),
        }),
        Plot.frame({ stroke: ink.quiet }),
      ];
    case 'text':
      return [
        Plot.text(data, { ...at('x', 'y'), text: (row: Row) => plain(row[mark.text ?? ''], 60), fill: ink.text }),
      ];
    case 'rule':
      return ruleOf(mark, data, ink);
  }
}

/** Rows in the order of x where it has one, so that a line goes from left to right; those of categories stay as they come. */
function along(data: Row[], { x = '' }: ChartMark): Row[] {
  const ordered = data.every((row) => !present(row[x]) || typeof row[x] === 'number' || row[x] instanceof Date);
  return ordered ? data.toSorted((a, b) => Number(a[x] ?? 0) - Number(b[x] ?? 0)) : data;
}

/** Rows in the order of their colours, so that these lie on one another alike in every bar. */
function stacked({ colour }: ChartMark, data: Row[], colours: Colours): Row[] {
  if (colour === undefined || colours.kind !== 'category') return data;
  const place = new Map(colours.names.map((name, i) => [name, i]));
  const of = (row: Row) => place.get(String(row[colour])) ?? place.size;
  return data.toSorted((a, b) => of(a) - of(b));
}

/** Bars of one category next to each other, one for each colour. */
function besideBars(mark: ChartMark, data: Row[], names: string[], channels: Record<string, unknown>): Plot.Markish {
  const render: Plot.RenderFunction = (index, scales, values, _, context) => {
    // SAFETY: a dot's places are numbers of pixels and its fill a text; scales of categories have a width, those of numbers a place.
    const { x, y, fill } = values as unknown as { x: number[]; y: number[]; fill: string[] };
    // SAFETY: as said of the scales above.
    const { x: along, y: up } = scales as unknown as { x: { bandwidth?(): number }; y(value: number): number };
    const width = (along.bandwidth?.() ?? 24) / names.length;
    const zero = up(0);
    const group = element(context, 'g', {});
    for (const i of index) {
      const place = names.indexOf(String(data[i][mark.colour ?? '']));
      const top = Math.min(y[i], zero);
      group.append(
        element(context, 'rect', {
          x: x[i] + place * width,
          y: top,
          width: Math.max(width - 1, 0.5),
          height: Math.abs(y[i] - zero),
          fill: fill[i],
        }),
      );
    }
    return group;
  };
  return Plot.dot(data, { ...channels, render });
}

/** An event as a short line in its row. */
function eventOf(
  mark: ChartMark,
  data: Row[],
  at: (...keys: (keyof ChartMark)[]) => Record<string, unknown>,
  stroke: unknown,
): Plot.Markish {
  // SAFETY: a stroke is what `colourOf` made of it: a colour, or a function of a row.
  const style = { stroke, strokeWidth: data.length > 5000 ? 0.8 : 1.4 } as Plot.TickXOptions;
  if (data.some((row) => typeof row[mark.y ?? ''] === 'string')) return Plot.tickX(data, { ...at('x', 'y'), ...style });
  // Rows that are numbers are many, and their axis shows but some of them.
  const edge = (sign: number) => (row: Row) => Number(row[mark.y ?? '']) + 0.42 * sign;
  return Plot.ruleX(data, { ...at('x'), y1: edge(-1), y2: edge(1), ...style });
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
