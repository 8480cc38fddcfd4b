/**
 * A tool. A file of a server's `tools/` exports one, named as the file:
 *
 * ```ts
 * // mcp-servers/atlas/src/tools/count-rows.ts
 * import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
 * import { defineTool } from '@bregma/core/mcp/tool';
 * import * as z from 'zod';
 *
 * export const countRows = defineTool({
 *   name: 'count_rows',
 *   question: 'How many rows has each table of a data set?',
 *   input: z.object({ data: z.string().describe('id or id@release') }),
 *   output: z.object({ rows: z.record(z.string(), z.number()) }),
 *   effect: 'read',
 *   async run({ data }, { workspace }) {
 *     const release = findDataset(workspace.ledger, data);
 *     const rows = Object.fromEntries(release.tables.map((table) => [table.name, table.rows]));
 *     return { value: { rows }, kind: 'derived', release: [datasetRef(release)] };
 *   },
 * });
 * ```
 *
 * `npm run gen` registers it; the call path parses, permits, records and cuts to size.
 */
import type * as z from 'zod';
import type { Outcome } from '../contracts/answer.ts';
import type { NewRecord } from '../ledger/records.ts';
import type { Workspace } from '../workspace.ts';

/** read: looks only. compute: makes objects and records. act: spends or moves something that cannot be taken back. */
export type Effect = 'read' | 'compute' | 'act';

/** A0 read, A1 simulate, A2 stage, A3 run one approved plan. */
export const autonomyClasses = ['A0', 'A1', 'A2', 'A3'] as const;
/** What a server may do: A0 read, A1 simulate, A2 stage, A3 run one approved plan, A4 run inside a signed envelope. */
export type AutonomyClass = (typeof autonomyClasses)[number];

/** How far a call is, in units of its own; total: where it ends, if that is known. */
export interface Progress {
  done: number;
  total?: number;
  message?: string;
}

/** What a tool may touch while it runs. */
export interface ToolContext {
  workspace: Workspace;
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** Name and version of the MCP client that called. */
  client: string;
  /** Long jobs of this server process, for get_run and control_run. */
  runs: RunView;
}

/** A long job as it stands. elsewhere: another server runs it; lost: its server has gone. */
export interface RunStatus {
  run_id: string;
  tool: string;
  state: 'running' | 'finished' | 'failed' | 'cancelled' | 'elsewhere' | 'lost';
  progress?: Progress;
  startedAt?: string;
  activity?: string;
  answer?: unknown;
  error?: { code: string; message: string; next?: string };
}

/** The long jobs of this server and, by their records, of others. */
export interface RunView {
  status(runId: string): RunStatus;
  cancel(runId: string): RunStatus;
  /** Resolves when the run ends, after `ms` milliseconds, or when the signal fires, whichever is first. */
  wait(runId: string, ms: number, signal: AbortSignal): Promise<void>;
}

/** What a tool's `run` gives back; the call path records it and adds the activity. */
export interface ToolOutcome<Value = unknown> extends Outcome<Value> {
  /** Records to append together with the activity, all or none. What must be on record even if the tool then fails goes through `workspace.ledger`. */
  records?: NewRecord[];
  /** Digests of PNG objects, of `outputs`, that a client is shown beside the answer. */
  images?: string[];
}

/** A tool reads like a manual page: name, the question that it answers, input, output, effect, run. */
export interface Tool {
  name: string;
  question: string;
  input: z.ZodObject;
  output: z.ZodType;
  effect: Effect;
  autonomy: AutonomyClass;
  /** False for a tool that itself waits for a run: it is never answered with a run id. Default true. */
  handOver?: boolean;
  /** Significant digits of the numbers in an answer; default 6; `asked`: as its argument `digits` says. On record they have all. */
  digits?: number | 'all' | 'asked';
  /** View that draws the answer in chats that show MCP Apps: `table` is `ui://bregma/table`. */
  view?: string;
  /** The value as a client reads it, without what its words say already: on record it is whole. */
  brief?(value: unknown, n: Outcome['n']): unknown;
  run(input: never, context: ToolContext): Promise<ToolOutcome>;
}

const classOf: Record<Effect, AutonomyClass> = { read: 'A0', compute: 'A1', act: 'A2' };

/** Declares a tool. `run` gets parsed input; what it returns is checked against `output` before it is recorded. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodType>(definition: {
  name: string;
  question: string;
  input: Input;
  output: Output;
  effect: Effect;
  autonomy?: AutonomyClass;
  handOver?: boolean;
  digits?: number | 'all' | 'asked';
  view?: string;
  brief?(value: z.output<Output>, n: Outcome['n']): unknown;
  run(input: z.output<Input>, context: ToolContext): Promise<ToolOutcome<z.input<Output>>>;
}): Tool {
  if (!/^[a-z]+(_[a-z]+)+$/.test(definition.name)) throw new Error(`Tool name '${definition.name}' is not verb_noun.`);
  const { brief } = definition;
  // SAFETY: what is made brief was parsed by `output` before.
  const told = brief && ((value: unknown, n: Outcome['n']) => brief(value as z.output<Output>, n));
  return { ...definition, brief: told, autonomy: definition.autonomy ?? classOf[definition.effect] };
}

/** The four MCP annotations, all derived from the effect. */
export function annotationsOf(effect: Effect) {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect === 'act',
    idempotentHint: effect !== 'act',
    openWorldHint: effect === 'act',
  };
}
