import * as z from 'zod';
import { BenchmarkCard } from './benchmark.ts';
import { Probe, ScoreReceipt } from './score.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const nonce = z.string().regex(/^[0-9a-f]{32}$/);
const benchmark = z.string().max(40);
const base64 = z.base64();

/** What the client's user found when it tried to open what the scorer named; mark: a file that it made, to show who it is. */
export const Tried = z.object({
  id: nonce,
  outcomes: z.array(z.object({ path: z.string().max(4096), outcome: z.string().max(40) })).max(50),
  mark: z.string().max(4096),
});
export type Tried = z.infer<typeof Tried>;

/** What can be asked of a scorer, one form a call. */
export const ScorerCalls = {
  list: z.object({ workspace: digest.optional() }),
  /** An array that it gives away, by its digest. */
  array: z.object({ benchmark, sha256: digest }),
  /** What the client's user is to try to open before it sends anything. */
  preflight: z.object({}),
  /** Tries an intervention on a hidden circuit. */
  probe: z.object({ benchmark, workspace: digest, nonce, probe: Probe }),
  /** predictions: an NPY file [unit × item]; network: an ONNX file that makes them. One of the two. */
  score: z.object({
    benchmark,
    workspace: digest,
    nonce,
    predictions: base64.optional(),
    network: base64.optional(),
    tried: Tried.optional(),
  }),
  /** Everything that was told to anyone. */
  log: z.object({ benchmark: benchmark.optional() }),
};
/** Name of a call. */
export type ScorerCall = keyof typeof ScorerCalls;

const Left = z.object({ workspace: z.number(), person: z.number() });

/** What it answers. */
export const ScorerAnswers = {
  list: z.object({
    key: z.string(),
    benchmarks: z.array(z.object({ card: BenchmarkCard, left: Left, probesLeft: Left.optional() })),
  }),
  array: z.object({ npy: base64 }),
  preflight: z.object({ id: nonce, paths: z.array(z.string()), mark: z.string() }),
  probe: z.object({ rates: z.array(z.number()), left: Left }),
  score: z.object({ key: z.string(), receipt: ScoreReceipt }),
  log: z.object({ key: z.string(), receipts: z.array(ScoreReceipt) }),
} satisfies Record<ScorerCall, z.ZodType>;

export type ScorerCallOf<Name extends ScorerCall> = z.infer<(typeof ScorerCalls)[Name]>;
export type ScorerAnswerTo<Name extends ScorerCall> = z.infer<(typeof ScorerAnswers)[Name]>;
