import * as z from 'zod/mini';

/** A hypothesis as it stands now. */
export const ClaimModel = z.object({
  id: z.string(),
  state: z.string(),
  digest: z.string(),
  at: z.string(),
  content: z.object({
    claim: z.string(),
    rivals: z.array(z.string()),
    predictions: z.array(
      z.object({
        id: z.string(),
        metric: z.string(),
        unit: z.optional(z.string()),
        direction: z.string(),
        size: z.number(),
        between: z.array(z.string()),
      }),
    ),
  }),
  /** Tests that spent their level and have no result. */
  spent: z.number(),
  results: z.array(
    z.object({
      test: z.string(),
      prediction: z.string(),
      verdict: z.string(),
      estimate: z.nullable(z.number()),
      low: z.nullable(z.number()),
      high: z.nullable(z.number()),
      n: z.object({ count: z.number(), of: z.string() }),
      demo: z.optional(z.boolean()),
      /** How its stimuli were chosen, and when its evidence had been seen, where this limits what it says. */
      chosen: z.optional(z.string()),
      postHoc: z.optional(z.string()),
    }),
  ),
});
export type ClaimModel = z.infer<typeof ClaimModel>;
