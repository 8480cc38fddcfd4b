import { TraceGraph } from '@bregma/core/contracts/trace-graph';
import { unknownName } from '@bregma/core/errors';
import { defineTool } from '@bregma/core/mcp/tool';
import { nearest } from '@bregma/core/nearest';
import { traceableNames, traceRecord } from '@bregma/core/provenance/walk';
import { describeStanding, proposeRetests } from '@bregma/core/validity/describe';
import { standings } from '@bregma/core/validity/standing';
import * as z from 'zod';

export const traceClaim = defineTool({
  name: 'trace_claim',
  question: 'What does a claim or any record rest on, back to raw files?',
  input: z.object({
    id: z.string().describe('Any id, dataset or sha256'),
    limit: z.number().int().min(1).max(400).default(40),
    whole: z.boolean().default(false).describe('Do not collapse'),
  }),
  output: TraceGraph,
  effect: 'read',
  view: 'lineage',
  async run({ id, limit, whole }, { workspace }) {
    const { trace, lineage } = traceRecord(workspace.ledger, id, { limit, whole });
    if (trace.roots.length === 0)
      throw unknownName(
        'record',
        id,
        nearest(id, traceableNames(workspace.ledger)),
        'Call find_records to see what there is.',
      );
    const at = new Map(trace.nodes.map((node, place) => [node.id, place]));
    const stale = standings(workspace.ledger).filter(
      (one) => one.stale.length > 0 && (lineage.nodes.has(one.record.id) || lineage.nodes.has(one.record.subject)),
    );
    return {
      value: {
        roots: trace.roots,
        nodes: trace.nodes.map((node, place) => ({ at: place, ...node, label: node.label.slice(0, 100) })),
        edges: trace.edges.map(({ from, to, as }): [number, number, string] => [at.get(from)!, at.get(to)!, as]),
        ...(stale.length > 0 && { stale: stale.map(describeStanding) }),
        ...proposeRetests(stale, workspace.ledger),
      },
      kind: 'derived',
      n: { count: trace.total, of: 'records, objects and files before collapsing' },
      completeness: { returned: trace.nodes.length, available: trace.available, of: 'nodes' },
      inputs: trace.roots,
    };
  },
});
