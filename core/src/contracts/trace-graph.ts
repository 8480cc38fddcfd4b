import * as z from 'zod';

/** What a record rests on, as `trace_claim` answers it. */
export const TraceGraph = z.object({
  roots: z.array(z.string()),
  nodes: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      label: z.string(),
      status: z.string().optional(),
      /** Of a node that stands for several: how many. */
      count: z.number().optional(),
      /** Signed with the demonstration's key. */
      demo: z.boolean().optional(),
    }),
  ),
  edges: z.array(z.tuple([z.string(), z.string(), z.string()])).describe('from, to, as'),
});
export type TraceGraph = z.infer<typeof TraceGraph>;
