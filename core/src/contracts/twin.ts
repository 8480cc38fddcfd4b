import * as z from 'zod';
import { ObjectRef } from './answer.ts';

/** A digital twin, content-addressed: `twin-` + the first 16 hex digits of the digest of this card without `id`. */
export const TwinCard = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  /** `id@release` of the data it was fitted on. */
  data: z.string(),
  /** Which part of the data: all of it, or the stimuli listed in the object. */
  fittedOn: z.object({
    part: z.enum(['all', 'first-half', 'stimuli']),
    n: z.number().int(),
    of: z.string(),
    indices: z.array(z.number().int()).optional(),
    /** Other releases, all of whose stimuli it was fitted on too. */
    also: z.array(z.string()).optional(),
  }),
  exposure: z.enum(['public', 'private', 'heldout']),
  options: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  files: z.array(ObjectRef.extend({ name: z.string() })),
  summary: z.record(z.string(), z.unknown()),
  cite: z.array(z.string()),
});
export type TwinCard = z.infer<typeof TwinCard>;
