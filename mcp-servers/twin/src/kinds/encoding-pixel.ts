import * as z from 'zod';
import { encodingTwin } from '../encoding/encoding-twin.ts';

const Options = z.object({ colour: z.boolean().default(false).describe('Add red–green and blue–yellow channels') });

/** The baseline that any model of visual cortex must beat: a linear readout of the blurred image. */
export const encodingPixel = encodingTwin({
  name: 'encoding-pixel',
  title: 'Low-pass pixels, ridge readout (baseline)',
  cite: ['Theunissen et al. 2001, Network 12:289'],
  options: Options,
  features: ({ colour }) => ({
    levels: 0,
    orientations: 2,
    local: false,
    pooled: false,
    compress: 'root',
    lowpass: [14],
    colour,
  }),
});
