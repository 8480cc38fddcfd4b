import * as z from 'zod/mini';

const Difference = z.object({
  path: z.string(),
  before: z.optional(z.unknown()),
  after: z.optional(z.unknown()),
  delta: z.optional(z.number()),
});

const Side = z.object({
  id: z.string(),
  tool: z.string(),
  at: z.string(),
  code: z.string(),
  valueKind: z.nullable(z.string()),
  n: z.nullable(z.object({ count: z.number(), of: z.string() })),
});

/** Two activities side by side: any two, or one and its repetition. */
export const ComparisonModel = z.object({
  /** replay: the second repeats the first. */
  as: z.enum(['replay', 'compare']),
  before: Side,
  after: Side,
  /** True when both gave the same bytes. */
  equal: z.boolean(),
  asked: z.array(Difference),
  run: z.array(Difference),
  answer: z.array(Difference),
  more: z.boolean(),
  numbers: z.array(
    z.object({
      path: z.string(),
      n: z.number(),
      differing: z.number(),
      onlyOne: z.number(),
      largest: z.number(),
      rms: z.number(),
      r: z.nullable(z.number()),
      pairs: z.array(z.tuple([z.number(), z.number()])),
    }),
  ),
  outputs: z.array(
    z.object({
      before: z.nullable(z.string()),
      after: z.nullable(z.string()),
      equal: z.boolean(),
      note: z.string(),
    }),
  ),
});
export type ComparisonModel = z.infer<typeof ComparisonModel>;
