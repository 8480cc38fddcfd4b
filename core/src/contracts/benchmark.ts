import * as z from 'zod';

/** What can be known of the answers of a benchmark beside the scorer: nothing; that its inputs are public; that its outcomes are published as well. */
export const exposureOfScore = ['sealed-new', 'public-inputs', 'public-known'] as const;
/** One of `exposureOfScore`. */
export type ExposureOfScore = (typeof exposureOfScore)[number];

/** How predictions are compared with what was measured; each is 1 for perfect ones and about 0 for chance. */
export const metricNames = ['median-pearson', 'pooled-pearson', 'specific-pearson'] as const;
/** One of `metricNames`. */
export type MetricName = (typeof metricNames)[number];

/** ladder: Blum & Hardt 2015, arXiv 1502.04585. thresholdout: Dwork et al. 2015, Science 349:636. */
export const mechanisms = ['ladder', 'thresholdout'] as const;
/** How a score leaves the scorer. */
export type Mechanism = (typeof mechanisms)[number];

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** An estimate with its standard error. */
export const Estimate = z.object({ value: z.number(), error: z.number() });

/** How often may be asked: by all calls of one workspace, and by one person over all of theirs. */
export const QueryBudget = z.object({ workspace: z.number().int().positive(), person: z.number().int().positive() });
export type QueryBudget = z.infer<typeof QueryBudget>;

/** An array that a scorer gives away: its bytes are an NPY file. */
export const OpenArray = z.object({
  name: z.string(),
  sha256: digest,
  bytes: z.number().int(),
  shape: z.array(z.number()),
});
export type OpenArray = z.infer<typeof OpenArray>;

/** What a scorer says of a benchmark that it holds; nothing in it tells of a sealed outcome. */
export const BenchmarkCard = z.object({
  /** Neutral: it names no data that could be looked up. */
  name: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  /** What is to be predicted, with its unit. */
  task: z.string(),
  /** Rows and columns of predictions. open: columns whose outcomes are not sealed. */
  units: z.object({ of: z.string(), count: z.number().int().positive(), names: z.array(z.string()).optional() }),
  items: z.object({
    of: z.string(),
    count: z.number().int().positive(),
    names: z.array(z.string()).optional(),
    open: z.array(z.number().int()),
  }),
  /** Release with the inputs and the open outcomes; absent: they are among `arrays`, or there are none. */
  data: z.string().optional(),
  /** Which neurons and stimuli of that release the units and items are; absent: all, in order. */
  rows: z.array(z.number().int()).optional(),
  columns: z.array(z.number().int()).optional(),
  arrays: z.array(OpenArray),
  /** Digest of the sealed outcomes, to which the scorer is bound. */
  sealed: digest,
  metric: z.enum(metricNames),
  mechanism: z.enum(mechanisms),
  /** What nothing can be expected to exceed, from the repeats; null: they are not there. */
  ceiling: Estimate.nullable(),
  /** A score beyond it is an alarm. */
  cap: z.number(),
  /** Smallest difference that a score tells: at least one bootstrap standard error. */
  step: z.number().positive(),
  budget: QueryBudget,
  /** Interventions that may be tried, where there is a circuit to try them on. */
  probes: QueryBudget.optional(),
  exposure: z.enum(exposureOfScore),
  licence: z.string(),
  cite: z.array(z.string()),
});
export type BenchmarkCard = z.infer<typeof BenchmarkCard>;
