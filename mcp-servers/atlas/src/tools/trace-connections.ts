import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import * as z from 'zod';
import { findNeurons, groupsOf, openConnectome } from '../connectome.ts';
import { compared } from '../trace/compare.ts';
import { flowTo } from '../trace/flow.ts';
import { partners } from '../trace/partners.ts';
import { pathsTo } from '../trace/paths.ts';
import { type Found, type Start, unlabelled } from '../trace/question.ts';

const Input = z.object({
  data: z.string().describe('id@release'),
  from: z.string().describe('Neuron id or name, type:NAME, COLUMN:VALUE'),
  to: z.string().optional().describe('Makes it a path'),
  direction: z.enum(['downstream', 'upstream']).default('downstream'),
  hops: z.number().int().min(1).max(8).optional().describe('default 1; path 4; flow 2'),
  min_weight: z.number().min(0).default(0),
  by: z.string().default('neuron').describe('or type, or a column'),
  path: z.enum(['shortest', 'strongest', 'flow']).default('shortest'),
  paths: z.number().int().min(1).max(50).default(1),
  via: z.string().optional().describe('Flow through'),
  measure: z.enum(['input', 'output', 'paths']).default('input').describe('Of flow'),
  compare: z.string().optional().describe('Another connectome'),
  control: z.number().int().min(0).max(1000).default(0).describe('Rewirings that keep degrees'),
  kind: z.string().optional().describe('chemical, electrical'),
  limit: z.number().int().min(1).max(200).default(20),
});
type Input = z.infer<typeof Input>;

export const traceConnections = defineTool({
  name: 'trace_connections',
  question: 'Who is connected to whom: partners, reach, paths, flow; in one connectome or two?',
  input: Input,
  output: z.looseObject({ from: z.array(z.string()) }),
  effect: 'read',
  view: 'table',
  async run(input, { workspace, signal }) {
    refuseMixed(input);
    const release = findDataset(workspace.ledger, input.data);
    const start = await begin(release, input, workspace);
    const others = input.compare === undefined ? [] : [findDataset(workspace.ledger, input.compare)];
    const found = await answer(start, others[0], input, workspace, signal);
    const { connectome, sources } = start;
    const read = [release, ...others];
    return {
      value: {
        from: sources.slice(0, 20).map((i) => connectome.names[i]),
        ...found.value,
        unit: connectome.unit,
        connections: input.kind ?? connectome.kinds.join(' and '),
      },
      kind: 'derived',
      n: { count: sources.length, of: 'starting neurons' },
      completeness: found.completeness,
      release: read.map(datasetRef),
      licence: [...new Set(read.map(({ card }) => card.licence))],
      cite: [...new Set(read.flatMap(({ card }) => card.cite))],
      inputs: read.map(datasetRef),
    };
  },
});

/** Throws `bad-input` where one argument leaves no meaning to another. */
function refuseMixed({ to, via, path, compare, hops = 1, control }: Input): void {
  const refuse = (what: string, next: string) => {
    throw new BregmaError('bad-input', what, { next });
  };
  if (compare !== undefined && (to !== undefined || hops > 1))
    refuse('Two connectomes are compared by direct partners.', 'Leave out to, and hops.');
  if (path === 'flow' && to === undefined) refuse('A flow goes to somewhere.', 'Give to.');
  if (via !== undefined && (to === undefined || path === 'shortest' || path === 'strongest'))
    refuse('via is about a flow.', 'Give to, and path "flow".');
  if (control > 0 && (compare !== undefined || (to === undefined ? hops > 1 : path !== 'flow')))
    refuse('Rewired controls are of direct partners and of flows.', 'Leave out control, or give path "flow".');
}

async function begin(release: DatasetRelease, { from, by, kind }: Input, workspace: Workspace): Promise<Start> {
  const connectome = await openConnectome(release, kind, workspace);
  const sources = await findNeurons(connectome, from, release, workspace);
  const groups = await groupsOf(connectome, release, by, workspace);
  return { release, connectome, sources, labels: groups.map((group) => group || unlabelled(by)) };
}

async function answer(
  start: Start,
  other: DatasetRelease | undefined,
  input: Input,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Found> {
  if (other) return compared(start, await begin(other, input, workspace), input);
  if (input.to === undefined) return partners(start, input, signal);
  const { connectome, release } = start;
  const targets = await findNeurons(connectome, input.to, release, workspace);
  if (input.path !== 'flow') return pathsTo(start, targets, input);
  const via = input.via === undefined ? undefined : await findNeurons(connectome, input.via, release, workspace);
  return flowTo(start, targets, via, input, signal);
}
