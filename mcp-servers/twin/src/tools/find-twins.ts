import { listTwins } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { kinds } from '../kinds/index.gen.ts';

export const findTwins = defineTool({
  name: 'find_twins',
  question: 'Which kinds of twin can be built, with which options, and which twins are there?',
  input: z.object({
    query: z.string().optional().describe('Words in kind, data or title'),
    limit: z.number().int().min(1).max(100).default(20),
  }),
  output: z.object({
    twins: z.array(z.looseObject({ twin: z.string() })),
    kinds: z.array(z.looseObject({ kind: z.string() })),
  }),
  effect: 'read',
  async run({ query, limit }, { workspace }) {
    const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
    const found = listTwins(workspace.ledger)
      .filter((twin) => matches(`${twin.id} ${twin.kind} ${twin.data} ${twin.title}`))
      .reverse();
    return {
      value: {
        twins: found.slice(0, limit).map(({ id, kind, data, options, fittedOn, seed }) => ({
          twin: id,
          kind,
          data,
          options,
          fittedOn: `${fittedOn.part}: ${fittedOn.n} ${fittedOn.of}`,
          seed,
        })),
        kinds: kinds.map((kind) => ({
          kind: kind.name,
          title: kind.title,
          needs: kind.needs,
          options: Object.fromEntries(
            // SAFETY: the members of a form of zod are forms of zod.
            Object.entries(kind.options.shape).map(([name, schema]) => [name, describeOption(schema as z.ZodType)]),
          ),
        })),
      },
      kind: 'derived',
      completeness: { returned: Math.min(limit, found.length), available: found.length, of: 'twins' },
    };
  },
});

interface JsonSchema {
  enum?: string[];
  type?: string;
  default?: unknown;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
}

function describeOption(schema: z.ZodType): string {
  // SAFETY: each member that is read of it may be absent, and is in JSON Schema what it is here.
  const json = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return `${formOf(json)}, default ${JSON.stringify(json.default)}${schema.description ? `: ${schema.description}` : ''}`;
}

function formOf({ enum: choices, anyOf, properties, type }: JsonSchema): string {
  if (anyOf) return anyOf.map(formOf).join(', or ');
  if (choices) return choices.join('|');
  if (properties)
    return `{${Object.entries(properties)
      .map(([name, member]) => `${name}: ${formOf(member)}`)
      .join(', ')}}`;
  return type ?? 'any';
}
