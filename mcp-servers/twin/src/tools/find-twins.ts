import { listTwins } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { describeStanding, proposeRetests } from '@bregma/core/validity/describe';
import { type Standing, standings } from '@bregma/core/validity/standing';
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
    retests: z
      .array(z.looseObject({ tool: z.string() }))
      .optional()
      .describe('Calls after which no validity is stale'),
  }),
  effect: 'read',
  async run({ query, limit }, { workspace }) {
    const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
    const judged = standings(workspace.ledger);
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
          ...validityOf(judged, id),
        })),
        kinds: kinds.map((kind) => ({
          kind: kind.name,
          title: kind.title,
          needs: kind.needs,
          ...validityOf(judged, kind.name),
          options: Object.fromEntries(
            // SAFETY: the members of a form of zod are forms of zod.
            Object.entries(kind.options.shape).map(([name, schema]) => [name, describeOption(schema as z.ZodType)]),
          ),
        })),
        ...proposeRetests(judged, workspace.ledger),
      },
      kind: 'derived',
      completeness: { returned: Math.min(limit, found.length), available: found.length, of: 'twins' },
    };
  },
});

/** What is on record of how well a twin, or a kind where no twin was named, predicts. */
function validityOf(judged: Standing[], subject: string) {
  const own = judged.filter(({ record }) => record.subject === subject);
  return own.length > 0 ? { validity: own.map(describeStanding) } : {};
}

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
