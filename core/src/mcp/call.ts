import * as z from 'zod';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { Activity } from '../contracts/activity.ts';
import type { Answer, Outcome } from '../contracts/answer.ts';
import { BregmaError, type ErrorCode } from '../errors.ts';
import type { NewRecord } from '../ledger/ledger.ts';
import { nearest } from '../nearest.ts';
import { codeVersion } from '../version.ts';
import type { Workspace } from '../workspace.ts';
import type { Runs } from './runs.ts';
import { capSize } from './size-cap.ts';
import { type AutonomyClass, autonomyClasses, type Progress, type Tool } from './tool.ts';

/** What a server process keeps between calls. */
export interface Host {
  server: string;
  workspace: Workspace;
  runs: Runs;
  /** The highest class of action that this server may take. */
  autonomy: AutonomyClass;
  /** A job longer than this is answered with a run id. */
  handOverAfterMs: number;
}

export interface Caller {
  client: string;
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** The activity that this call repeats, when it is a replay. */
  replayOf?: string;
}

export interface CallError {
  code: ErrorCode;
  message: string;
  next?: string;
  activity?: string;
  [field: string]: unknown;
}

export type CallResult =
  | { answer: Answer }
  | { handedOver: { run_id: string; state: 'running'; tool: string } }
  | { error: CallError };

/** Answers above this many characters of JSON are kept as an object instead of in the ledger row. */
const inlineLimit = 16_384;

/**
 * The one call path: parse → autonomy class → run → objects → activity → answer → size cap. No tool does any of these
 * itself, so none can skip one.
 */
export async function callTool(tool: Tool, rawArguments: unknown, host: Host, caller: Caller): Promise<CallResult> {
  let input: Record<string, unknown>;
  try {
    input = parseArguments(tool, rawArguments);
    allow(tool, host.autonomy);
  } catch (error) {
    return { error: describe(error) };
  }
  const startedAt = new Date();
  const runId = host.runs.mint();
  const controller = new AbortController();
  const cancel = () => controller.abort();
  if (caller.signal.aborted) cancel();
  caller.signal.addEventListener('abort', cancel, { once: true });
  let handedOver = false;

  const progress = (step: Progress) => {
    if (handedOver) host.runs.report(runId, step);
    else caller.progress(step);
  };
  const work = perform(tool, input, host, caller, {
    controller,
    progress,
    startedAt,
    runId: () => (handedOver ? runId : undefined),
  });

  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), host.handOverAfterMs);
  });
  const first = await (tool.handOver === false ? work : Promise.race([work, deadline]));
  clearTimeout(timer);
  caller.signal.removeEventListener('abort', cancel);
  if (first !== 'late') return first;
  handedOver = true;
  host.runs.handOver(runId, tool.name, {
    startedAt: startedAt.toISOString(),
    controller,
    done: work.then(() => undefined),
  });
  return { handedOver: { run_id: runId, state: 'running', tool: tool.name } };
}

function parseArguments(tool: Tool, raw: unknown): Record<string, unknown> {
  const known = Object.keys(tool.input.shape);
  if (raw !== undefined && (typeof raw !== 'object' || raw === null || Array.isArray(raw))) {
    throw new BregmaError('bad-input', `${tool.name} takes an object with ${known.join(', ')}.`);
  }
  const unknown = Object.keys(raw ?? {}).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    const hints = unknown.map(
      (key) =>
        `'${key.slice(0, 60)}'${nearest(key, known, 1)
          .map((near) => ` (did you mean '${near}'?)`)
          .join('')}`,
    );
    throw new BregmaError('bad-input', `${tool.name} has no argument ${hints.join(', ')}.`, {
      next: `Its arguments: ${known.join(', ') || 'none'}.`,
    });
  }
  const parsed = tool.input.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `${tool.name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`, {
    next: `Its arguments: ${known.join(', ')}.`,
  });
}

function allow(tool: Tool, ceiling: AutonomyClass): void {
  if (autonomyClasses.indexOf(tool.autonomy) <= autonomyClasses.indexOf(ceiling)) return;
  throw new BregmaError(
    'not-allowed',
    `${tool.name} is of autonomy class ${tool.autonomy}; this server was started with ${ceiling} at most.`,
    {
      next: 'A person can start the server with a higher BREGMA_AUTONOMY.',
    },
  );
}

interface Job {
  controller: AbortController;
  progress(step: Progress): void;
  startedAt: Date;
  runId(): string | undefined;
}

async function perform(
  tool: Tool,
  input: Record<string, unknown>,
  host: Host,
  caller: Caller,
  job: Job,
): Promise<CallResult> {
  const { workspace } = host;
  let outcome: Outcome;
  try {
    outcome = await tool.run(input as never, {
      workspace,
      signal: job.controller.signal,
      progress: job.progress,
      client: caller.client,
      append: (records, options) => void workspace.ledger.append(records, options),
      runs: host.runs,
    });
    const checked = tool.output.safeParse(outcome.value);
    if (!checked.success)
      throw new Error(
        `${tool.name} gave a value that is not of its own output form: ${z.prettifyError(checked.error)}`,
      );
    outcome = { ...outcome, value: checked.data };
  } catch (error) {
    return recordFailure(tool, input, host, caller, job, error);
  }
  try {
    return record(tool, input, outcome, host, caller, job);
  } catch (error) {
    return { error: describe(error) };
  }
}

/** The answer without its activity: what is recorded, and what a replay is compared with. */
function unsigned({ value, kind, n, completeness, uncertainty, release, licence, cite }: Outcome) {
  return { value, kind, n, completeness, uncertainty, release, licence, cite };
}

function record(
  tool: Tool,
  input: Record<string, unknown>,
  outcome: Outcome,
  host: Host,
  caller: Caller,
  job: Job,
): CallResult {
  const { objects } = host.workspace;
  const whole = unsigned(outcome);
  const json = canonicalJson(whole);
  const big = json.length > inlineLimit;
  const kept = big ? objects.put(json, 'application/json') : undefined;
  const records: NewRecord[] = [
    ...(outcome.records ?? []),
    {
      kind: 'activity',
      subject: tool.name,
      body: {
        ...describeCall(tool, input, host, caller, job),
        inputs: outcome.inputs ?? [],
        outputs: outcome.outputs ?? [],
        releases: outcome.release ?? [],
        seed: outcome.seed,
        status: 'ok',
        valueKind: outcome.kind,
        answer: big ? undefined : whole,
        answerObject: kept?.object,
        answerDigest: sha256(json),
      } satisfies Activity,
    },
  ];
  const activity = appendWithRun(records, host, job, tool.effect === 'act');
  const { value: lean, cut } = capSize(whole);
  if (Object.keys(cut).length === 0) return { answer: { ...whole, activity } };
  const reference = kept ?? objects.put(json, 'application/json');
  return { answer: { ...lean, whole: reference, cut, activity } };
}

function recordFailure(
  tool: Tool,
  input: Record<string, unknown>,
  host: Host,
  caller: Caller,
  job: Job,
  error: unknown,
): CallResult {
  const described: CallError = job.controller.signal.aborted
    ? { code: 'cancelled', message: `${tool.name} was cancelled.` }
    : describe(error);
  try {
    const activity = appendWithRun(
      [
        {
          kind: 'activity',
          subject: tool.name,
          body: {
            ...describeCall(tool, input, host, caller, job),
            inputs: [],
            outputs: [],
            releases: [],
            status: described.code === 'cancelled' ? 'cancelled' : 'failed',
            error: { code: described.code, message: described.message, next: described.next },
          } satisfies Activity,
        },
      ],
      host,
      job,
      tool.effect === 'act',
    );
    return { error: { ...described, activity } };
  } catch (failure) {
    return { error: described.code === 'failed' ? describe(failure) : described };
  }
}

function describeCall(tool: Tool, input: Record<string, unknown>, host: Host, caller: Caller, job: Job) {
  return {
    server: host.server,
    tool: tool.name,
    effect: tool.effect,
    arguments: input,
    code: codeVersion,
    client: caller.client,
    start: job.startedAt.toISOString(),
    end: new Date().toISOString(),
    run: job.runId(),
    replayOf: caller.replayOf,
  };
}

/** Appends the records (the activity last) and, for a handed-over job, the record that ends its run. Returns the activity's id. */
function appendWithRun(records: NewRecord[], host: Host, job: Job, durable: boolean): string {
  const runId = job.runId();
  return host.workspace.ledger.transact(
    (append) => {
      const appended = records.map((record) => append(record));
      const { id } = appended[appended.length - 1];
      if (runId) append({ kind: 'run', subject: runId, body: { activity: id } });
      return id;
    },
    { durable },
  );
}

/** An error as the client sees it. Unexpected errors keep their message and lose their stack. */
export function describe(error: unknown): CallError {
  if (error instanceof BregmaError)
    return { ...error.fields, code: error.code, message: error.message, next: error.next };
  return {
    code: 'failed',
    message: error instanceof Error ? error.message : String(error),
    next: 'Run `bregma doctor`; if this persists, report it with the activity id.',
  };
}
