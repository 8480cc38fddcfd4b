import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import { sampleBudget, sampleMoves } from '../kit/sample-life-cycle.ts';
import type { BoardModel } from './model.ts';

/** One draft. */
export const sample = (): BoardModel => ({
  columns: hypothesisStates.map((state) => ({
    state,
    meaning: `What is ${state}.`,
    cards:
      state === 'draft'
        ? [
            {
              id: 'hyp-0123456789abcdef',
              state,
              claim: 'Wiring alone predicts how the network answers a stimulus.',
              predictions: 2,
              evidence: 0,
              rehearsals: 0,
              waiting: 0,
              edits: 0,
              verdicts: [],
              at: '2026-01-02T03:04:05.678Z',
              moves: sampleMoves,
            },
          ]
        : [],
  })),
  budget: sampleBudget,
  trusted: true,
});
