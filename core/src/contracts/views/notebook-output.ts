import * as z from 'zod/mini';

/** MIME type of an output of a notebook cell. */
export const notebookOutputType = 'application/vnd.bregma.result+json';

/** What a notebook cell shows: one or several pictures of an answer, or how far the call is, or what went wrong. */
export const NotebookOutput = z.object({
  /** Names this output in messages about its freshness. */
  key: z.string(),
  pictures: z.array(z.object({ view: z.string(), model: z.unknown() })),
  /** Said above the pictures, a sentence each. */
  said: z.array(z.string()),
  progress: z.optional(z.object({ done: z.number(), total: z.optional(z.number()), message: z.optional(z.string()) })),
  error: z.optional(z.object({ message: z.string(), next: z.optional(z.string()) })),
});
export type NotebookOutput = z.infer<typeof NotebookOutput>;

/** What the editor tells all outputs of a notebook: why each is stale; an empty list: it is fresh. */
export const ToNotebookOutputs = z.object({
  type: z.literal('freshness'),
  stale: z.record(z.string(), z.array(z.string())),
});
export type ToNotebookOutputs = z.infer<typeof ToNotebookOutputs>;
