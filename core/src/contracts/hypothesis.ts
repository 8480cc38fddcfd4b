import * as z from 'zod';
import { MeasuredQuestion } from './question.ts';
import { Level, Receipt } from './receipt.ts';

/**
 * What must be seen if the claim is right, in a form that a machine can test. `metric` names a test kind of the lab server
 * and with it the statistic and its unit: the agent chooses it before it sees data, and freezing fixes it.
 */
export const Prediction = z
  .object({
    /** Unique within the hypothesis. */
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    metric: z.string().min(1).max(60),
    unit: z.string().max(40).optional(),
    /** greater: the metric is above `size`. less: below it. equivalent: within ± `size`. */
    direction: z.enum(['greater', 'less', 'equivalent']),
    /** Smallest effect that counts, in the metric's unit. */
    size: z.number(),
    /** Ids of the twins that are compared, first minus second; one id where the metric needs one twin. None of a measured table. */
    between: z.array(z.string().min(1)).max(2),
    /** Of a measured table: what is asked of it. */
    measured: MeasuredQuestion.omit({ metric: true }).optional(),
    /** Why the claim implies this. */
    because: z.string().max(500).optional(),
  })
  .refine((prediction) => prediction.direction !== 'equivalent' || prediction.size > 0, {
    error: 'equivalent needs size > 0: the largest difference that still counts as none',
    path: ['size'],
  });
export type Prediction = z.infer<typeof Prediction>;

export const hypothesisStates = [
  'draft',
  'frozen',
  'tested',
  'supported',
  'refuted',
  'contradictory',
  'inconclusive',
  'post hoc',
  'superseded',
] as const;
export const HypothesisState = z.enum(hypothesisStates);
export type HypothesisState = z.infer<typeof HypothesisState>;

/**
 * What a test or an experiment can conclude about a prediction or a claim. post hoc: nothing, because what it was tested on had
 * been seen before it was made.
 */
export const Verdict = z.enum(['supported', 'refuted', 'inconclusive', 'post hoc']);
export type Verdict = z.infer<typeof Verdict>;

/** The content of a hypothesis: what freezing freezes. Its id is `hyp-` + 16 hex digits of its digest. */
export const HypothesisContent = z.object({
  claim: z.string().min(10).max(2000),
  /** Other explanations that the predictions must tell apart from the claim. */
  rivals: z.array(z.string().min(3).max(1000)).min(1).max(10),
  predictions: z
    .array(Prediction)
    .min(1)
    .max(10)
    .refine((predictions) => new Set(predictions.map(({ id }) => id)).size === predictions.length, {
      error: 'two predictions have the same id',
    }),
  /** How the test is meant to be done: subject, stimuli, sample size, stop rule, in words. */
  plan: z.string().max(4000).optional(),
  supersedes: z
    .string()
    .regex(/^hyp-[0-9a-f]{16}$/)
    .optional(),
});
export type HypothesisContent = z.infer<typeof HypothesisContent>;

/** A hypothesis as the ledger keeps it; subject: its id. First it is a draft; one record, at most, freezes it. */
export const HypothesisRecord = z.object({
  id: z.string().regex(/^hyp-[0-9a-f]{16}$/),
  state: z.enum(['draft', 'frozen']),
  content: HypothesisContent,
  /** sha256 over the canonical JSON of `content`; the same in draft and frozen. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of a draft: the draft that it is an edit of. Not under the digest: what is frozen says nothing of its drafts. */
  replaces: z
    .string()
    .regex(/^hyp-[0-9a-f]{16}$/)
    .optional(),
});
export type HypothesisRecord = z.infer<typeof HypothesisRecord>;

/**
 * First record of a test (subject: the hypothesis): appended, and durable, before any number of the evidence is read. A test
 * that dies after it has still used up its level.
 */
export const TestSpend = z.object({
  phase: z.literal('spent'),
  hypothesis: z.string(),
  prediction: z.string(),
  metric: z.string(),
  /** Record id of the experiment whose trials are the evidence, or the release (`id@release`) whose rows are. */
  experiment: z.string(),
  /** Of rows of a release: their table, and the part of it that was withheld (a sha256) where they are that part. */
  rows: z.object({ table: z.string(), columns: z.array(z.string()), withheld: z.string().optional() }).optional(),
  /** True when the evidence had been seen: it decides nothing, and uses no level. */
  postHoc: z.literal(true).optional(),
  /** What each twin predicted: object digests, in the order of the prediction's `between`. */
  predicted: z.array(z.object({ twin: z.string(), object: z.string(), activity: z.string() })),
  budget: Level,
  /** Where the workspace has a witness: its word that this level was given to this test. */
  receipt: Receipt.optional(),
});
export type TestSpend = z.infer<typeof TestSpend>;

/** An estimate on a random sample, beside that on stimuli that were chosen. It decides nothing. */
export const AtRandom = z.object({
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.object({ count: z.number().int(), of: z.string() }),
});
export type AtRandom = z.infer<typeof AtRandom>;

/** Second record of a test (subject: the hypothesis): what came out. */
export const TestResult = z.object({
  phase: z.literal('result'),
  /** Record id of the spend. */
  test: z.string(),
  hypothesis: z.string(),
  prediction: z.string(),
  experiment: z.string(),
  verdict: Verdict,
  /** True when an error-controlled claim was made, for or against: it counts as a discovery for later levels. */
  discovery: z.boolean(),
  /** Digest of the quantity that was asked for, of what and in what: discoveries about one are one. */
  fact: z.string().optional(),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** e-value against "the prediction is false" and against "the prediction is true". */
  eFor: z.number().nullable(),
  eAgainst: z.number().nullable(),
  /** The same as p-values, of a test that gives these. */
  pFor: z.number().nullable().optional(),
  pAgainst: z.number().nullable().optional(),
  /** Of a sequential test: after how many of its units it stopped, and why. A later result of the same test goes on from there. */
  sequence: z
    .object({ units: z.number().int(), of: z.number().int(), why: z.enum(['decided', 'no more units', 'futile']) })
    .optional(),
  n: z.object({ count: z.number().int(), of: z.string() }),
  demo: z.boolean().optional(),
  /** How the tested stimuli were chosen, where they were chosen to tell the twins apart. */
  chosen: z.string().optional(),
  /** The same quantity on a random sample of the stimuli that could have been chosen, where the experiment showed one. */
  atRandom: AtRandom.optional(),
  /** Of a verdict of post hoc: when what it was tested on had been seen. */
  postHoc: z.string().optional(),
});
export type TestResult = z.infer<typeof TestResult>;
