import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Bytes, Packed } from '../kit/packed.ts';

/** One picture or several: stimuli, frames, receptive fields. Numbers are mapped to colours by the view, on one scale for all. */
export const ImageModel = z.extend(Caption, {
  images: z.array(
    z.object({
      /** Also what a screen reader says. */
      label: z.string(),
      file: z.optional(
        z.object({ mediaType: z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif']), bytes: Bytes }),
      ),
      /** Instead of a file: [y × x], or u1 [y × x × 1 | 3 | 4]. */
      values: z.optional(Packed),
    }),
  ),
  /** Of `values`. */
  unit: z.optional(z.string()),
  /** diverging: zero is neutral. */
  scale: z.optional(z.enum(['grey', 'sequential', 'diverging'])),
  low: z.optional(z.number()),
  high: z.optional(z.number()),
  pixelSize: z.optional(z.object({ size: z.number(), unit: z.string() })),
});
export type ImageModel = z.infer<typeof ImageModel>;
