import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Tool } from './tool.ts';

/** A JSON schema as tools/list shows it. */
export type JsonForm = Record<string, unknown>;

/** Bounds and dialect marks that zod writes for every integer and object, and that tell a model nothing. */
function lean(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lean);
  if (!schema || typeof schema !== 'object') return schema;
  const out: JsonForm = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema' || key === 'additionalProperties' || key === 'propertyNames') continue;
    if (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) continue;
    if (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) continue;
    if (key === 'required' && Array.isArray(value) && value.length === 0) continue;
    out[key] =
      key === 'properties'
        ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, lean(member)]))
        : lean(value);
  }
  return out;
}

/** A schema that advertises `json` and lets everything through: the call path parses, and explains what is wrong. */
export function advertise(json: JsonForm): StandardSchemaWithJSON<Record<string, unknown>> {
  return {
    '~standard': {
      version: 1,
      vendor: 'bregma',
      // SAFETY: nothing is promised here: the call path parses whatever comes.
      validate: (value: unknown) => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

/** What tools/list shows of a tool's input: defaults make an argument optional. */
export function jsonForm({ input }: Tool): JsonForm {
  // SAFETY: `lean` gives an object for an object, and a JSON schema of zod is one.
  return lean(z.toJSONSchema(input, { io: 'input' })) as JsonForm;
}

/** The form of every answer; errors carry `error` instead. */
export const advertisedOutput = advertise({ type: 'object' });
