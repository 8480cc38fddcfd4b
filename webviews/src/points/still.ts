import { numbersOf } from '../kit/numbers.ts';
import type { Still } from '../kit/still.ts';
import { axisTitle, stillSize } from '../kit/still-axes.ts';
import type { PointsModel } from './model.ts';

/** Points that a still drawing shows at most. */
const mostPoints = 5_000;

/** Points; of many, every so many. */
export function still(model: PointsModel): Still {
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
    title: axisTitle(axes[field]),
    scale: { zero: false },
  });
  return {
    parts: [
      {
        is: 'chart',
        spec: {
          width: equal ? 420 : stillSize.width,
          height: equal ? 420 : stillSize.height,
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
                title: category?.name ?? axisTitle(value!),
              },
            }),
          },
        },
        data: { points: rows },
      },
    ],
  };
}
