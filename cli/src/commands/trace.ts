import { plainJson } from '@bregma/core/contracts/plain-text';
import { TraceGraph } from '@bregma/core/contracts/trace-graph';
import { BregmaError } from '@bregma/core/errors';
import type { Command } from '../command.ts';
import { connectServer } from '../servers.ts';

export const trace: Command = {
  name: 'trace',
  summary: 'show what a claim or any record rests on, back to raw files',
  help: `Usage: bregma trace ID [--json] [--limit N] [--workspace DIR]

ID is an activity (act-…), hypothesis, test, plan, experiment, twin, data set or object. Each line is what the line above it
rests on; → marks what was shown before.`,
  options: { json: { type: 'boolean' }, limit: { type: 'string' } },
  async run({ positionals: [id], values, workspace }) {
    if (!id) throw new BregmaError('bad-input', 'Name what to trace.', { next: 'bregma trace act-0123456789abcdef' });
    const connection = await connectServer('lab', workspace);
    try {
      const answer = await connection.call('trace_claim', { id, limit: Number(values.limit ?? 100) });
      if (values.json) console.log(plainJson(answer));
      else for (const line of tree(TraceGraph.parse(answer.value))) console.log(line);
      return 0;
    } finally {
      await connection.close();
    }
  },
};

/** The graph as an indented tree; a node that was shown already is only named. */
function tree({ roots, nodes, edges }: TraceGraph): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const lines: string[] = [];
  const show = (id: string, depth: number, as: string): void => {
    const node = byId.get(id);
    const name = id.length === 64 ? `${id.slice(0, 16)}…` : id;
    const again = seen.has(id) ? ' →' : '';
    const marks = [
      node?.status && node.status !== 'ok' ? node.status : '',
      (node?.count ?? 1) > 1 ? `× ${node?.count}` : '',
      node?.demo ? 'DEMO KEY' : '',
    ]
      .filter(Boolean)
      .join(', ');
    lines.push(
      `${'  '.repeat(depth)}${as ? `${as}: ` : ''}${node?.kind ?? 'object'} ${node?.label ?? ''} ${name}${marks ? ` (${marks})` : ''}${again}`.trimEnd(),
    );
    if (again) return;
    seen.add(id);
    for (const [from, to, how] of edges)
      if (node && to === node.at && nodes[from]) show(nodes[from].id, depth + 1, how);
  };
  for (const root of roots) show(root, 0, '');
  return lines;
}
