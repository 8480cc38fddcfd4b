import * as z from 'zod/mini';

/** A stretch of time that is marked: a stimulus, a perturbation. */
export const Epoch = z.object({ label: z.string(), startMs: z.number(), endMs: z.number() });
export type Epoch = z.infer<typeof Epoch>;
