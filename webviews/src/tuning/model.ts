import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Quantity } from '../kit/packed.ts';

/** Responses against one parameter of the stimulus. */
export const TuningModel = z.extend(Caption, {
  /** period: the parameter is circular (orientation 180, direction 360). */
  stimulus: z.extend(Quantity, { period: z.optional(z.number()), scale: z.optional(z.enum(['linear', 'log'])) }),
  response: Quantity,
  curves: z.array(
    z.object({
      name: z.string(),
      kind: z.optional(Caption.shape.kind),
      points: z.array(
        z.object({
          at: z.number(),
          /** null: not measured. */
          mean: z.nullable(z.number()),
          low: z.optional(z.nullable(z.number())),
          high: z.optional(z.nullable(z.number())),
          /** Presentations. */
          n: z.optional(z.number()),
        }),
      ),
      /** Response without a stimulus. */
      baseline: z.optional(z.number()),
    }),
  ),
  interval: z.optional(z.string()),
});
export type TuningModel = z.infer<typeof TuningModel>;
