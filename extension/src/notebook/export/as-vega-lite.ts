import type { ChartMark, ChartModel, ChartScale } from '@bregma/webviews/chart/model';
import type { PointsModel } from '@bregma/webviews/points/model';
import type { RasterModel } from '@bregma/webviews/raster/model';
import type { RatesModel } from '@bregma/webviews/rates/model';
import type { TuningModel } from '@bregma/webviews/tuning/model';
import type { ValidityModel } from '@bregma/webviews/validity/model';
import type { ChartRequest } from '../chart.ts';
import type { Row } from '../draw/chart-rows.ts';
import type { Picture } from '../draw/draw.ts';
import { points, rates, tuning } from './curves.ts';
import { numbersOf, wordsOf } from './unpack.ts';

type Spec = Record<string, unknown>;

/** A picture as a drawing that needs no program to be read, or undefined where its view has no such form. */
export function asVegaLite({ view, model }: Picture): ChartRequest | undefined {
  if (view === 'chart') return chart(model as ChartModel);
  if (view === 'validity') return validity(model as ValidityModel);
  if (view === 'raster') return raster(model as RasterModel);
  if (view === 'rates') return rates(model as RatesModel);
  if (view === 'tuning') return tuning(model as TuningModel);
  if (view === 'points') return points(model as PointsModel);
  return undefined;
}

const marks: Record<ChartMark['mark'], unknown> = {
  dot: { type: 'point', filled: true },
  line: 'line',
  bar: 'bar',
  area: 'area',
  band: { type: 'area', opacity: 0.3 },
  interval: 'rule',
  box: { type: 'boxplot', extent: 'min-max' },
  histogram: 'bar',
  cell: 'rect',
  rule: { type: 'rule', strokeDash: [4, 3] },
  text: 'text',
};

function chart({ spec, rows }: ChartModel): ChartRequest {
  const panelX = spec.marks.find((mark) => mark.panelX)?.panelX;
  const panelY = spec.marks.find((mark) => mark.panelY)?.panelY;
  const layer = spec.marks.map((mark) => ({ mark: marks[mark.mark], encoding: encoding(mark, spec, rows) }));
  const facet = {
    ...(panelX && { column: { field: field(panelX) } }),
    ...(panelY && { row: { field: field(panelY) } }),
  };
  const whole = { width: panelX ? 220 : 560, height: spec.heightPx ?? 280 };
  return {
    spec: {
      data: { name: 'rows' },
      ...(panelX || panelY ? { facet, spec: { layer, ...whole } } : { layer, ...whole }),
    },
    data: { rows },
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
    channels.x = { ...(channels.x as Spec), bin: { maxbins: mark.bins ?? 30 } };
    channels.y = { aggregate: 'count', type: 'quantitative' };
  }
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

function validity({ units, centre, ceiling, control, metric }: ValidityModel): ChartRequest {
  const rows: Row[] = units.flatMap(({ value }) => (value === null ? [] : [{ value }]));
  const lines = Object.entries({ [centre.is]: centre.value, ceiling, control }).flatMap(([name, at]) =>
    at === null ? [] : [{ name, at }],
  );
  return {
    spec: {
      width: 560,
      height: 220,
      layer: [
        {
          data: { name: 'units' },
          mark: { type: 'bar', opacity: 0.6 },
          encoding: {
            x: { field: 'value', type: 'quantitative', bin: { maxbins: 30 }, title: metric },
            y: { aggregate: 'count', title: 'units' },
          },
        },
        {
          data: { name: 'lines' },
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: {
            x: { field: 'at', type: 'quantitative' },
            strokeDash: { field: 'name', type: 'nominal', title: null },
          },
        },
      ],
    },
    data: { units: rows, lines },
  };
}

/** Spikes that a still drawing shows at most. */
const mostSpikes = 5_000;

function raster(model: RasterModel): ChartRequest {
  const [timesMs, neuron] = [numbersOf(model.timesMs), numbersOf(model.neuron)];
  const neurons = wordsOf(model.neurons);
  const every = Math.max(1, Math.ceil(timesMs.length / mostSpikes));
  const rows = Array.from(timesMs, (time, i) => ({ time, neuron: neurons[neuron[i]] })).filter(
    (_, i) => i % every === 0,
  );
  return {
    spec: {
      width: 560,
      height: Math.min(600, Math.max(120, neurons.length * 4)),
      data: { name: 'spikes' },
      ...(every > 1 && { title: `Every ${every}th spike` }),
      mark: { type: 'tick', thickness: 1 },
      encoding: {
        x: { field: 'time', type: 'quantitative', title: 'time (ms)' },
        y: {
          field: 'neuron',
          type: 'nominal',
          axis: neurons.length > 60 ? { labels: false, ticks: false } : {},
          title: 'neuron',
        },
      },
    },
    data: { spikes: rows },
  };
}
