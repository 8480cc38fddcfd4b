import * as z from 'zod';
import type { EncodingKind } from './kind.ts';

const Options = z.object({ colour: z.boolean().default(false).describe('Add red–green and blue–yellow channels') });

/** The baseline that any model of visual cortex must beat: a linear readout of the blurred image. */
export const encodingPixel: EncodingKind = {
  family: 'encoding',
  name: 'encoding-pixel',
  title: 'Low-pass pixels, ridge readout (baseline)',
  cite: ['Theunissen et al. 2001, Network 12:289'],
  needs: 'stimulus-response',
  options: Options,
  features: (options) => ({
    levels: 0,
    orientations: 2,
    local: false,
    pooled: false,
    compress: 'root',
    lowpass: [14],
    colour: Options.parse(options).colour,
  }),
};
