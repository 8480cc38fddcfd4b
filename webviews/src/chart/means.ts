import * as Plot from '@observablehq/plot';
import type { Ink } from '../kit/ink.ts';
import { element, turned, upright } from './elements.ts';
import { groupsOf, halfWidth, summaryOf } from './groups.ts';
import type { ChartMark } from './model.ts';
import { type Colours, present, type Row } from './rows.ts';

/** Mean and spread of one group, as a row that Plot takes. */
interface Mean {
  at: unknown;
  colour: string | null;
  panelX: unknown;
  panelY: unknown;
  mean: number;
  low: number;
  high: number;
}

/** Mean and spread of y at each x, or of x at each y where categories stand there. */
export function meansOf(mark: ChartMark, data: Row[], sideways: boolean): Mean[] {
  const { colour, panelX, panelY } = mark;
  const [at, value] = sideways ? [mark.y, mark.x] : [mark.x, mark.y];
  const spread = mark.spread ?? (mark.mark === 'tuning' ? 'sem' : 'sd');
  return groupsOf(data, { at, value, colour, panelX, panelY }).map(({ values, ...place }) => {
    const summary = summaryOf(values);
    const half = halfWidth(summary, spread);
    return {
      ...place,
      colour: present(place.colour) ? String(place.colour) : null,
      mean: summary.mean,
      low: summary.mean - half,
      high: summary.mean + half,
    };
  });
}

/** A dot with a whisker for each mean: beside one another by colour where x is a band of categories; joined for `tuning`. */
export function meanMarks(mark: ChartMark, data: Row[], colours: Colours, sideways: boolean, ink: Ink): Plot.Markish[] {
  const means = meansOf(mark, data, sideways);
  const coloured = mark.colour !== undefined && colours.kind === 'category';
  const colour = coloured ? 'colour' : mark.mark === 'tuning' ? ink.series[0] : ink.text;
  const panels = { ...(mark.panelX && { fx: 'panelX' }), ...(mark.panelY && { fy: 'panelY' }) };
  const [along, value] = sideways ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const whiskers = Plot.dot(means, {
    [along]: 'at',
    [value]: 'mean',
    ...panels,
    fill: colour,
    channels: { low: { value: 'low', scale: value }, high: { value: 'high', scale: value } },
    render: whiskerOf(mark, means, colours, sideways, ink),
  });
  if (mark.mark !== 'tuning') return [whiskers];
  const joined = [...means].sort((a, b) => Number(a.at) - Number(b.at));
  return [
    Plot.line(joined, {
      x: 'at',
      y: 'mean',
      ...panels,
      ...(coloured && { z: 'colour' }),
      stroke: colour,
      strokeWidth: 1.75,
    }),
    whiskers,
  ];
}

function whiskerOf(mark: ChartMark, means: Mean[], colours: Colours, sideways: boolean, ink: Ink): Plot.RenderFunction {
  const along = sideways ? 'y' : 'x';
  const turn = sideways ? turned : upright;
  return (index, scales, values, _, context) => {
    // SAFETY: the channels that `meanMarks` gives, as pixels and colours.
    const channel = values as unknown as Record<string, number[]> & { fill?: string[] };
    // SAFETY: a scale of categories has a width; others have none.
    const scale = (scales as unknown as Record<string, { bandwidth?(): number }>)[along];
    const width = scale.bandwidth?.() ?? 0;
    const names = colours.kind === 'category' ? colours.names : [];
    const beside = width > 0 && mark.colour !== undefined && mark.colour !== mark[along] && names.length > 0;
    const group = element(context, 'g', {});
    for (const i of index) {
      const step = beside ? (names.indexOf(String(means[i].colour)) + 0.5) / names.length : 0.5;
      const middle = channel[along][i] + width * step;
      const stroke = channel.fill?.[i] ?? (mark.mark === 'tuning' ? ink.series[0] : ink.text);
      const [low, high] = [channel.low[i], channel.high[i]];
      const centre = channel[sideways ? 'x' : 'y'][i];
      const cap = 4;
      for (const [a, b, c, d] of [
        [middle, low, middle, high],
        [middle - cap, low, middle + cap, low],
        [middle - cap, high, middle + cap, high],
      ])
        group.append(element(context, 'line', { ...turn.line(a, b, c, d), stroke, 'stroke-width': 1.6 }));
      group.append(
        element(context, 'circle', {
          ...turn.circle(middle, centre),
          r: 4,
          fill: stroke,
          stroke: ink.ground,
          'stroke-width': 1,
        }),
      );
    }
    return group;
  };
}
