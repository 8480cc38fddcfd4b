import { nextLevel } from '@bregma/core/hypothesis/budget';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { rowKinds, rowsOf } from '../domain/record-rows.ts';

export const findRecords = defineTool({
  name: 'find_records',
  question:
    'Which hypotheses, tests, plans, approvals, experiments, sealed scores and activities are there, and what error budget is left?',
  input: z.object({
    kind: z.enum(rowKinds).optional().describe('Default: all but activities'),
    query: z.string().optional(),
    status: z.string().optional(),
    limit: z.number().int().min(1).max(200).default(20),
  }),
  output: z.object({
    records: z.array(
      z.object({ id: z.string(), kind: z.string(), status: z.string(), title: z.string(), at: z.string() }),
    ),
    budget: z.object({
      procedure: z.string(),
      alpha: z.number(),
      tests: z.number(),
      discoveries: z.number(),
      nextLevel: z.number(),
      nextNeedsE: z.number(),
    }),
  }),
  effect: 'read',
  async run({ kind, query, status, limit }, { workspace: { ledger } }) {
    const wanted = query?.toLowerCase();
    const found = (kind ? [kind] : rowKinds.filter((name) => name !== 'activity'))
      .flatMap((name) => rowsOf(name, ledger))
      .filter((row) => !wanted || `${row.id} ${row.title}`.toLowerCase().includes(wanted))
      .filter((row) => !status || row.status.toLowerCase().includes(status.toLowerCase()))
      .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
    const { procedure, alpha, index, discoveries, level } = nextLevel(ledger);
    return {
      value: {
        records: found.slice(0, limit),
        budget: { procedure, alpha, tests: index - 1, discoveries, nextLevel: level, nextNeedsE: 1 / level },
      },
      kind: 'derived',
      completeness: { returned: Math.min(limit, found.length), available: found.length, of: 'records' },
    };
  },
});
