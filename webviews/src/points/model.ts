import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Numbers, Quantity, Words } from '../kit/packed.ts';

/** Up to some millions of points in a plane: cells of an embedding, somata, synapses. */
export const PointsModel = z.extend(Caption, {
  x: Numbers,
  y: Numbers,
  axes: z.object({ x: Quantity, y: Quantity }),
  /** One unit of x is as long as one of y: positions, not embeddings. */
  equal: z.optional(z.boolean()),
  category: z.optional(
    z.object({
      name: z.string(),
      /** Index into `names`. */
      values: Numbers,
      names: z.array(z.string()),
      /** Six hexadecimal digits each. */
      colours: z.optional(z.array(z.string())),
    }),
  ),
  /** Instead of a category: a number that is mapped to colour. */
  value: z.optional(z.extend(Quantity, { values: Numbers })),
  names: z.optional(Words),
  ids: z.optional(Words),
});
export type PointsModel = z.infer<typeof PointsModel>;
