import * as z from 'zod';
import { Approval, PlanRecord } from './experiment.ts';
import { TestResult, TestSpend } from './hypothesis.ts';
import { Level, Receipt, TestNamed } from './receipt.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const workspace = digest;
const nonce = z.string().regex(/^[0-9a-f]{32}$/);
const Head = z.object({ seq: z.number().int().nonnegative(), hash: digest });
const Wished = z.object({ procedure: z.string(), because: z.string().optional() }).optional();
/** The results on record so far: those of tests that the witness gave a level, by its nonce. */
const Results = z.array(z.object({ nonce, result: TestResult })).max(10_000);

/** What can be asked of a witness, one form a call. */
export const WitnessCalls = {
  /** Lets the witness keep the budget of a workspace. tests: those on record so far, which count where the witness knows none yet. */
  join: z.object({
    workspace,
    head: Head,
    tests: z.array(z.object({ id: z.string(), body: z.union([TestSpend, TestResult]) })),
  }),
  /** What it holds of a workspace: the last record that it was shown, and of a plan or a test whether it is approved or spent. */
  ask: z.object({ workspace, plan: z.string().optional(), test: TestNamed.optional() }),
  /** Shows it the newest record. */
  head: z.object({ workspace, head: Head }),
  /** A level for a test, once. */
  spend: z.object({
    workspace,
    nonce,
    by: z.enum(['e', 'p']),
    wished: Wished,
    test: TestSpend.omit({ budget: true }),
    results: Results,
  }),
  /** One run of an approved plan; one that nobody approved yet is kept, for a person to read. */
  start: z.object({ workspace, nonce, plan: PlanRecord }),
  /** That the run of this asking begins now. start: hash of the record that starts it. */
  begin: z.object({ workspace, nonce, plan: z.string(), start: digest }),
  /** A plan that was kept, with the workspace that it is of. */
  plan: z.object({ plan: z.string() }),
  /** A person's signature over it. */
  approve: z.object({ workspace, plan: z.string(), approval: Approval }),
};
/** Name of a call. */
export type WitnessCall = keyof typeof WitnessCalls;

/** approved: it may run once. spent: the level, or the approval, was used already. unknown: none of these. */
export const Standing = z.enum(['approved', 'spent', 'unknown']);

/** What it answers. */
export const WitnessAnswers = {
  join: z.object({ answer: z.enum(['joined', 'unknown']), key: z.string(), receipt: Receipt.optional() }),
  ask: z.object({
    answer: Standing,
    known: z.boolean(),
    name: z.string().optional(),
    tests: z.number(),
    head: Head.optional(),
  }),
  head: z.object({}),
  spend: z.object({
    answer: z.enum(['spent', 'given']),
    budget: Level.optional(),
    receipt: Receipt.optional(),
    at: z.string().optional(),
  }),
  /** begun: what this asking permitted has begun, and the asking permits nothing more. */
  start: z.object({
    answer: z.enum([...Standing.options, 'begun']),
    why: z.string().optional(),
    receipt: Receipt.optional(),
  }),
  begin: z.object({ answer: z.enum(['begun', 'spent', 'unknown']), receipt: Receipt.optional() }),
  plan: z.object({ plan: PlanRecord, workspace, name: z.string() }),
  approve: z.object({ approval: z.string(), expires: z.string() }),
} satisfies Record<WitnessCall, z.ZodType>;

export type CallOf<Name extends WitnessCall> = z.infer<(typeof WitnessCalls)[Name]>;
export type AnswerTo<Name extends WitnessCall> = z.infer<(typeof WitnessAnswers)[Name]>;
