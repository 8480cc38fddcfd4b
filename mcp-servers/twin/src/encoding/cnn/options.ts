import * as z from 'zod';

/** What a convolutional twin is told about its size and its training. */
export const CnnOptions = z.object({
  side: z
    .number()
    .int()
    .min(16)
    .max(224)
    .default(56)
    .describe('Pixels of a side to which images are resampled; not more than they have'),
  filters: z.number().int().min(2).max(256).default(32).describe('Filters of the first layer; twice as many after it'),
  layers: z.number().int().min(1).max(5).default(3).describe('Separable layers after the first'),
  others: z
    .array(z.string())
    .max(50)
    .default([])
    .describe('Other recordings, id@release, whose images and neurons shape the shared layers too'),
  teacher: z
    .string()
    .default('')
    .describe(
      'A twin of the same neurons, whose predictions for the images of others are learned beside the responses',
    ),
  members: z.number().int().min(1).max(10).default(1).describe('Networks from different seeds, whose mean is the twin'),
  epochs: z.number().int().min(1).max(500).default(60).describe('Passes over the training images at most'),
  patience: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(12)
    .describe('Epochs without a better validation loss before it stops'),
  rate: z.number().positive().max(0.1).default(0.003).describe('First step size of Adam; falls along a half cosine'),
  decay: z.number().min(0).max(1).default(0.3).describe('Weight decay, share of a step'),
  shift: z
    .number()
    .int()
    .min(0)
    .max(8)
    .default(1)
    .describe('Largest shift of a training image, pixels of its resampled side'),
  contrast: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('Largest change of the contrast of a training image, share'),
});
/** Parsed options of a convolutional twin. */
export type CnnOptions = z.infer<typeof CnnOptions>;
