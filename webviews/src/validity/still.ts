import { plainly } from '../kit/format.ts';
import type { Still } from '../kit/still.ts';
import type { ValidityModel } from './model.ts';

/** How many units score how well, with centre, ceiling and control as lines and as numbers. */
export function still(model: ValidityModel): Still {
  const { units, centre, ceiling, control, metric } = model;
  const rows: Record<string, unknown>[] = units.flatMap(({ value }) => (value === null ? [] : [{ value }]));
  const lines = Object.entries({ [centre.is]: centre.value, ceiling, control }).flatMap(([name, at]) =>
    at === null ? [] : [{ name, at }],
  );
  return {
    parts: [
      {
        is: 'chart',
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
      },
    ],
    numbers: numbersOf(model),
  };
}

function numbersOf({ centre, ceiling, ceilingIs, control, controlIs }: ValidityModel): [string, string][] {
  const say = (value: number | null, is?: string) => [plainly(value), is].filter(Boolean).join(': ');
  return [
    [centre.is === 'median' ? 'Median' : 'r over all pairs', say(centre.value)],
    ['Ceiling', say(ceiling, ceilingIs)],
    ['Control', say(control, controlIs)],
  ];
}
