import * as z from 'zod';
import { HypothesisState, hypothesisStates, Prediction, Verdict } from '../hypothesis.ts';
import { ValueKind } from '../value-kind.ts';

/** Where a card of the board may go: `does` says what happens then, `refused` why it cannot. */
const Move = z.union([
  z.object({ action: z.enum(['freeze', 'supersede']), does: z.string() }),
  z.object({ refused: z.string() }),
]);
export type Move = z.infer<typeof Move>;

/** One answer for each state, the hypothesis' own included. */
const Moves = z.record(HypothesisState, Move);
export type Moves = z.infer<typeof Moves>;

/** What is left of the workspace's error budget. */
const Budget = z.object({
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

/** One test of a prediction. Null numbers: not measured. */
const TestView = z.object({
  id: z.string(),
  at: z.string(),
  experiment: z.string(),
  /** spent: its level is used up and there is no result. */
  verdict: z.union([Verdict, z.literal('spent')]),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  eFor: z.number().nullable(),
  eAgainst: z.number().nullable(),
  n: z.object({ count: z.number(), of: z.string() }).optional(),
  level: z.number(),
  /** Number of the test in the workspace, from 1. */
  index: z.number(),
  procedure: z.string(),
  demo: z.boolean(),
});
export type TestView = z.infer<typeof TestView>;

const PredictionView = Prediction.extend({
  says: z.string(),
  /** Newest first. */
  tests: z.array(TestView),
});
export type PredictionView = z.infer<typeof PredictionView>;

const EvidenceView = z.object({
  experiment: z.string(),
  plan: z.string(),
  state: z.string(),
  at: z.string(),
  driver: z.string(),
  subject: z.string(),
  /** Null until it has ended. */
  kind: ValueKind.nullable(),
  /** Whether its rows are evidence; `why` says why not. */
  counts: z.boolean(),
  why: z.string().optional(),
  delivered: z.number().nullable(),
  asked: z.number().nullable(),
  approvedBy: z.string(),
  demo: z.boolean(),
});

const Stamp = z.object({ at: z.string(), by: z.string().optional() });

/** Everything that there is to know about one hypothesis. */
export const HypothesisModel = z.object({
  id: z.string(),
  digest: z.string(),
  state: HypothesisState,
  meaning: z.string(),
  claim: z.string(),
  rivals: z.array(z.string()),
  plan: z.string().optional(),
  drafted: Stamp,
  frozen: Stamp.optional(),
  predictions: z.array(PredictionView),
  twins: z.array(z.object({ id: z.string(), title: z.string(), data: z.string() })),
  evidence: z.array(EvidenceView),
  plans: z.array(z.object({ id: z.string(), state: z.string(), waiting: z.boolean(), about: z.string() })),
  supersedes: z.string().optional(),
  supersededBy: z.string().optional(),
  /** The wording that took the place of this draft. */
  editedInto: z.string().optional(),
  /** Earlier wordings, newest first. */
  edits: z.array(z.string()),
  budget: Budget,
  moves: Moves,
  trusted: z.boolean(),
});
export type HypothesisModel = z.infer<typeof HypothesisModel>;

/** A draft as a person types it. The lab server has the last word on whether it is one. */
export const DraftForm = z.object({
  claim: z.string().max(20_000),
  rivals: z.array(z.string().max(20_000)).max(50),
  predictions: z
    .array(
      z.object({
        id: z.string().max(200),
        metric: z.string().max(200),
        direction: z.enum(['greater', 'less', 'equivalent']),
        /** As typed. */
        size: z.string().max(60),
        between: z.array(z.string().max(200)).max(2),
        because: z.string().max(20_000),
      }),
    )
    .max(50),
  plan: z.string().max(50_000),
});
export type DraftForm = z.infer<typeof DraftForm>;

export const DraftModel = z.object({
  /** new; edit: another wording of the draft `of`; supersede: a new version of the frozen `of`. */
  mode: z.enum(['new', 'edit', 'supersede']),
  of: z.string().optional(),
  form: DraftForm,
  twins: z.array(z.object({ id: z.string(), title: z.string(), data: z.string() })),
  trusted: z.boolean(),
  /** Why the last attempt to save failed. */
  problem: z.string().optional(),
  saving: z.boolean(),
});
export type DraftModel = z.infer<typeof DraftModel>;
