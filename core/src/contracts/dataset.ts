import * as z from 'zod';
import { ValueKind } from './value-kind.ts';

export const Column = z.object({
  name: z.string(),
  /** DuckDB type name; identifiers are VARCHAR. */
  type: z.string(),
  unit: z.string().optional(),
  description: z.string().optional(),
  /** How many values are missing, and the words that said so; '' is an empty cell. Absent where it was not counted. */
  missing: z.object({ count: z.number().int(), tokens: z.record(z.string(), z.number().int()) }).optional(),
});
export type Column = z.infer<typeof Column>;

/** One thing that was decided for a person in reading a table. */
export const Decision = z.object({
  /** A sentence: what was decided and, where it is doubtful, why. */
  what: z.string(),
  column: z.string().optional(),
  /** The option of add_data that decides it otherwise. */
  option: z.string().optional(),
  doubtful: z.boolean().optional(),
});
export type Decision = z.infer<typeof Decision>;

/** A table of a release: one Parquet object. */
export const Table = z.object({
  name: z.string(),
  description: z.string().optional(),
  object: z.string(),
  rows: z.number().int(),
  columns: z.array(Column),
  /** What was decided in reading it. */
  decisions: z.array(Decision).optional(),
});
export type Table = z.infer<typeof Table>;

/**
 * Where the voxels of an array lie: place = affine · (i, j, k, 1), with i, j, k along the array's axes `dims`, whole numbers in the
 * middle of a voxel.
 */
export const Frame = z.object({
  /** The space as its users call it: CCFv3, MNI152, scanner. */
  space: z.string(),
  /** Where the three coordinates grow to: R, L, A, P, S or I each. CCFv3 is PIR; empty where a file does not say. */
  axes: z.string().regex(/^([RLAPSI]{3})?$/),
  /** mm, um, or 'not stated'. */
  unit: z.string(),
  /** What lies at (0, 0, 0). */
  origin: z.string(),
  /** [3 × 4], in `unit`. */
  affine: z.array(z.array(z.number()).length(4)).length(3),
  /** The axes of the array that are i, j, k. */
  dims: z.array(z.number().int()).length(3),
  /** Where the left half meets the right one, along the coordinate that grows to R or L; absent where the space does not define it. */
  midline: z.number().optional(),
});
export type Frame = z.infer<typeof Frame>;

/** An array of a release: one NPY object, C order. NaN is "not measured". */
export const DataArray = z.object({
  name: z.string(),
  description: z.string().optional(),
  object: z.string(),
  dtype: z.string(),
  shape: z.array(z.number().int()),
  /** One word an axis: neuron, stimulus, repeat, y, x, channel… */
  axes: z.array(z.string()),
  unit: z.string().optional(),
  /** NaN is a value of its own, because a person said so: otherwise it says "not measured", and is NULL to SQL. */
  nan: z.literal('value').optional(),
  /** Where its voxels lie, when it is a volume. */
  frame: Frame.optional(),
});
export type DataArray = z.infer<typeof DataArray>;

export const SourceFile = z.object({
  name: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  origin: z.string(),
});

/** What a data set is, where it comes from and on which terms. */
export const DataCard = z.object({
  title: z.string(),
  description: z.string(),
  species: z.string().optional(),
  /** Who was recorded, as the source names them: two releases that name different ones are of different animals. */
  subject: z.string().optional(),
  modality: z.string(),
  kind: ValueKind,
  doi: z.string().optional(),
  cite: z.array(z.string()),
  licence: z.string(),
  licenceUrl: z.string().optional(),
  coordinateSpace: z.object({ name: z.string(), axes: z.string(), unit: z.string() }).optional(),
  /** public: anyone may have seen it. private: the user's own. heldout: never shown to a twin here. */
  exposure: z.enum(['public', 'private', 'heldout']),
  notes: z.array(z.string()).optional(),
});
export type DataCard = z.infer<typeof DataCard>;

/** Rows that were kept back when a release was added, so that they can decide: they lie in no object and no table. */
export const Withheld = z.object({
  /** Column whose levels were drawn (subject, session), or `row`. */
  by: z.string(),
  share: z.number(),
  seed: z.number(),
  /** Levels that were drawn, of how many. */
  levels: z.object({ withheld: z.number().int(), of: z.number().int() }),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), part: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type Withheld = z.infer<typeof Withheld>;

/** A data set at one release, as the ledger keeps it; subject `id@release`. */
export const DatasetRelease = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/),
  release: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/),
  card: DataCard,
  files: z.array(SourceFile),
  tables: z.array(Table),
  arrays: z.array(DataArray),
  withheld: Withheld.optional(),
  /** Terms that were agreed to: by a person, as their settings say, or by this client's word. */
  agreed: z.object({ terms: z.string(), by: z.enum(['person', 'client']), client: z.string() }).optional(),
  /**
   * What the parts are for. stimulus-response: arrays `stimuli` uint8 [stimulus × y × x × channel] and `responses` float64
   * [neuron × stimulus] or [neuron × stimulus × repeat]. connectome: tables `neurons(id, name, type…)` and
   * `edges(pre, post, weight, kind)`. causal-responses: array `responses` float64 [responding × stimulated] and table `neurons`.
   */
  shape: z.enum(['stimulus-response', 'connectome', 'causal-responses', 'tables', 'volume']),
});
export type DatasetRelease = z.infer<typeof DatasetRelease>;
