import type { ToolForm } from '@bregma/core/contracts/tool-form';
import type { CellInfo, FencedCell, Notebook } from './document.ts';
import { pin } from './front-matter.ts';
import { isObject, withoutDefaults } from './tools.ts';
import { writeYaml } from './yaml.ts';

/** One call of a session, as the ledger keeps it. */
export interface SessionCall {
  activity: string;
  tool: string;
  arguments: Record<string, unknown>;
  status: 'ok' | 'failed' | 'cancelled';
  error?: string;
  at: string;
  releases: string[];
  kind?: string;
  n?: { count: number; of: string };
  /** The answer's value, when it is not too large to look for ids in. */
  value?: unknown;
}

/** An id that another call made: a twin, a hypothesis, a plan, an experiment. */
const madeId = /^[a-z]{3,10}-[0-9a-f]{16}$/;
/** Tools that only look after other calls: they are no step of the work. */
const attending = new Set(['get_run', 'find_records', 'trace_claim']);

/**
 * A notebook that makes the calls of a session again: a cell a call, in order, with prose on what each was for. Ids that an
 * earlier call made are written as references to its cell, so that the notebook also runs where they come out different.
 */
export function sessionNotebook(calls: SessionCall[], tools: ToolForm[], about: { client: string }): Notebook {
  const cells: Notebook['cells'] = [];
  const made: { name: string; value: unknown }[] = [];
  const counts = new Map<string, number>();
  const steps = calls.filter(({ tool }) => !attending.has(tool));
  cells.push({ kind: 'prose', text: opening(steps, about.client) });
  for (const [i, call] of steps.entries()) {
    const form = tools.find(({ name }) => name === call.tool);
    cells.push({ kind: 'prose', text: purpose(i + 1, call, form) });
    if (!form || call.status !== 'ok') continue;
    const count = (counts.get(call.tool) ?? 0) + 1;
    counts.set(call.tool, count);
    const name = `${call.tool}_${count}`;
    cells.push(cellFor(call, form, { name, activity: call.activity, more: [] }, made));
    made.push({ name, value: call.value });
  }
  const releases = [...new Set(steps.flatMap((call) => (call.status === 'ok' ? call.releases : [])))].sort();
  const twins = [...new Set(steps.flatMap(({ arguments: args }) => twinsIn(args)))].sort();
  return { bom: false, eol: '\n', frontMatter: pin(undefined, { releases, twins }), cells };
}

function cellFor(
  call: SessionCall,
  form: ToolForm,
  info: CellInfo,
  made: { name: string; value: unknown }[],
): FencedCell {
  const args = withoutDefaults(call.arguments, form.input);
  const { sql, limit, timeout_s, ...others } = args;
  if (
    call.tool === 'query_data' &&
    typeof sql === 'string' &&
    !sql.includes('\r') &&
    Object.keys(others).length === 0
  ) {
    const more = Object.entries({ limit, timeout_s }).flatMap(([key, value]) =>
      value === undefined ? [] : `${key}=${value}`,
    );
    return { kind: 'sql', info: { ...info, more }, text: sql };
  }
  const referring = refer(args, made);
  const body = { tool: call.tool, ...(Object.keys(args).length > 0 && { arguments: referring }) };
  return { kind: 'bregma', info, text: writeYaml(body) };
}

/** Ids in arguments as references to the cell that made them; other texts that look like a reference are escaped. */
function refer(value: unknown, made: { name: string; value: unknown }[]): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('$')) return `$${value}`;
    if (!madeId.test(value)) return value;
    for (const cell of made) {
      const path = pathTo(value, cell.value);
      if (path) return `$${[cell.name, ...path].join('.')}`;
    }
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => refer(item, made));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item, made)]));
  return value;
}

/** Shortest way to a text inside a value, at most three steps; undefined when it is not there. */
function pathTo(wanted: string, value: unknown): string[] | undefined {
  let level: { at: string[]; value: unknown }[] = [{ at: [], value }];
  for (let depth = 0; depth < 3; depth++) {
    const below = level.flatMap(({ at, value: inner }) =>
      isObject(inner) || Array.isArray(inner)
        ? Object.entries(inner).flatMap(([key, item]) =>
            /^[\w-]+$/.test(key) ? [{ at: [...at, key], value: item }] : [],
          )
        : [],
    );
    const found = below.find((item) => item.value === wanted);
    if (found) return found.at;
    level = below;
  }
  return undefined;
}

const twinsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? /^twin-[0-9a-f]{16}$/.test(value)
      ? [value]
      : []
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(twinsIn)
      : [];

function opening(steps: SessionCall[], client: string): string {
  const failed = steps.filter(({ status }) => status !== 'ok').length;
  const day = (at: string | undefined) => at?.slice(0, 16).replace('T', ' ') ?? '';
  const calls = `${steps.length} call${steps.length === 1 ? '' : 's'}${failed > 0 ? `, of which ${failed} gave no result` : ''}`;
  return `# Session of ${inText(client)}\n\n${day(steps[0]?.at)} to ${day(steps.at(-1)?.at)} UTC: ${calls}. Each cell makes one of them again; what it shows is what the session saw.`;
}

/** What a call was for, in a sentence or two: the tool's question, and what came out. */
function purpose(step: number, call: SessionCall, form: ToolForm | undefined): string {
  const heading = `## ${step}. ${call.tool}`;
  if (call.status !== 'ok')
    return `${heading}\n\nThis call ${call.status === 'cancelled' ? 'was cancelled' : 'failed'}${call.error ? `: ${inText(call.error)}` : '.'}`;
  if (!form) return `${heading}\n\nThis version of Bregma has no such tool; the call is ${call.activity}.`;
  const said = [call.arguments.claim, call.arguments.purpose, call.arguments.question].find(
    (text) => typeof text === 'string',
  );
  const on = call.releases.length > 0 ? ` It read ${call.releases.join(' and ')}.` : '';
  const gave = call.n
    ? ` It rests on ${call.n.count} ${call.n.count === 1 ? call.n.of.replace(/s$/, '') : call.n.of} (${call.kind}).`
    : '';
  return [heading, said && `> ${inText(String(said))}`, `${form.question}${on}${gave}`].filter(Boolean).join('\n\n');
}

/** A text of anybody as one line of prose that cannot become a heading, a fence or markup. */
const inText = (text: string): string =>
  text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 500)
    .replace(/[\\`*{}[\]<>#|~]/g, '\\$&');
