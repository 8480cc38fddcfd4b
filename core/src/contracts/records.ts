import * as z from 'zod';
import { Activity } from './activity.ts';
import type { RecordKind } from './answer.ts';
import { DatasetRelease } from './dataset.ts';
import { Approval, ExperimentEnd, ExperimentStart, KeyTrust, PlanRecord } from './experiment.ts';
import { HypothesisRecord, TestResult, TestSpend } from './hypothesis.ts';
import { WitnessRecord } from './receipt.ts';
import { ScoreRecord } from './score.ts';
import { TwinCard } from './twin.ts';
import { ValidityRecord } from './validity.ts';

/** First record of a run (subject: its id): a call that outlived its answer, and the process in which it goes on. */
export const RunStart = z.object({
  tool: z.string(),
  state: z.literal('running'),
  pid: z.number().int(),
  host: z.string(),
});

/** Last record of a run (subject: its id): the activity with which it ended. */
export const RunEnd = z.object({ activity: z.string() });

/** Who asked that an experiment stops (subject: the experiment). */
export const StopRequest = z.object({ experiment: z.string(), client: z.string() });

/** Bytes that a copy in `.bregma/cache` had when it was made (subject: its name there): one with others is not believed. */
export const CacheSeal = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What the body of a record of each kind holds. A new kind of record is a line here and a word in `recordKinds`. */
export const recordForms = {
  activity: Activity,
  run: z.union([RunStart, RunEnd]),
  dataset: DatasetRelease,
  twin: TwinCard,
  hypothesis: HypothesisRecord,
  test: z.discriminatedUnion('phase', [TestSpend, TestResult]),
  plan: PlanRecord,
  approval: Approval,
  experiment: z.discriminatedUnion('phase', [ExperimentStart, ExperimentEnd]),
  stop: StopRequest,
  trust: KeyTrust,
  cache: CacheSeal,
  witness: WitnessRecord,
  score: ScoreRecord,
  validity: ValidityRecord,
} satisfies Record<RecordKind, z.ZodType>;

/** The body of a record of this kind. */
export type BodyOf<Kind extends RecordKind> = z.infer<(typeof recordForms)[Kind]>;
