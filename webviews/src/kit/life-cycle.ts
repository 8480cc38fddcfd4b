import { HypothesisState } from '@bregma/core/contracts/hypothesis';
import * as z from 'zod';

/** Where a card of the board may go: `does` says what happens then, `refused` why it cannot. */
const Move = z.union([
  z.object({ action: z.enum(['freeze', 'supersede']), does: z.string() }),
  z.object({ refused: z.string() }),
]);
export type Move = z.infer<typeof Move>;

/** One answer for each state, the hypothesis' own included. */
export const Moves = z.record(HypothesisState, Move);
export type Moves = z.infer<typeof Moves>;

/** What is left of the workspace's error budget. */
export const Budget = z.object({
  procedure: z.string(),
  /** False discovery rate that all tests keep to together. */
  alpha: z.number(),
  /** Tests that were paid for. */
  tests: z.number(),
  discoveries: z.number(),
  /** Level of the next test; its e-value must reach 1 / level. */
  nextLevel: z.number(),
});
export type Budget = z.infer<typeof Budget>;
