import * as z from 'zod';
import { Estimate, exposureOfScore, mechanisms, metricNames } from './benchmark.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** isolated: the scorer is another user's, who is not the client's, or on another host. same-machine: nothing shows that it is. */
export const accessClasses = ['isolated', 'same-machine'] as const;
/** One of `accessClasses`. */
export type AccessClass = (typeof accessClasses)[number];

/** What the client's user was seen to be able to do: it tried to open what the scorer keeps. */
export const Preflight = z.object({
  access: z.enum(accessClasses),
  why: z.string(),
  tried: z.number().int(),
  /** How many of these the client's user could not open. */
  refused: z.number().int(),
  /** Of what was tried and what came of it, one line each. */
  digest,
});
export type Preflight = z.infer<typeof Preflight>;

/** Spent of allowed. */
const Spent = z.object({ spent: z.number().int(), of: z.number().int() });

/** What a scorer says of one submission. */
export const ScoreStatement = z.object({
  says: z.literal('scored'),
  benchmark: z.string(),
  /** Digest of the sealed outcomes. */
  sealed: digest,
  /** By the hash of the ledger's first record: a copy is the same one. */
  workspace: digest,
  person: z.string(),
  /** Digest of the predictions, as float32 in C order. */
  submission: digest,
  /** How they were made: handed in, or by this network in a process of the scorer. */
  by: z.object({ network: digest }).optional(),
  metric: z.enum(metricNames),
  mechanism: z.enum(mechanisms),
  /** The best score that this person has shown, in whole steps; null: withheld, see `alarm`. */
  score: z.number().nullable(),
  /** False: this submission is not better than that by a step. */
  improved: z.boolean(),
  step: z.number(),
  ci: z.object({ low: z.number(), high: z.number(), level: z.literal(0.95) }).nullable(),
  /** Exact, on the items whose outcomes are open; null: there are none. */
  open: z.number().nullable(),
  /** open − score. */
  gap: z.number().nullable(),
  /** What the same predictions score on items in another order, in whole steps: about 0. */
  control: z.number().nullable(),
  ceiling: Estimate.nullable(),
  exposure: z.enum(exposureOfScore),
  /** cap: more than can be expected of anything. canary: it knows outcomes that were never measured. */
  alarm: z.enum(['cap', 'canary']).optional(),
  preflight: Preflight,
  queries: z.object({ workspace: Spent, person: Spent }),
  nonce: z.string(),
  /** sha256 over the scorer's public key (DER, SPKI). */
  scorer: digest,
  at: z.string(),
});
export type ScoreStatement = z.infer<typeof ScoreStatement>;

/** A statement of a scorer with its signature (Ed25519, base64). */
export const ScoreReceipt = z.object({ statement: ScoreStatement, signature: z.string() });
export type ScoreReceipt = z.infer<typeof ScoreReceipt>;

/** What was tried: kept by the workspace beside the receipt, so that attempts are a tree. */
export const Attempt = z.object({
  /** A twin of this workspace, or an object with predictions. */
  of: z.string(),
  /** In words: what is different from the attempt before. */
  tried: z.string().optional(),
  /** The record of the attempt that this one goes on from. */
  after: z.string().optional(),
  /** Seconds from the call to the answer. */
  seconds: z.number(),
});
export type Attempt = z.infer<typeof Attempt>;

/** An intervention on a hidden circuit: neurons by name. */
export const Probe = z.object({ stimulate: z.array(z.string()).max(8), silence: z.array(z.string()).max(8) });
export type Probe = z.infer<typeof Probe>;

/**
 * Body of a `score` record. received: in a workspace, with the scorer's public key (DER, SPKI, base64). The others are in the scorer's own
 * log: a person let in (token: its sha256), a benchmark taken in, an intervention that was tried, and a score with what was not told.
 */
export const ScoreRecord = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('received'), key: z.string(), receipt: ScoreReceipt, attempt: Attempt }),
  z.object({ phase: z.literal('person'), person: z.string(), token: digest }),
  z.object({ phase: z.literal('benchmark'), name: z.string(), sealed: digest, card: digest }),
  z.object({
    phase: z.literal('probed'),
    benchmark: z.string(),
    workspace: digest,
    person: z.string(),
    probe: Probe,
    nonce: z.string(),
  }),
  z.object({ phase: z.literal('scored'), receipt: ScoreReceipt, exact: z.number() }),
]);
export type ScoreRecord = z.infer<typeof ScoreRecord>;
