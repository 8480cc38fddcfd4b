import * as z from 'zod';

/** The form of `synthesise` in the words that tools/list shows. */
export const synthesiseForm =
  '{goal: exciting|suppressing|separate|control|agree, neurons?: [0], images?: 1, starts?: 4, steps?: 40, trials?: 10, contrast?, mean?, cutoff?, falloff?: 1}: make images';

const explain: z.core.$ZodErrorMap = (issue) => `${issue.message ?? 'not of this form'}. Its form: ${synthesiseForm}`;

/** What images are to be made, and within which limits. Output equals input where all is given: a replay reads it again. */
export const Synthesise = z.strictObject(
  {
    /** control: images of the first twin, judged by the second; agree: both on drawn images. */
    goal: z.enum(['exciting', 'suppressing', 'separate', 'control', 'agree']),
    /** Indices of neurons; default: the first, of control some, of separate and agree all. */
    neurons: z.array(z.number().int().min(0)).min(1).max(50).optional(),
    /** Of separate: how many. */
    images: z.number().int().min(1).max(20).default(1),
    /** Noise images that the search starts from, one a neuron or image. */
    starts: z.number().int().min(1).max(32).default(4),
    steps: z.number().int().min(1).max(500).default(40),
    /** Trials of each image in the experiment that is planned. */
    trials: z.number().int().min(1).max(1000).default(10),
    /** Largest root mean square around the mean, grey levels; default: as the median image of the twin's data. */
    contrast: z.number().positive().max(128).optional(),
    /** Mean grey level; default: as the median image. */
    mean: z.number().min(0).max(255).optional(),
    /** Highest spatial frequency, cycles an image; default: a quarter of the pixels along a side. */
    cutoff: z.number().positive().max(1000).optional(),
    /** How amplitudes are weighed against spatial frequency f: 1 / f^falloff; natural images have 1, 0 weighs all alike. */
    falloff: z.number().min(0).max(3).default(1),
  },
  { error: explain },
);
/** What images are to be made, and within which limits. */
export type Synthesise = z.infer<typeof Synthesise>;
