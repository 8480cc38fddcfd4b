import * as z from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a level of the error budget says, as the ledger or the witness gives it out. */
export const Level = z.object({
  procedure: z.string(),
  /** False discovery rate that the whole sequence of tests keeps to. */
  alpha: z.number(),
  /** Number of this test in the workspace, from 1. */
  index: z.number().int().positive(),
  /** Discoveries known when the level was given out. */
  discoveries: z.number().int().nonnegative(),
  /** A p-value must be at most the level, an e-value at least 1 / level. */
  level: z.number(),
  /** Why the tests of this workspace are independent, where its procedure needs them to be. */
  because: z.string().optional(),
});

/** Which test: the same one is not given a level twice, in whatever copy of the workspace. */
export const TestNamed = z.object({ hypothesis: z.string(), prediction: z.string(), experiment: z.string() });
export type TestNamed = z.infer<typeof TestNamed>;

const common = {
  /** The workspace, by the hash of its ledger's first record: a copy is the same one. */
  workspace: digest,
  /** sha256 over the witness's public key (DER, SPKI). */
  witness: digest,
  /** ISO 8601, by the witness's clock. */
  at: z.string(),
};

/** What a witness says of a workspace. */
export const ReceiptStatement = z.discriminatedUnion('says', [
  /** It holds the workspace's budget from here on; tests: how many it had when it joined. */
  z.object({ says: z.literal('joined'), ...common, tests: z.number().int().nonnegative() }),
  /** The test has used up this level. nonce: of the asking. */
  z.object({ says: z.literal('spent'), ...common, test: TestNamed, budget: Level, nonce: z.string() }),
  /** A person whose key the witness holds approved the plan, and one run of it may begin. */
  z.object({
    says: z.literal('approved'),
    ...common,
    plan: z.string(),
    hash: digest,
    by: z.string(),
    expires: z.string(),
    /** Record of the approval that the witness holds, and its nonce, which is used up. */
    approval: z.string(),
    nonce: z.string(),
    /** The asking: it gets this receipt again, while no run began on it. */
    asked: z.string().optional(),
  }),
  /** The run that the record with this hash starts is the one that this asking permitted: it gets no other. */
  z.object({ says: z.literal('begun'), ...common, plan: z.string(), asked: z.string(), start: digest }),
]);
export type ReceiptStatement = z.infer<typeof ReceiptStatement>;

/** A statement of a witness with its signature (Ed25519, base64). */
export const Receipt = z.object({ statement: ReceiptStatement, signature: z.string() });
export type Receipt = z.infer<typeof Receipt>;

/** The receipt that says this. */
export type ReceiptOf<Says extends ReceiptStatement['says']> = Receipt & {
  statement: Extract<ReceiptStatement, { says: Says }>;
};

/**
 * Body of a `witness` record. joined: in a workspace, with the witness's public key (DER, SPKI, base64).
 * asked: there too, before a level or a run is asked for, about the digest of the test or plan. begun: in both
 * ledgers, about the experiment or the asking. admitted and head: in the witness's own ledger of a workspace:
 * under which name a person let it in, and the last record that it had.
 */
export const WitnessRecord = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('joined'), key: z.string(), receipt: Receipt }),
  z.object({ phase: z.literal('asked'), nonce: z.string() }),
  z.object({ phase: z.literal('begun'), receipt: Receipt }),
  z.object({ phase: z.literal('admitted'), name: z.string() }),
  z.object({ phase: z.literal('head'), seq: z.number().int().nonnegative(), hash: z.string() }),
]);
export type WitnessRecord = z.infer<typeof WitnessRecord>;
