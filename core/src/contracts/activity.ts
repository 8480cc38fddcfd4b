import * as z from 'zod';
import { ValueKind } from './value-kind.ts';

/** One tool call, as the ledger keeps it. Digests are sha256, hex. */
export const Activity = z.object({
  server: z.string(),
  tool: z.string(),
  effect: z.enum(['read', 'compute', 'act']),
  arguments: z.record(z.string(), z.unknown()),
  /** The object that holds the arguments, when they are too large for a record: `arguments` then says only how large. */
  argumentsObject: z.string().optional(),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  /** Ids of the records that the call appended before this one. Activities of builds before it do not have it. */
  made: z.array(z.string()).optional(),
  releases: z.array(z.string()),
  seed: z.number().int().optional(),
  code: z.string(),
  /** What the code ran on: "Node 22.23.2 on linux x64". Activities of builds before it do not have it. */
  environment: z.string().optional(),
  client: z.string(),
  start: z.string(),
  end: z.string(),
  status: z.enum(['ok', 'failed', 'cancelled']),
  error: z.object({ code: z.string(), message: z.string(), next: z.string().optional() }).optional(),
  /** Kind of the answer's value. */
  valueKind: ValueKind.optional(),
  /** The answer without its activity id: in place when small, else the digest of the object that holds it. */
  answer: z.unknown().optional(),
  answerObject: z.string().optional(),
  answerDigest: z.string().optional(),
  run: z.string().optional(),
  replayOf: z.string().optional(),
});
export type Activity = z.infer<typeof Activity>;
