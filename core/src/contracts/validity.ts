import * as z from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A data set release as it was when something was judged on it. */
export const ReleaseRead = z.object({
  /** `id@release` */
  reference: z.string(),
  /** Digest of its tables and arrays, without the names of neurons. */
  values: digest,
  /** Digest of the table by whose names neurons are matched; null: it has none. */
  names: digest.nullable(),
});
export type ReleaseRead = z.infer<typeof ReleaseRead>;

/** How well one sort of stimuli was predicted. */
export const DomainValidity = z.object({
  /** in-domain, other recording, other animal, chosen images, synthetic images, under perturbation. */
  domain: z.string(),
  pearson: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  level: z.number(),
  n: z.number().int(),
  /** What n counts. */
  of: z.string(),
  ceiling: z.number().nullable(),
  control: z.number().nullable(),
});
export type DomainValidity = z.infer<typeof DomainValidity>;

/** What a validity rests on: when one of these is another, it is stale. */
export const RestsOn = z.object({
  /** Version and source digest of the code that judged. */
  code: z.string(),
  releases: z.array(ReleaseRead),
  /** Digests of the twin's files; empty where its kind was fitted anew. */
  weights: z.array(digest),
});
export type RestsOn = z.infer<typeof RestsOn>;

/** Body of a `validity` record (subject: the twin, or the kind where no twin was named). */
export const ValidityRecord = z.object({
  /** The twin that was named; absent: a kind. */
  twin: z.string().optional(),
  kind: z.string(),
  options: z.record(z.string(), z.unknown()),
  /** twin: the very twin predicted. kind: the same kind and options, fitted anew on other stimuli of the recording. */
  judged: z.enum(['twin', 'kind']),
  fittedOnTheseNeurons: z.boolean(),
  data: z.string(),
  protocol: z.string(),
  by: z.string().optional(),
  controls: z.number().int().optional(),
  seed: z.number().int(),
  /** The first one is what the answer is headed with. */
  domains: z.array(DomainValidity),
  /** Scores of the units. */
  perUnit: digest,
  rests: RestsOn,
});
export type ValidityRecord = z.infer<typeof ValidityRecord>;
