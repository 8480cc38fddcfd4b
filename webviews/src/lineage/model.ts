import * as z from 'zod/mini';

export const LineageNodeModel = z.object({
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  status: z.optional(z.string()),
  valueKind: z.optional(z.string()),
  /** Things that this one stands for, when the host has merged them. */
  count: z.optional(z.number()),
  demo: z.optional(z.boolean()),
});
export type LineageNodeModel = z.infer<typeof LineageNodeModel>;

/** What a claim or any record rests on. */
export const LineageModel = z.object({
  roots: z.array(z.string()),
  nodes: z.array(LineageNodeModel),
  /** from, to, as: `from` was needed for `to`. */
  edges: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** Nodes there are; more than `nodes` when the trace was cut at the far end. */
  available: z.optional(z.number()),
});
export type LineageModel = z.infer<typeof LineageModel>;
