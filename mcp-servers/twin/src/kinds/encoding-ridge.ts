import * as z from 'zod';
import { encodingTwin } from '../encoding/encoding-twin.ts';

const Options = z.object({
  pooling: z
    .enum(['grid', 'global', 'both'])
    .default('both')
    .describe('Energy at each place of a 7 × 7 grid, over the whole image, or both'),
  compress: z
    .enum(['root', 'log', 'both'])
    .default('both')
    .describe('Energy as its root, the logarithm of that, or both'),
  lowpass: z.boolean().default(true).describe('Add the image itself, low-pass at 14 × 14 and 28 × 28'),
  colour: z.boolean().default(false).describe('Add red–green and blue–yellow channels'),
  levels: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(4)
    .describe('Spatial frequencies, one octave apart, from 28 cycles an image down'),
  orientations: z.number().int().min(2).max(12).default(6),
});

/** Gabor-energy pyramid and ridge regression: the standard model of visual encoding. */
export const encodingRidge = encodingTwin({
  name: 'encoding-ridge',
  title: 'Gabor-energy pyramid, ridge readout',
  cite: ['Adelson & Bergen 1985, J Opt Soc Am A 2:284', 'Kay et al. 2008, Nature 452:352'],
  options: Options,
  features: ({ pooling, compress, lowpass, colour, levels, orientations }) => ({
    levels,
    orientations,
    colour,
    compress,
    local: pooling !== 'global',
    pooled: pooling !== 'grid',
    lowpass: lowpass ? [14, 28] : [],
  }),
});
