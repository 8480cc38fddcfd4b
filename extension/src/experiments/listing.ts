import { PlanState } from '@bregma/webviews/approval/model';
import * as z from 'zod';

const PlanRow = z.object({
  id: z.string(),
  state: PlanState,
  hypothesis: z.string(),
  claim: z.string(),
  about: z.string(),
  at: z.string(),
  seq: z.number(),
});
export type PlanRow = z.infer<typeof PlanRow>;

const ExperimentRow = z.object({
  id: z.string(),
  plan: z.string(),
  state: z.enum(['running', 'elsewhere', 'interrupted', 'complete', 'stopped', 'failed']),
  reason: z.string().optional(),
  about: z.string(),
  delivered: z.number().nullable(),
  asked: z.number().nullable(),
  at: z.string(),
  /** A stop was asked for, and its driver has not ended yet. */
  stopping: z.boolean(),
});
export type ExperimentRow = z.infer<typeof ExperimentRow>;

/** The experiments of a workspace, newest first. */
export const ExperimentsModel = z.object({
  plans: z.array(PlanRow),
  experiments: z.array(ExperimentRow),
  /** Why no trial may start in this workspace, if the kill switch is on. */
  killSwitch: z.string().optional(),
});
export type ExperimentsModel = z.infer<typeof ExperimentsModel>;
