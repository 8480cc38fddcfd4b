import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { findKind, kindsByNeed, parseOptions } from '../find-kind.ts';
import { refuseUseless } from '../takes.ts';

const input = z.object({
  kind: z.string(),
  data: z.string().describe('id@release'),
  part: z
    .enum(['all', 'first-half'])
    .default('all')
    .describe('first-half keeps the other half of the stimuli for tests'),
  options: z.record(z.string(), z.unknown()).optional().describe('find_twins lists them'),
  seed: z.number().int().min(0).default(0),
});

export const buildTwin = defineTool({
  name: 'build_twin',
  question: `Make a twin of a data set: ${kindsByNeed()}.`,
  input,
  output: z.looseObject({ twin: z.string() }),
  effect: 'compute',
  async run({ kind: name, options: given, ...request }, context) {
    const kind = findKind(name);
    refuseUseless(kind, 'build', request, input.shape);
    return kind.build({ ...request, options: parseOptions(kind, given) }, context);
  },
});
