import { z } from 'zod';
import type { EncodingKind } from './kind.ts';

const Options = z.object({
  pooling: z.enum(['grid', 'global']).default('grid').describe('Energy at each place of a 7 × 7 grid, or averaged over the whole image'),
  colour: z.boolean().default(false).describe('Add red–green and blue–yellow channels'),
  lowpass: z.boolean().default(true).describe('Add the 14 × 14 low-pass image (with grid pooling)'),
  levels: z.number().int().min(1).max(4).default(4).describe('Spatial frequencies, one octave apart, from 28 cycles an image down'),
  orientations: z.number().int().min(2).max(12).default(6),
});

/** Gabor-energy pyramid and ridge regression: the standard model of visual encoding. */
export const encodingRidge: EncodingKind = {
  name: 'encoding-ridge',
  title: 'Gabor-energy pyramid, ridge readout',
  cite: ['Adelson & Bergen 1985, J Opt Soc Am A 2:284', 'Kay et al. 2008, Nature 452:352'],
  needs: 'stimulus-response',
  options: Options,
  features(options) {
    const { pooling, colour, lowpass, levels, orientations } = Options.parse(options);
    return { levels, orientations, colour, grid: pooling === 'grid' ? 7 : 1, lowpass: lowpass && pooling === 'grid' ? 14 : 0 };
  },
};
