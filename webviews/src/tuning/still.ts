import type { Still } from '../kit/still.ts';
import { axisTitle, curveColour, stillSize } from '../kit/still-axes.ts';
import type { TuningModel } from './model.ts';

/** Means with their intervals: lines and points, whiskers where there are intervals. */
export function still({ curves, stimulus, response }: TuningModel): Still {
  const rows = curves.flatMap(({ name, points }) => points.map((point) => ({ curve: name, ...point })));
  const x = {
    field: 'at',
    type: 'quantitative',
    title: axisTitle(stimulus),
    scale: { type: stimulus.scale ?? 'linear', zero: false },
  };
  return {
    parts: [
      {
        is: 'chart',
        spec: {
          ...stillSize,
          data: { name: 'points' },
          transform: [{ filter: 'datum.mean !== null' }],
          encoding: { x, color: curveColour },
          layer: [
            {
              transform: [{ filter: 'datum.low !== null' }],
              mark: 'rule',
              encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
            },
            {
              mark: { type: 'line', point: true },
              encoding: { y: { field: 'mean', type: 'quantitative', title: axisTitle(response) } },
            },
          ],
        },
        data: { points: rows },
      },
    ],
  };
}
