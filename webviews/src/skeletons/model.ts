import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Numbers, Packed } from '../kit/packed.ts';

/** Neurons as trees of lines in space. */
export const SkeletonsModel = z.extend(Caption, {
  /** axes: three letters, where each axis points: "asr" is anterior, superior, right. */
  space: z.object({ name: z.string(), unit: z.string(), axes: z.optional(z.string()) }),
  neurons: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.optional(z.string()),
      /** Text of an SWC file. */
      swc: z.optional(z.string()),
      /** Instead of SWC: positions [node × 3], and the index of each node's parent, −1 at a root. */
      nodes: z.optional(Packed),
      parent: z.optional(Numbers),
    }),
  ),
});
export type SkeletonsModel = z.infer<typeof SkeletonsModel>;
