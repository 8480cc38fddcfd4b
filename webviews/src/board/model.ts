import { HypothesisState, hypothesisStates, Verdict } from '@bregma/core/contracts/hypothesis';
import * as z from 'zod';
import { Budget, Moves } from '../kit/life-cycle.ts';

const BoardCard = z.object({
  id: z.string(),
  state: HypothesisState,
  claim: z.string(),
  predictions: z.number(),
  /** Experiments whose rows are evidence, and those whose rows are not. */
  evidence: z.number(),
  rehearsals: z.number(),
  /** Plans that wait for a person. */
  waiting: z.number(),
  /** Earlier wordings of a draft. */
  edits: z.number(),
  /** The newest result, if there is one. */
  result: z
    .object({ verdict: Verdict, estimate: z.number().nullable(), unit: z.string(), demo: z.boolean() })
    .optional(),
  /** Each verdict that its tests came to, in the order in which they first did: more than one where they do not agree. */
  verdicts: z.array(Verdict),
  at: z.string(),
  moves: Moves,
});
export type BoardCard = z.infer<typeof BoardCard>;

/** The board: one column a state, in the order of the life cycle. */
export const BoardModel = z.object({
  columns: z.array(z.object({ state: z.enum(hypothesisStates), meaning: z.string(), cards: z.array(BoardCard) })),
  budget: Budget,
  /** False: nothing may be written here. */
  trusted: z.boolean(),
});
export type BoardModel = z.infer<typeof BoardModel>;
