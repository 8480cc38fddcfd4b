import type { ServerName } from '@bregma/core/contracts/server-name';
import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Cell, FencedCell } from './document.ts';
import { findTool, isObject } from './tools.ts';
import { readYaml } from './yaml.ts';

/** A tool call as a cell makes it. */
export interface Call {
  server: ServerName;
  tool: string;
  args: Record<string, unknown>;
  form: ToolForm;
}

/** Gives the value of an earlier cell's answer. Throws when there is none yet. */
export type ResultOf = (name: string) => unknown;

/** `$cells`, `$model.twin`, `$found.records.0.id`: the value of an earlier cell, or a part of it. `$$` is a dollar sign. */
const reference = /^\$([A-Za-z_][\w-]*)((?:\.[\w-]+)*)$/;

/** The tool call of a `sql` or `bregma` cell, with its references filled in. Throws `bad-input` or `unknown-name`. */
export function callOf(cell: FencedCell, tools: ToolForm[], resultOf: ResultOf): Call {
  if (cell.kind === 'sql') {
    const form = findTool(tools, 'query_data', 'atlas');
    return { server: 'atlas', tool: form.name, args: { sql: cell.text, ...sqlOptions(cell.info.more) }, form };
  }
  const { tool, server, args } = readCall(cell.text, tools);
  const form = findTool(tools, tool, server);
  // SAFETY: an object stays one: only what is in it is filled in.
  return { server: form.server, tool, args: fillIn(args, resultOf) as Record<string, unknown>, form };
}

function readCall(
  text: string,
  tools: ToolForm[] = [],
): { tool: string; server?: string; args: Record<string, unknown> } {
  const call = readYaml(text, 'The cell');
  const example = `Write for example\n${exampleFor(text, tools)}`;
  if (!isObject(call) || typeof call.tool !== 'string')
    throw new BregmaError('bad-input', 'A bregma cell names a tool.', { next: example });
  const { tool, server, arguments: args = {}, ...others } = call;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new BregmaError('bad-input', `A bregma cell has tool, arguments and server, and no '${unknown}'.`, {
      next: `What ${tool} takes belongs below arguments.`,
    });
  const given = args ?? {};
  if (!isObject(given)) throw new BregmaError('bad-input', 'arguments must be names with values.', { next: example });
  if (server !== undefined && typeof server !== 'string')
    throw new BregmaError('bad-input', 'server is atlas, twin or lab.');
  return { tool, server, args: given };
}

/** A call of the tool that a text names, with what it needs; of find_data where it names none. */
function exampleFor(text: string, tools: ToolForm[]): string {
  const named = tools.find(({ name }) => new RegExp(`\\b${name}\\b`).test(text));
  if (!named) return 'tool: find_data\narguments:\n  query: connectome';
  const needed = (named.input.required ?? []).map((name) => `\n  ${name}: …`);
  return `tool: ${named.name}${needed.length > 0 ? `\narguments:${needed.join('')}` : ''}`;
}

/** `limit=50 timeout_s=120` behind the name of a `sql` cell. */
function sqlOptions(words: string[]): Record<string, number> {
  return Object.fromEntries(
    words.map((word) => {
      const [, key, value] = /^(limit|timeout_s)=(\d{1,6})$/.exec(word) ?? [];
      if (key === undefined)
        throw new BregmaError('bad-input', `'${word.slice(0, 60)}' is nothing that a sql cell knows.`, {
          next: 'Behind sql: name=…, limit=…, timeout_s=…, activity=….',
        });
      return [key, Number(value)];
    }),
  );
}

function fillIn(value: unknown, resultOf: ResultOf): unknown {
  if (typeof value === 'string') {
    if (value.startsWith('$$')) return value.slice(1);
    const [, name, path] = reference.exec(value) ?? [];
    return name === undefined ? value : follow(resultOf(name), path.split('.').slice(1), value);
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, resultOf));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, resultOf)]));
  return value;
}

function follow(start: unknown, path: string[], whole: string): unknown {
  let value = start;
  for (const key of path) {
    const members = Array.isArray(value) ? value : isObject(value) ? value : {};
    if (!Object.hasOwn(members, key)) {
      const near = nearest(key, Object.keys(members), 3);
      throw new BregmaError('unknown-name', `${whole}: there is no '${key}' in that answer.`, {
        next: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Look at the answer of the cell that it names.',
        fields: { what: 'member', id: key, nearest: near },
      });
    }
    // SAFETY: `key` was just found among its own members.
    value = (members as Record<string, unknown>)[key];
  }
  return value;
}

/** Names of earlier cells whose results a cell uses. Empty when the cell cannot be read. */
export function namesUsed(cell: Cell): string[] {
  if (cell.kind !== 'bregma' && cell.kind !== 'plot' && cell.kind !== 'vega-lite') return [];
  const found = new Set<string>();
  try {
    if (cell.kind === 'bregma') {
      const collect: ResultOf = (name) => {
        found.add(name);
        return everything;
      };
      fillIn(readCall(cell.text).args, collect);
    } else for (const name of dataNames(readYaml(cell.text, 'The cell'))) found.add(name);
  } catch {
    // A cell that cannot be read says so when it runs.
  }
  return [...found];
}

/** The data set, `id@release`, that a plot cell with `view:` draws. */
export function datasetIn({ kind, text }: FencedCell): string | undefined {
  return kind === 'plot' ? /^data:\s*["']?([^\s"']+@[^\s"']+)/m.exec(text)?.[1] : undefined;
}

/** Has every member, so that a path through it always leads on. */
const everything: unknown = new Proxy(
  {},
  {
    get: () => everything,
    has: () => true,
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
  },
);

/** Every `data: name` (plot) and `data: {name: …}` (vega-lite), at any depth. JSON is YAML too. `id@release` is a data set. */
export function dataNames(spec: unknown): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isObject(value)) return;
    if (typeof value.data === 'string') {
      if (!value.data.includes('@')) names.add(value.data);
    } else if (isObject(value.data) && typeof value.data.name === 'string') names.add(value.data.name);
    Object.values(value).forEach(visit);
  };
  visit(spec);
  return names;
}
