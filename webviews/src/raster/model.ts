import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Epoch } from '../kit/epoch.ts';
import { Numbers, Words } from '../kit/packed.ts';

/** Spikes: one entry of `timesMs`, `neuron` (and `trial`) a spike. A neuron of `neurons` without entries was recorded and silent. */
export const RasterModel = z.extend(Caption, {
  durationMs: z.number(),
  startMs: z.optional(z.number()),
  neurons: Words,
  /** Cell type or region of each neuron: rows are grouped and coloured by it. */
  groups: z.optional(Words),
  timesMs: Numbers,
  /** Index into `neurons`. */
  neuron: Numbers,
  /** Index of the trial, from 0. */
  trial: z.optional(Numbers),
  trials: z.optional(z.number()),
  epochs: z.optional(z.array(Epoch)),
});
export type RasterModel = z.infer<typeof RasterModel>;
