import * as z from 'zod/mini';

/** Something that a record names, and what can be said of it in one line. */
export const RecordLink = z.object({
  /** `act-…`, `twin-…`, `id@release`, or a sha256. */
  id: z.string(),
  /** activity, twin, dataset, object, file… */
  kind: z.string(),
  label: z.string(),
  /** For objects: bytes, or null when it is not in this workspace. */
  bytes: z.optional(z.nullable(z.number())),
});
export type RecordLink = z.infer<typeof RecordLink>;

const AnswerSummary = z.object({
  kind: z.nullable(z.string()),
  n: z.optional(z.object({ count: z.number(), of: z.string() })),
  uncertainty: z.optional(z.record(z.string(), z.unknown())),
  completeness: z.optional(z.object({ returned: z.number(), available: z.nullable(z.number()), of: z.string() })),
  licence: z.array(z.string()),
  cite: z.array(z.string()),
  /** JSON of the value, cut to what a page can hold. */
  value: z.string(),
  digest: z.string(),
  /** Why the value cannot be shown: its object is missing or was changed. */
  problem: z.optional(z.string()),
});

const Call = z.object({
  server: z.string(),
  tool: z.string(),
  effect: z.string(),
  status: z.string(),
  client: z.string(),
  code: z.string(),
  /** What the code ran on; null: older builds did not say. */
  environment: z.nullable(z.string()),
  start: z.string(),
  end: z.string(),
  ms: z.nullable(z.number()),
  seed: z.nullable(z.number()),
  run: z.nullable(z.string()),
  replayOf: z.nullable(z.string()),
  replays: z.array(z.string()),
  error: z.nullable(z.object({ code: z.string(), message: z.string(), next: z.optional(z.string()) })),
  /** JSON. */
  arguments: z.string(),
  argumentsDigest: z.string(),
  releases: z.array(RecordLink),
  inputs: z.array(RecordLink),
  outputs: z.array(RecordLink),
  answer: z.nullable(AnswerSummary),
});

/** One record of the ledger. */
export const RecordModel = z.object({
  id: z.string(),
  seq: z.number(),
  kind: z.string(),
  subject: z.string(),
  at: z.string(),
  hash: z.string(),
  previous: z.string(),
  /** What it is in one line: the tool, the claim, the verdict. */
  title: z.string(),
  status: z.optional(z.string()),
  valueKind: z.optional(z.string()),
  /** Made with a demonstration key: no person stands behind it. */
  demo: z.optional(z.boolean()),
  /** The call, when it is an activity. */
  call: z.nullable(Call),
  /** What the record names, when it is no activity. */
  names: z.array(RecordLink),
  /** The body as JSON, cut to what a page can hold. */
  body: z.string(),
  /** Characters of the whole body. */
  bodyLength: z.number(),
  /** Why it cannot be replayed; null: it can. */
  noReplay: z.nullable(z.string()),
  /** What the last verification of this record found. */
  verified: z.optional(
    z.object({
      faults: z.array(z.object({ what: z.string(), problem: z.string() })),
      records: z.number(),
      objects: z.number(),
      whole: z.boolean(),
    }),
  ),
});
export type RecordModel = z.infer<typeof RecordModel>;
