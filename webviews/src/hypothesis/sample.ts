import { sampleBudget, sampleMoves } from '../kit/sample-life-cycle.ts';
import type { HypothesisModel } from './model.ts';

/** A draft with one prediction. */
export const sample = (): HypothesisModel => ({
  id: 'hyp-0123456789abcdef',
  digest: 'a'.repeat(64),
  state: 'draft',
  meaning: 'It can still be changed.',
  claim: 'Wiring alone predicts how the network answers a stimulus.',
  rivals: ['Any wiring of the same degree would do.'],
  drafted: { at: '2026-01-02T03:04:05.678Z', by: 'editor 1.0' },
  predictions: [
    {
      id: 'wiring',
      metric: 'pearson',
      direction: 'greater',
      size: 0.1,
      between: ['twin-0123456789abcdef'],
      says: 'r of the twin is greater than 0.1',
      tests: [],
    },
  ],
  twins: [{ id: 'twin-0123456789abcdef', title: 'encoding-ridge', data: 'macaque-v4-cowley2023@2023' }],
  evidence: [],
  plans: [],
  edits: [],
  budget: sampleBudget,
  moves: sampleMoves,
  trusted: true,
});
