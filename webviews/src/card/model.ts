import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';

/** What a data set or a twin is: facts in sections, and what can be done with it. */
export const CardModel = z.object({
  title: z.string(),
  /** `id@release`, `twin-…` */
  id: z.string(),
  kind: Caption.shape.kind,
  description: z.optional(z.string()),
  sections: z.array(
    z.object({
      heading: z.string(),
      facts: z.array(z.object({ name: z.string(), text: z.string() })),
    }),
  ),
  actions: z.array(z.object({ label: z.string(), intent: z.string(), payload: z.unknown() })),
});
export type CardModel = z.infer<typeof CardModel>;
