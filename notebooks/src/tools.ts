import type { JsonSchema, ToolForm } from '@bregma/core/contracts/tool-form';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';

/** The tool of this name, of this server when one is named. Throws `unknown-name` with the nearest. */
export function findTool(tools: ToolForm[], name: string, server?: string): ToolForm {
  const found = tools.find((tool) => tool.name === name && (server === undefined || tool.server === server));
  if (found) return found;
  const elsewhere = tools.find((tool) => tool.name === name);
  if (elsewhere)
    throw new BregmaError('unknown-name', `The server '${server}' has no tool '${name}'; ${elsewhere.server} has it.`, {
      next: 'Leave server out: the tool is found by its name.',
      fields: { what: 'tool', id: name, nearest: [elsewhere.name], server },
    });
  const near = nearest(name, [...new Set(tools.map((tool) => tool.name))], 2);
  throw unknownName('tool', name, near);
}

/**
 * Whether a call that sends `sent` is the call that was recorded with `recorded`: what is sent must be the same, and what is
 * not sent must be what the tool takes by default.
 */
export function sameArguments(sent: unknown, recorded: unknown, schema: JsonSchema | undefined): boolean {
  if (sent === undefined) return sameDefault(recorded, schema);
  if (Array.isArray(sent) && Array.isArray(recorded))
    return (
      sent.length === recorded.length && sent.every((item, i) => sameArguments(item, recorded[i], schema?.items ?? {}))
    );
  if (isObject(sent) && isObject(recorded))
    return [...new Set([...Object.keys(sent), ...Object.keys(recorded)])].every((key) =>
      sameArguments(sent[key], recorded[key], schema?.properties?.[key]),
    );
  return sent === recorded;
}

function sameDefault(recorded: unknown, schema: JsonSchema | undefined): boolean {
  if (recorded === undefined) return true;
  return schema?.default !== undefined && JSON.stringify(schema.default) === JSON.stringify(recorded);
}

/** The arguments that say more than the tool's defaults. */
export function withoutDefaults(recorded: Record<string, unknown>, schema: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(recorded).filter(([name, value]) => !sameDefault(value, schema.properties?.[name])),
  );
}

/** True for an object with named members: no list, not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
