import { serverNames } from '@bregma/core/contracts/server-name';
import type { JsonSchema, ToolForm } from '@bregma/core/contracts/tool-form';
import { longName } from '@bregma/core/server-names';

/** A word that could stand at the cursor. */
export interface Completion {
  label: string;
  insert: string;
  detail?: string;
  documentation?: string;
  /** Listed first. */
  needed?: boolean;
}

/**
 * What can stand where the cursor is in a bregma cell: members of the cell, tools, arguments of the tool, their values, and
 * results of earlier cells. before: the text up to the cursor. whole: the whole cell. names: cells above.
 */
export function completions(before: string, whole: string, tools: ToolForm[], names: string[]): Completion[] {
  const lines = before.split('\n');
  const line = lines.at(-1) ?? '';
  if (/^tool:\s*\S*$/.test(line)) return tools.filter(({ name }) => name !== 'get_run').map(toolCompletion);
  if (/^server:\s*\S*$/.test(line)) return serverNames.map((label) => ({ label, insert: label }));
  if (/^\w*$/.test(line)) return members.filter(({ label }) => !new RegExp(`^${label}:`, 'm').test(whole));
  const tool = tools.find(({ name }) => name === /^tool:\s*(\S+)/m.exec(whole)?.[1]);
  if (!tool || !lines.slice(0, -1).some((one) => /^arguments:/.test(one))) return [];
  const path = pathAt(lines);
  const value = /^\s+(?:- )?([\w-]+):\s+\S*$/.exec(line);
  if (value) return valuesOf(schemaAt(tool.input, [...path, value[1]]), names);
  if (!/^\s+(?:- )?\w*$/.test(line)) return [];
  return argumentsOf(schemaAt(tool.input, path), path.length === 0 ? whole : '');
}

const members: Completion[] = [
  { label: 'tool', insert: 'tool: ', needed: true },
  { label: 'arguments', insert: 'arguments:\n  ' },
  { label: 'server', insert: 'server: ', detail: 'only where two servers have the tool' },
];

const toolCompletion = ({ name, server, question, acts }: ToolForm): Completion => ({
  label: name,
  insert: name,
  detail: `${longName(server)}${acts ? ', cannot be taken back' : ''}`,
  documentation: question,
});

/** Names of the members that the last line lies in, below `arguments`. */
function pathAt(lines: string[]): string[] {
  const path: string[] = [];
  let indent = indentOf(lines.at(-1) ?? '');
  for (let at = lines.length - 2; at >= 0 && indent > 0; at--) {
    const [, name] = /^\s*(?:- )?([\w-]+):\s*$/.exec(lines[at]) ?? [];
    if (name === undefined || indentOf(lines[at]) >= indent) continue;
    indent = indentOf(lines[at]);
    if (indent > 0) path.unshift(name);
  }
  return path;
}

const indentOf = (line: string) => /^\s*/.exec(line)?.[0].length ?? 0;

function schemaAt(schema: JsonSchema, path: string[]): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema;
  for (const name of path) at = (at?.properties ?? at?.items?.properties)?.[name];
  return at;
}

function argumentsOf(schema: JsonSchema | undefined, whole: string): Completion[] {
  const properties = schema?.properties ?? schema?.items?.properties ?? {};
  const required = schema?.required ?? schema?.items?.required ?? [];
  return Object.entries(properties)
    .filter(([name]) => !new RegExp(`^\\s+${name}:`, 'm').test(whole))
    .map(([name, { type, description, default: usual, properties: inner }]) => ({
      label: name,
      insert: inner ? `${name}:\n  ` : `${name}: `,
      detail: [type, usual !== undefined && `default ${JSON.stringify(usual)}`, required.includes(name) && 'needed']
        .filter(Boolean)
        .join(', '),
      documentation: description,
      needed: required.includes(name),
    }));
}

function valuesOf(schema: JsonSchema | undefined, names: string[]): Completion[] {
  const values = schema?.type === 'boolean' ? ['true', 'false'] : (schema?.enum ?? []).map(String);
  return [
    ...values.map((label) => ({ label, insert: label, needed: true })),
    ...names.map((name) => ({ label: `$${name}`, insert: `$${name}`, detail: 'result of an earlier cell' })),
  ];
}
