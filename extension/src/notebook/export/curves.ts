import type { Quantity } from '@bregma/webviews/kit/packed';
import type { PointsModel } from '@bregma/webviews/points/model';
import type { RatesModel } from '@bregma/webviews/rates/model';
import type { TuningModel } from '@bregma/webviews/tuning/model';
import type { ChartRequest } from '../chart.ts';
import { numbersOf } from './unpack.ts';

const size = { width: 560, height: 280 };
const title = ({ label, unit }: Quantity) => (unit ? `${label} (${unit})` : label);
const finite = (value: number | null | undefined) => (value === null || Number.isNaN(value) ? null : value);
const colour = { field: 'curve', type: 'nominal', title: null };

/** Means with their intervals: lines and points, whiskers where there are intervals. */
export function tuning({ curves, stimulus, response }: TuningModel): ChartRequest {
  const rows = curves.flatMap(({ name, points }) => points.map((point) => ({ curve: name, ...point })));
  const x = {
    field: 'at',
    type: 'quantitative',
    title: title(stimulus),
    scale: { type: stimulus.scale ?? 'linear', zero: false },
  };
  return {
    spec: {
      ...size,
      data: { name: 'points' },
      transform: [{ filter: 'datum.mean !== null' }],
      encoding: { x, color: colour },
      layer: [
        {
          transform: [{ filter: 'datum.low !== null' }],
          mark: 'rule',
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'line', point: true },
          encoding: { y: { field: 'mean', type: 'quantitative', title: title(response) } },
        },
      ],
    },
    data: { points: rows },
  };
}

/** Lines over time with their bands. */
export function rates({ timeMs, value, series }: RatesModel): ChartRequest {
  const time = numbersOf(timeMs);
  const rows = series.flatMap(({ name, values, low, high }) => {
    const [middle, below, above] = [values, low, high].map((list) => list && numbersOf(list));
    return Array.from(time, (at, i) => ({
      curve: name,
      time: at,
      value: finite(middle?.[i]),
      low: finite(below?.[i] ?? null),
      high: finite(above?.[i] ?? null),
    }));
  });
  return {
    spec: {
      ...size,
      data: { name: 'rates' },
      encoding: { x: { field: 'time', type: 'quantitative', title: 'time (ms)' }, color: colour },
      layer: [
        {
          mark: { type: 'area', opacity: 0.25 },
          encoding: { y: { field: 'low', type: 'quantitative', title: title(value) }, y2: { field: 'high' } },
        },
        { mark: 'line', encoding: { y: { field: 'value', type: 'quantitative' } } },
      ],
    },
    data: { rates: rows },
  };
}

/** Points that a still drawing shows at most. */
const mostPoints = 5_000;

export function points(model: PointsModel): ChartRequest {
  const { axes, category, value, equal } = model;
  const [x, y] = [numbersOf(model.x), numbersOf(model.y)];
  const of = category ? numbersOf(category.values) : value && numbersOf(value.values);
  const every = Math.max(1, Math.ceil(x.length / mostPoints));
  const rows: Record<string, unknown>[] = [];
  for (let i = 0; i < x.length; i += every) {
    const shade = category && of ? category.names[of[i]] : of?.[i];
    if (Number.isFinite(x[i]) && Number.isFinite(y[i])) rows.push({ x: x[i], y: y[i], ...(of && { shade }) });
  }
  const axis = (field: 'x' | 'y') => ({
    field,
    type: 'quantitative',
    title: title(axes[field]),
    scale: { zero: false },
  });
  return {
    spec: {
      width: equal ? 420 : size.width,
      height: equal ? 420 : size.height,
      data: { name: 'points' },
      ...(every > 1 && { title: `Every ${every}th point` }),
      mark: { type: 'circle', size: 12, opacity: 0.7 },
      encoding: {
        x: axis('x'),
        y: axis('y'),
        ...(of && {
          color: {
            field: 'shade',
            type: category ? 'nominal' : 'quantitative',
            title: category?.name ?? title(value!),
          },
        }),
      },
    },
    data: { points: rows },
  };
}
