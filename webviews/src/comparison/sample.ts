import type { ComparisonModel } from './model.ts';

/** A repetition whose numbers differ a little. */
export function sample(): ComparisonModel {
  const side = (id: string, at: string) => ({
    id,
    tool: 'run_twin',
    at,
    code: '0.1.0+0123456789ab',
    valueKind: 'predicted',
    n: { count: 40, of: 'stimuli' },
  });
  return {
    as: 'replay',
    before: side('act-0123456789abcdef', '2026-01-02T03:04:05.678Z'),
    after: side('act-fedcba9876543210', '2026-01-03T03:04:05.678Z'),
    equal: false,
    asked: [],
    run: [],
    answer: [{ path: 'value.mean', before: 1.25, after: 1.5, delta: 0.25 }],
    more: false,
    numbers: [
      {
        path: 'value.rates',
        n: 5,
        differing: 2,
        onlyOne: 0,
        largest: 0.5,
        rms: 0.25,
        r: 0.98,
        pairs: [
          [1, 1],
          [2, 2.5],
          [3, 3],
          [4, 3.75],
          [5, 5],
        ],
      },
    ],
    outputs: [{ before: 'b'.repeat(64), after: 'c'.repeat(64), equal: false, note: '1,024 bytes each' }],
  };
}
