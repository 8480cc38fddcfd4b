import * as z from 'zod';

/** What a record rests on, as `trace_claim` answers it. */
export const TraceGraph = z.object({
  roots: z.array(z.string()),
  nodes: z.array(
    z.object({
      /** Its place in `nodes`, from 0, by which edges name it. */
      at: z.number().int(),
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
  /** Validities of twins in the trace that what they rest on has left behind, and the calls after which none is. */
  stale: z.array(z.looseObject({ validity: z.string() })).optional(),
  retests: z.array(z.looseObject({ tool: z.string() })).optional(),
  /** Places in `nodes`: what was needed, what needed it, and how. An id would be written a dozen times. */
  edges: z.array(z.tuple([z.number().int(), z.number().int(), z.string()])).describe('at of from, at of to, as'),
});
export type TraceGraph = z.infer<typeof TraceGraph>;
