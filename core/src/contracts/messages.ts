import * as z from 'zod';

/** What an editor or a chat host sends to a view: the model to draw, whole, each time it changes. */
export const ToView = z.object({ type: z.literal('model'), model: z.unknown() });
export type ToView = z.infer<typeof ToView>;

/**
 * What a view sends to its host. ready: it can draw now. intent: the person wants something done; the host parses `payload` for
 * each intent that it knows and ignores the others.
 */
export const FromView = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('intent'), intent: z.string().max(60), payload: z.unknown().optional() }),
]);
export type FromView = z.infer<typeof FromView>;
