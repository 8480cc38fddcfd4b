import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Epoch } from '../kit/epoch.ts';
import { Numbers, Quantity } from '../kit/packed.ts';

/** Lines over time, each with its interval where there is one: firing rates, fluorescence, membrane potential. */
export const RatesModel = z.extend(Caption, {
  timeMs: Numbers,
  value: Quantity,
  series: z.array(
    z.object({
      name: z.string(),
      /** Where it differs from the whole: a twin's prediction beside a measurement. */
      kind: z.optional(Caption.shape.kind),
      values: Numbers,
      low: z.optional(Numbers),
      high: z.optional(Numbers),
      n: z.optional(z.object({ count: z.number(), of: z.string() })),
    }),
  ),
  /** What low and high are: "95 % bootstrap over trials". */
  interval: z.optional(z.string()),
  epochs: z.optional(z.array(Epoch)),
});
export type RatesModel = z.infer<typeof RatesModel>;
