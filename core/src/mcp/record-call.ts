import { canonicalJson, sha256 } from '../canonical.ts';
import type { Activity } from '../contracts/activity.ts';
import type { Answer } from '../contracts/answer.ts';
import { plain } from '../contracts/plain-text.ts';
import { environment } from '../environment.ts';
import { BregmaError, type ErrorCode } from '../errors.ts';
import { inlineLimit, keptArguments } from '../ledger/kept-arguments.ts';
import type { NewRecord } from '../ledger/records.ts';
import { memberOf } from '../members.ts';
import { shortNumbers } from '../numbers.ts';
import { namedStorage } from '../storage.ts';
import { codeVersion } from '../version.ts';
import type { OpenWorkspace } from '../workspace.ts';
import { lean } from './lean.ts';
import type { Runs } from './runs.ts';
import { capSize } from './size-cap.ts';
import type { AutonomyClass, Progress, Tool, ToolOutcome } from './tool.ts';

/** What a server process keeps between calls. */
export interface Host {
  server: string;
  /** Throws `conflict` until it is `ready`. */
  readonly workspace: OpenWorkspace;
  /** Resolves when the workspace is open: another program may hold its ledger when a server starts. */
  ready(): Promise<void>;
  runs: Runs;
  /** The highest class of action that this server may take. */
  autonomy: AutonomyClass;
  /** A job longer than this is answered with a run id. */
  handOverAfterMs: number;
}

/** Who calls, and how it hears of progress and cancels. */
export interface Caller {
  client: string;
  signal: AbortSignal;
  progress(progress: Progress): void;
  /** The activity that this call repeats, when it is a replay. */
  replayOf?: string;
}

/** An error as a client receives it: a BregmaError's parts and fields, and the record of the call. */
export interface CallError {
  code: ErrorCode;
  message: string;
  next?: string;
  activity?: string;
  [field: string]: unknown;
}

/** How a call ended: answered, still running under a run id, or refused. */
export type CallResult =
  | { answer: Answer; images?: string[] }
  | { handedOver: { run_id: string; state: 'running'; tool: string } }
  | { error: CallError };

/** A call while it is answered. */
export interface Call {
  tool: Tool;
  host: Host;
  caller: Caller;
  startedAt: Date;
  /** The arguments: as they were parsed, or as they came when they could not be. */
  given: unknown;
  /** Id of the run that the call became, if it has by the time at which it is recorded. */
  run?: () => string | undefined;
  /** Ids of the records that the tool appended while it ran. */
  made?: string[];
}

/** Stores the answer, appends its records and the activity, shortens its numbers and cuts it to size. */
export async function recordSuccess(call: Call, outcome: ToolOutcome): Promise<CallResult> {
  const { objects } = call.host.workspace;
  try {
    const whole = unsigned(outcome);
    const json = canonicalJson(whole);
    const kept = json.length > inlineLimit ? objects.put(json, 'application/json') : undefined;
    const activity = await append(call, outcome.records ?? [], {
      inputs: outcome.inputs ?? [],
      outputs: outcome.outputs ?? [],
      releases: outcome.release ?? [],
      seed: outcome.seed,
      status: 'ok',
      valueKind: outcome.kind,
      answer: kept ? undefined : whole,
      answerObject: kept?.object,
      answerDigest: sha256(json),
    });
    const { value: short, cut } = capSize(lean(shortNumbers(briefly(call.tool, whole), digitsOf(call))));
    const { images } = outcome;
    if (Object.keys(cut).length === 0) return { answer: { ...short, activity }, images };
    const reference = kept ?? objects.put(json, 'application/json');
    return { answer: { ...short, whole: reference, cut, activity }, images };
  } catch (error) {
    return { error: describe(error) };
  }
}

const briefly = <Whole extends Pick<Answer, 'value' | 'n'>>({ brief }: Tool, whole: Whole): Whole =>
  brief ? { ...whole, value: brief(whole.value, whole.n) } : whole;

/** Digits of the numbers of an answer: as its tool says, or as the call asks. */
function digitsOf({ tool, given }: Call): number | 'all' | undefined {
  if (tool.digits !== 'asked') return tool.digits;
  const digits = memberOf(given, 'digits');
  return typeof digits === 'number' ? digits : undefined;
}

/** Records a call that gave no answer: refused, failed or cancelled. read: releases of which its message may tell a value. */
export async function recordFailure(call: Call, error: CallError, read: readonly string[] = []): Promise<CallResult> {
  const { code, message, next } = error;
  try {
    const activity = await append(call, [], {
      inputs: [],
      outputs: [],
      releases: [...read],
      status: code === 'cancelled' ? 'cancelled' : 'failed',
      error: { code, message, next },
    });
    return { error: { ...error, activity } };
  } catch (failure) {
    // What was refused stays refused for its own reason; that it is not on record is said too.
    const why = describe(failure);
    return { error: code === 'failed' ? why : { ...error, unrecorded: why.message } };
  }
}

/** The answer without its activity: what is recorded, and what a replay is compared with. */
function unsigned({ value, kind, n, completeness, uncertainty, release, licence, cite }: ToolOutcome) {
  return { value, kind, n, completeness, uncertainty, release, licence, cite };
}

type Ending = Pick<Activity, 'inputs' | 'outputs' | 'releases' | 'seed' | 'status' | 'error'> &
  Pick<Activity, 'valueKind' | 'answer' | 'answerObject' | 'answerDigest'>;

/**
 * Appends the records, the activity, and for a handed-over job the record that ends its run, in one transaction. Returns the
 * activity's id.
 */
async function append(call: Call, records: NewRecord[], ending: Ending): Promise<string> {
  const { host, tool } = call;
  await host.ready();
  const about = describeCall(call);
  return host.workspace.ledger.inTurn(
    (add) => {
      const run = call.run?.();
      const made = [...(call.made ?? []), ...records.map((record) => add(record).id)];
      const { id } = add({ kind: 'activity', subject: tool.name, body: { ...about, ...ending, run, made } });
      if (run) add({ kind: 'run', subject: run, body: { activity: id } });
      return id;
    },
    { durable: tool.effect === 'act' },
  );
}

function describeCall({ tool, host, caller, startedAt, given }: Call) {
  return {
    server: host.server,
    tool: tool.name,
    effect: tool.effect,
    ...keptArguments(given, host.workspace.objects),
    code: codeVersion,
    environment,
    client: caller.client,
    start: startedAt.toISOString(),
    end: new Date().toISOString(),
    replayOf: caller.replayOf,
  };
}

/** An error as the client sees it. Unexpected errors keep their message and lose their stack. */
export function describe(met: unknown): CallError {
  const error = namedStorage(met);
  if (error instanceof BregmaError)
    return { ...error.fields, code: error.code, message: error.message, next: error.next };
  return {
    code: 'failed',
    message: error instanceof Error ? error.message : String(error),
    next: 'Run `bregma doctor`; if this persists, report it with the activity id.',
  };
}

/** Says something on the stderr of a server, where clients keep its log. */
export const serverSays = (text: string): void => void process.stderr.write(`${plain(text, 500)}\n`);
