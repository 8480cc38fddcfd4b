import { Prediction } from '@bregma/core/contracts/hypothesis';
import * as z from 'zod';

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
        /** Of a measured table: what is asked of it, which this form shows and keeps as it is. */
        measured: Prediction.shape.measured,
        unit: Prediction.shape.unit,
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
