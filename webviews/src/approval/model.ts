import { Meaning, SubjectRecord } from '@bregma/core/contracts/experiment';
import { HypothesisState } from '@bregma/core/contracts/hypothesis';
import * as z from 'zod';

/** Where a plan stands with the people who may sign it. */
export const planStates = [
  'waiting',
  'reviewed',
  'approved',
  'expired',
  'void',
  'rejected',
  'running',
  'elsewhere',
  'interrupted',
  'complete',
  'stopped',
  'failed',
  'obsolete',
] as const;
export const PlanState = z.enum(planStates);
export type PlanState = z.infer<typeof PlanState>;

/** One signature on a plan, and what it permits now. */
const Signature = z.object({
  id: z.string(),
  by: z.string(),
  meaning: Meaning.nullable(),
  signedAt: z.string(),
  expires: z.string(),
  comment: z.string().optional(),
  demo: z.boolean(),
  /** valid: it permits one run now. Else the refusal: used, expired, only-reviewed, withdrawn, untrusted-key, forged… */
  standing: z.string(),
  /** Why it permits nothing. */
  why: z.string().optional(),
});
export type Signature = z.infer<typeof Signature>;

/** What a person who signs a plan must see. Times in s from its start. */
export const PlanModel = z.object({
  id: z.string(),
  hash: z.string(),
  state: PlanState,
  meaning: z.string(),
  madeAt: z.string(),
  madeBy: z.string().optional(),
  hypothesis: z.object({
    id: z.string(),
    state: HypothesisState,
    claim: z.string(),
    predictions: z.array(z.string()),
  }),
  driver: z.string(),
  subject: SubjectRecord.extend({ expired: z.boolean() }),
  design: z.object({
    trials: z.number(),
    stimuli: z.array(z.number()),
    repeats: z.object({ fewest: z.number(), most: z.number() }),
    randomisation: z.string(),
    orderSeed: z.number(),
    paceMs: z.number(),
    proposedBy: z.string().optional(),
  }),
  power: z.object({
    n: z.number(),
    of: z.string(),
    detectable: z.number(),
    power: z.number(),
    level: z.number(),
    assuming: z.string(),
  }),
  limits: z.array(z.object({ what: z.string(), planned: z.number(), limit: z.number(), unit: z.string() })),
  cost: z.object({ trials: z.number(), durationS: z.number(), newSubjects: z.number() }),
  twins: z.array(z.object({ id: z.string(), title: z.string(), fittedOn: z.string() })),
  dryRun: z.object({
    /** The driver's own words when the plan was made. */
    would: z.string().optional(),
    activity: z.string().optional(),
    checks: z.array(z.object({ ok: z.boolean(), says: z.string() })),
    /** First trials in order of presentation. */
    trace: z.array(z.object({ trial: z.number(), block: z.number(), stimulus: z.number(), atS: z.number() })),
    trials: z.number(),
    blocks: z.number(),
    /** Why the order cannot be shown. */
    problem: z.string().optional(),
  }),
  /** How it differs from the plan of the same hypothesis before it. */
  change: z
    .object({
      since: z.string(),
      /** That plan was approved once: the approval does not hold for this one. */
      approved: z.boolean(),
      differences: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
    })
    .optional(),
  signatures: z.array(Signature),
  experiments: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      reason: z.string().optional(),
      delivered: z.number().nullable(),
      asked: z.number(),
      kind: z.string().optional(),
      approvedBy: z.string(),
      at: z.string(),
    }),
  ),
  /** The key of the person at this editor; null: none was made yet. */
  key: z.object({ name: z.string(), fingerprint: z.string() }).nullable(),
  trusted: z.boolean(),
});
export type PlanModel = z.infer<typeof PlanModel>;

/** What a person asks to sign. The view cannot sign: the editor asks for a typed confirmation first. */
export const SignRequest = z.object({
  meaning: Meaning,
  hours: z.number().positive().max(720),
  comment: z.string().max(500).optional(),
});
export type SignRequest = z.infer<typeof SignRequest>;
