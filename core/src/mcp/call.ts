import * as z from 'zod';
import { BregmaError } from '../errors.ts';
import { openDoor } from '../ledger/door.ts';
import { asLedgerError, isHeld } from '../ledger/ledger-errors.ts';
import { nearest } from '../nearest.ts';
import { isNestedBeyond, mostNested } from '../nesting.ts';
import {
  type Call,
  type Caller,
  type CallResult,
  describe,
  type Host,
  recordFailure,
  recordSuccess,
} from './record-call.ts';
import { type AutonomyClass, autonomyClasses, type Progress, type Tool, type ToolOutcome } from './tool.ts';

/**
 * The one call path: parse → autonomy class → run → objects → activity → answer → size cap. No tool does any of these
 * itself, so none can skip one.
 */
export async function callTool(tool: Tool, rawArguments: unknown, host: Host, caller: Caller): Promise<CallResult> {
  const call: Call = { tool, host, caller, startedAt: new Date(), given: rawArguments };
  let input: Record<string, unknown>;
  try {
    input = parseArguments(tool, rawArguments);
    call.given = input;
    allow(tool, host.autonomy);
    if (caller.replayOf) refuseReplay(tool);
    await host.ready();
    await host.workspace.ledger.readable();
  } catch (error) {
    return recordFailure(call, describe(error));
  }
  const runId = host.runs.mint();
  const stop = new AbortController();
  // Until it is handed over a job ends with its caller; then with `stop` alone.
  const cancel = () => stop.abort();
  if (caller.signal.aborted) cancel();
  caller.signal.addEventListener('abort', cancel, { once: true });
  let handedOver = false;

  const progress = (step: Progress) => {
    if (handedOver) host.runs.report(runId, step);
    else caller.progress(step);
  };
  const work = perform(call, input, {
    signal: stop.signal,
    progress,
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
  const ended = work.then(() => true);
  const announced = await Promise.race([ended, host.runs.announce(runId, tool.name).catch(() => true)]);
  if (announced || (await Promise.race([ended, false]))) return work;
  if (caller.signal.aborted) {
    stop.abort(); // it was cancelled meanwhile, by who has no id of the run
    return work;
  }
  handedOver = true;
  host.runs.handOver(runId, tool.name, {
    startedAt: call.startedAt.toISOString(),
    stop,
    done: work.then(() => undefined),
  });
  return { handedOver: { run_id: runId, state: 'running', tool: tool.name } };
}

function parseArguments(tool: Tool, raw: unknown): Record<string, unknown> {
  const known = Object.keys(tool.input.shape);
  if (raw !== undefined && (typeof raw !== 'object' || raw === null || Array.isArray(raw))) {
    throw new BregmaError('bad-input', `${tool.name} takes an object with ${known.join(', ')}.`);
  }
  if (isNestedBeyond(raw))
    throw new BregmaError('bad-input', `${tool.name}: its arguments are nested more than ${mostNested} deep.`, {
      next: `Its arguments: ${known.join(', ') || 'none'}.`,
    });
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
      fields: { what: 'argument', arguments: unknown, nearest: unknown.flatMap((key) => nearest(key, known, 1)) },
    });
  }
  const parsed = tool.input.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  throw new BregmaError('bad-input', `${tool.name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`, {
    next: `Its arguments: ${known.join(', ')}.`,
    fields: { what: 'argument', arguments: [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))] },
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

/** A repetition goes by what the tool is, never by what the record says of it. */
function refuseReplay({ name, effect }: Tool): void {
  if (effect !== 'act') return;
  throw new BregmaError('not-allowed', `${name} acts: repeating it would spend budget or use the subject again.`, {
    next: 'Replay the activities that it rests on; `bregma trace` lists them.',
  });
}

interface Job {
  signal: AbortSignal;
  progress(step: Progress): void;
  runId(): string | undefined;
}

async function perform(call: Call, input: Record<string, unknown>, job: Job): Promise<CallResult> {
  const { tool, host, caller } = call;
  const { door, made } = openDoor(host.workspace.ledger);
  const { folder, bregma, objects } = host.workspace;
  let outcome: ToolOutcome;
  try {
    // SAFETY: this tool's own form has parsed the input, and `run` takes what the form gives.
    outcome = await tool.run(input as never, {
      workspace: { folder, bregma, objects, ledger: door },
      signal: job.signal,
      progress: job.progress,
      client: caller.client,
      runs: host.runs,
    });
    outcome = { ...outcome, value: checked(tool, outcome.value) };
  } catch (error) {
    const told = isHeld(error) ? asLedgerError(host.workspace.ledger.file, error) : error;
    const read = told instanceof BregmaError ? told.read : [];
    return recordFailure({ ...call, run: job.runId, made: made() }, failureOf(tool, job.signal, told), read);
  }
  return recordSuccess({ ...call, run: job.runId, made: made() }, outcome);
}

function checked(tool: Tool, value: unknown): unknown {
  const parsed = tool.output.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${tool.name} gave a value that is not of its own output form: ${z.prettifyError(parsed.error)}`);
}

function failureOf(tool: Tool, signal: AbortSignal, error: unknown) {
  return signal.aborted ? { code: 'cancelled' as const, message: `${tool.name} was cancelled.` } : describe(error);
}
