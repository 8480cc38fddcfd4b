import * as z from 'zod';
import { ValueKind } from './value-kind.ts';

/** A content-addressed file of the store. */
export const ObjectRef = z.object({
  object: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  mediaType: z.string(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

export const Completeness = z.object({
  returned: z.number().int().nonnegative(),
  /** null: how many there are is not known. */
  available: z.number().int().nonnegative().nullable(),
  /** What `returned` counts: rows, neurons, trials… */
  of: z.string(),
});

export const Uncertainty = z.object({
  /** How the interval was made, e.g. "bootstrap over neurons, 2000 resamples". */
  method: z.string(),
  level: z.number().optional(),
  low: z.number().nullable().optional(),
  high: z.number().nullable().optional(),
  of: z.string().optional(),
});

/** What a tool's `run` gives back; the call path adds the activity. */
export interface Outcome<Value = unknown> {
  value: Value;
  kind: ValueKind;
  /** How many independent things the value rests on, and what they are. */
  n?: { count: number; of: string };
  completeness?: z.infer<typeof Completeness>;
  uncertainty?: z.infer<typeof Uncertainty>;
  /** Data set releases (`id@release`) that were read. */
  release?: string[];
  licence?: string[];
  cite?: string[];
  /** Digests or record ids that were read; the lineage edges of this activity. */
  inputs?: string[];
  /** Digests of the objects that were made. */
  outputs?: string[];
  seed?: number;
}

/** What a tool call returns: an outcome with the id of the activity that made it. Zero, empty and "not measured" (null) differ. */
export const Answer = z.object({
  value: z.unknown(),
  kind: ValueKind,
  n: z.object({ count: z.number(), of: z.string() }).optional(),
  completeness: Completeness.optional(),
  uncertainty: Uncertainty.optional(),
  release: z.array(z.string()).optional(),
  licence: z.array(z.string()).optional(),
  cite: z.array(z.string()).optional(),
  /** Present when the answer was cut to fit; the whole answer is the object. */
  whole: ObjectRef.optional(),
  /** Where it was cut: path → items (or characters) that there were. */
  cut: z.record(z.string(), z.number()).optional(),
  activity: z.string(),
});
export type Answer = z.infer<typeof Answer>;

export const recordKinds = [
  'activity',
  'run',
  'dataset',
  'twin',
  'hypothesis',
  'test',
  'plan',
  'approval',
  'experiment',
  'stop',
  'trust',
  'cache',
  'witness',
  'score',
  'validity',
] as const;
export const RecordKind = z.enum(recordKinds);
export type RecordKind = z.infer<typeof RecordKind>;
