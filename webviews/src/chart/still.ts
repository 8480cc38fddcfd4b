import type { Still } from '../kit/still.ts';
import type { ChartMark, ChartModel, ChartScale } from './model.ts';

type Spec = Record<string, unknown>;
type Row = Record<string, unknown>;

const marks: Record<ChartMark['mark'], unknown> = {
  dot: { type: 'point', filled: true },
  line: 'line',
  bar: 'bar',
  area: 'area',
  band: { type: 'area', opacity: 0.3 },
  interval: 'rule',
  box: { type: 'boxplot', extent: 1.5 },
  violin: { type: 'boxplot', extent: 'min-max', opacity: 0.5 },
  points: { type: 'point', filled: true, opacity: 0.6 },
  mean: { type: 'errorbar', extent: 'stdev', ticks: true },
  tuning: { type: 'line', point: true },
  fit: 'line',
  tick: 'tick',
  histogram: 'bar',
  cell: 'rect',
  rule: { type: 'rule', strokeDash: [4, 3] },
  text: 'text',
};

/** The chart as Vega-Lite draws it. */
export function still({ spec, rows }: ChartModel): Still {
  const panelX = spec.marks.find((mark) => mark.panelX)?.panelX;
  const panelY = spec.marks.find((mark) => mark.panelY)?.panelY;
  const layer = spec.marks.map((mark) => ({
    mark: marks[mark.mark],
    encoding: encoding(mark, spec, rows),
    ...(mark.mark === 'fit' && {
      transform: [{ regression: mark.y, on: mark.x, ...(mark.colour && { groupby: [mark.colour] }) }],
    }),
  }));
  const facet = {
    ...(panelX && { column: { field: field(panelX) } }),
    ...(panelY && { row: { field: field(panelY) } }),
  };
  const whole = { width: panelX ? 220 : 560, height: spec.heightPx ?? 280 };
  return {
    parts: [
      {
        is: 'chart',
        spec: {
          data: { name: 'rows' },
          ...(panelX || panelY ? { facet, spec: { layer, ...whole } } : { layer, ...whole }),
        },
        data: { rows },
      },
    ],
  };
}

function encoding(mark: ChartMark, { x, y, colour }: ChartModel['spec'], rows: Row[]): Spec {
  const channels: Spec = {};
  const put = (channel: string, name: string | undefined, scale?: ChartScale) => {
    if (name !== undefined)
      channels[channel] = { field: field(name), ...typed(name, rows, scale), ...axis(scale, name) };
  };
  put('x', mark.x ?? mark.x1, x);
  put('y', mark.y ?? mark.y1, y);
  if (mark.x2) channels.x2 = { field: field(mark.x2) };
  if (mark.y2) channels.y2 = { field: field(mark.y2) };
  put('color', mark.colour, colour);
  put('shape', mark.symbol);
  put('text', mark.text);
  if (mark.mark === 'histogram') {
    // SAFETY: `put` makes a channel as an object, or none.
    channels.x = { ...(channels.x as Spec), bin: { maxbins: mark.bins ?? 30 } };
    channels.y = { aggregate: 'count', type: 'quantitative' };
  }
  // SAFETY: as above.
  if (mark.mark === 'tuning') channels.y = { ...(channels.y as Spec), aggregate: 'mean' };
  if (mark.mark === 'rule' && mark.at !== undefined) return { [mark.axis ?? 'y']: { datum: mark.at } };
  return channels;
}

function typed(name: string, rows: Row[], scale: ChartScale | undefined): Spec {
  if (scale?.type === 'category') return { type: 'nominal' };
  if (scale?.type === 'time') return { type: 'temporal' };
  return { type: rows.some((row) => typeof row[name] === 'number') ? 'quantitative' : 'nominal' };
}

function axis(scale: ChartScale | undefined, name: string): Spec {
  const title = [scale?.label ?? name, scale?.unit && `(${scale.unit})`].filter(Boolean).join(' ');
  const type = scale?.type && ['log', 'sqrt', 'symlog'].includes(scale.type) ? { type: scale.type } : {};
  const domain = scale?.domain ? { domain: scale.domain } : {};
  const zero = scale?.zero === undefined ? {} : { zero: scale.zero };
  return { title, scale: { ...type, ...domain, ...zero } };
}

/** Vega-Lite reads dots and brackets in a field as a path. */
const field = (name: string) => name.replace(/[.[\]\\]/g, '\\$&');
