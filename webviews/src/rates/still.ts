import { numbersOf } from '../kit/numbers.ts';
import type { Still } from '../kit/still.ts';
import { axisTitle, curveColour, stillSize } from '../kit/still-axes.ts';
import type { RatesModel } from './model.ts';

const finite = (value: number | null | undefined) => (value === null || Number.isNaN(value) ? null : value);

/** Lines over time with their bands. */
export function still({ timeMs, value, series }: RatesModel): Still {
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
    parts: [
      {
        is: 'chart',
        spec: {
          ...stillSize,
          data: { name: 'rates' },
          encoding: { x: { field: 'time', type: 'quantitative', title: 'time (ms)' }, color: curveColour },
          layer: [
            {
              mark: { type: 'area', opacity: 0.25 },
              encoding: { y: { field: 'low', type: 'quantitative', title: axisTitle(value) }, y2: { field: 'high' } },
            },
            { mark: 'line', encoding: { y: { field: 'value', type: 'quantitative' } } },
          ],
        },
        data: { rates: rows },
      },
    ],
  };
}
