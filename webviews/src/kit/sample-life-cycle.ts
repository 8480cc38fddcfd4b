import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import type { Budget, Moves } from './life-cycle.ts';

/** A budget of which one test is spent. */
export const sampleBudget: Budget = { procedure: 'e-LOND', alpha: 0.05, tests: 1, discoveries: 0, nextLevel: 0.0076 };

/** What a draft may become. */
export const sampleMoves = Object.fromEntries(
  hypothesisStates.map((state) => [
    state,
    state === 'frozen'
      ? { action: 'freeze' as const, does: 'It can no longer be changed.' }
      : { refused: 'The lab server decides this, not a person.' },
  ]),
  // SAFETY: made from all states, so each has its entry.
) as Moves;
