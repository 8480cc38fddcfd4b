import type { ClaimModel } from './model.ts';

/** A claim with one prediction that was tested and one that was not. */
export function sample(): ClaimModel {
  const prediction = { metric: 'pearson', direction: 'greater', size: 0.1, between: ['twin-0123456789abcdef'] };
  return {
    id: 'hyp-0123456789abcdef',
    state: 'tested',
    digest: 'a'.repeat(64),
    at: '2026-01-02T03:04:05.678Z',
    content: {
      claim: 'Wiring alone predicts how the network answers a stimulus.',
      rivals: ['Any wiring of the same degree would do.'],
      predictions: [
        { id: 'wiring', ...prediction },
        { id: 'degree', ...prediction },
      ],
    },
    spent: 1,
    results: [
      {
        test: 'tst-0123456789abcdef',
        prediction: 'wiring',
        verdict: 'supported',
        estimate: 0.21,
        low: 0.14,
        high: 0.28,
        n: { count: 40, of: 'stimuli' },
      },
    ],
  };
}
