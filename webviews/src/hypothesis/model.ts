import { HypothesisState, Prediction, Verdict } from '@bregma/core/contracts/hypothesis';
import { ValueKind } from '@bregma/core/contracts/value-kind';
import * as z from 'zod';
import { Budget, Moves } from '../kit/life-cycle.ts';

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
  /** How its stimuli were chosen, and when its evidence had been seen, where this limits what it says. */
  chosen: z.string().optional(),
  postHoc: z.string().optional(),
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
