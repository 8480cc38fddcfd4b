import * as z from 'zod';
import { ObjectRef } from './answer.ts';
import { Receipt } from './receipt.ts';
import { ValueKind } from './value-kind.ts';

/** Who or what is recorded from, and under which permission. */
export const SubjectRecord = z.object({
  /** `id@release` for an archived recording; otherwise the driver's own name of the subject. */
  id: z.string(),
  species: z.string().optional(),
  /** IACUC, IRB or licence number; for an archive: why none is needed. */
  protocol: z.string(),
  protocolExpires: z.string().optional(),
  /** Subjects newly used by this experiment. */
  newSubjects: z.number().int().nonnegative(),
});
export type SubjectRecord = z.infer<typeof SubjectRecord>;

/** What the driver enforces, whatever the plan's order says. */
export const Limits = z.object({
  maxTrials: z.number().int().positive(),
  maxDurationS: z.number().positive(),
  /** Stimuli that may be shown: indices into the subject's stimulus set, ascending. */
  allowedStimuli: z.array(z.number().int().nonnegative()).min(1),
});
export type Limits = z.infer<typeof Limits>;

/** Which stimuli a twin has seen of which data; a plan never tests a twin on these. */
export const PlanTwin = z.object({
  twin: z.string(),
  data: z.string(),
  /** `all`, or the indices of the stimuli. Unknown counts as all. */
  fittedOn: z.union([z.literal('all'), z.array(z.number().int())]),
  /** Other releases, all of whose stimuli it has seen. */
  also: z.array(z.string()).optional(),
});
export type PlanTwin = z.infer<typeof PlanTwin>;

/** One experiment, ready to be approved. Everything here is under the plan's hash: any edit makes another plan. */
export const PlanContent = z.object({
  hypothesis: z.string(),
  /** Digest of the frozen hypothesis. */
  frozen: z.string(),
  driver: z.string(),
  subject: SubjectRecord,
  twins: z.array(PlanTwin),
  design: z.object({
    stimuli: z.array(z.number().int().nonnegative()).min(1),
    /** Those of them that the test is about, where a random sample is shown beside them; all when left out. */
    tested: z.array(z.number().int().nonnegative()).optional(),
    /** The random sample: as many, drawn by the server from all that could have been chosen. */
    random: z.array(z.number().int().nonnegative()).optional(),
    /** Presentations asked of each stimulus, same order as `stimuli`. */
    repeats: z.array(z.number().int().positive()),
    /** Object (JSON array of stimulus indices): one entry a trial, in the order of presentation. */
    order: ObjectRef,
    trials: z.number().int().positive(),
    /** Made by the server from the frozen hypothesis and the design, so that nobody picks a convenient order. */
    orderSeed: z.number().int().nonnegative(),
    randomisation: z.string(),
    /** Wait between trials, ms. */
    paceMs: z.number().nonnegative(),
    /** Activity that proposed the stimuli. */
    proposedBy: z.string().optional(),
  }),
  power: z.object({
    n: z.number().int(),
    of: z.string(),
    /** Smallest effect found with probability `power`, in the metric's unit. */
    detectable: z.number(),
    /** The same where the noise of the neurons is independent. */
    ifIndependent: z.number().optional(),
    power: z.number(),
    /** Monte-Carlo standard error of the power. */
    error: z.number().optional(),
    level: z.number(),
    assuming: z.string(),
  }),
  limits: Limits,
  cost: z.object({ trials: z.number().int(), durationS: z.number(), newSubjects: z.number().int() }),
});
export type PlanContent = z.infer<typeof PlanContent>;

/** A plan as the ledger keeps it; subject: its id, `plan-` + the first 16 hex digits of `hash`. */
export const PlanRecord = z.object({
  id: z.string().regex(/^plan-[0-9a-f]{16}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  content: PlanContent,
});
export type PlanRecord = z.infer<typeof PlanRecord>;

/** approve: run it once. review: looked at, permits nothing. reject: withdraws what was approved before and not yet used. */
export const Meaning = z.enum(['approve', 'review', 'reject']);
export type Meaning = z.infer<typeof Meaning>;

/** What a person signs. */
export const ApprovalStatement = z.object({
  plan: z.string(),
  /** sha256 of the plan that was read. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  meaning: Meaning,
  comment: z.string().max(500).optional(),
  by: z.string().min(1).max(200),
  /** ISO 8601, UTC. */
  signedAt: z.string(),
  expires: z.string(),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** sha256 over the public key's DER (SPKI). */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** Made with a demonstration key: no person stands behind it. */
  demo: z.boolean(),
  /** The workspace in which it permits a run, as a digest. One that names none, as earlier builds made them, permits nothing. */
  workspace: z.string().optional(),
});
export type ApprovalStatement = z.infer<typeof ApprovalStatement>;

/** Body of a `trust` record; subject: the key. A person accepts what a key signs in this workspace; the key itself lies in their settings. */
export const KeyTrust = z.object({
  /** sha256 over the public key's DER (SPKI). */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  demo: z.boolean(),
  /** The workspace, as in what the key signs. */
  workspace: z.string(),
});
export type KeyTrust = z.infer<typeof KeyTrust>;

/** Body of an `approval` record; subject: the plan. */
export const Approval = z.object({
  statement: ApprovalStatement,
  /** Ed25519, base64. */
  signature: z.string(),
});
export type Approval = z.infer<typeof Approval>;

/** First record of an experiment (subject: the plan): uses up its approval, before the driver starts. Its id is the experiment's. */
export const ExperimentStart = z.object({
  phase: z.literal('started'),
  plan: z.string(),
  planHash: z.string(),
  hypothesis: z.string(),
  driver: z.string(),
  subject: z.string(),
  approval: z.string(),
  nonce: z.string(),
  approvedBy: z.string(),
  demo: z.boolean(),
  process: z.object({ pid: z.number().int(), host: z.string() }),
  /** Where the workspace has a witness: its word that a person approved. */
  receipt: Receipt.optional(),
  /** In the witness's own ledger: by which nonce the run was asked for. */
  asked: z.string().optional(),
});
export type ExperimentStart = z.infer<typeof ExperimentStart>;

/** Last record of an experiment (subject: the experiment's id). */
export const ExperimentEnd = z.object({
  phase: z.literal('ended'),
  experiment: z.string(),
  plan: z.string(),
  state: z.enum(['complete', 'stopped', 'failed']),
  reason: z.string().optional(),
  asked: z.number().int(),
  delivered: z.number().int(),
  /** How the rows came to be; every row of `table` carries its own too. */
  kind: ValueKind,
  /** JSON array of {trial, stimulus, repeat, kind}. */
  table: ObjectRef,
  /** NPY float64 [trial × neuron], rows as in `table`; NaN: not measured. */
  responses: ObjectRef,
  unitNames: z.array(z.string()).optional(),
  neurons: z.number().int(),
  demo: z.boolean(),
});
export type ExperimentEnd = z.infer<typeof ExperimentEnd>;
