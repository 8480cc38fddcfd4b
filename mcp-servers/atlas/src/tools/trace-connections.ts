import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { findNeurons, type OpenConnectome, openConnectome } from '../connectome.ts';
import { reach, shortestPath, strength, strongestPath } from '../domain/graph.ts';
import { partnersOf } from '../domain/partners.ts';

export const traceConnections = defineTool({
  name: 'trace_connections',
  question: 'Who is connected to whom: partners, strengths, reach, shortest and strongest paths?',
  input: z.object({
    data: z.string().describe('A connectome, id@release'),
    from: z.string().describe('Neuron id or name, or type:NAME'),
    to: z.string().optional().describe('Makes it a path'),
    direction: z.enum(['downstream', 'upstream']).default('downstream'),
    hops: z.number().int().min(1).max(8).optional().describe('default 1; a path: 4'),
    min_weight: z.number().min(0).default(0),
    by: z.enum(['neuron', 'type']).default('neuron'),
    path: z.enum(['shortest', 'strongest']).default('shortest'),
    kind: z.string().optional().describe('chemical or electrical; default all'),
    limit: z.number().int().min(1).max(200).default(20),
  }),
  output: z.looseObject({ from: z.array(z.string()) }),
  effect: 'read',
  view: 'table',
  async run(input, { workspace }) {
    const release = findDataset(workspace.ledger, input.data);
    const reference = datasetRef(release);
    const connectome = await openConnectome(release, input.kind, workspace);
    const sources = findNeurons(connectome, input.from, reference);
    const found =
      input.to === undefined
        ? partners(connectome, sources, input)
        : path(connectome, sources, findNeurons(connectome, input.to, reference), input);
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
      release: [reference],
      licence: [release.card.licence],
      cite: release.card.cite,
      inputs: [reference],
    };
  },
});

interface Question {
  direction: 'downstream' | 'upstream';
  hops?: number;
  min_weight: number;
  by: 'neuron' | 'type';
  path: 'shortest' | 'strongest';
  limit: number;
}

/** One hop: strengths. More: how many hops each neuron, or how many neurons of each type, are away. */
function partners(
  connectome: OpenConnectome,
  sources: number[],
  { direction, hops = 1, min_weight, by, limit }: Question,
) {
  const { graph, names, ids, types } = connectome;
  const rows = direction === 'downstream' ? graph.out : graph.in;
  if (by === 'type' && types.every((type) => type === ''))
    throw new BregmaError('bad-input', 'This connectome has no cell types.', { next: 'Use by: "neuron".' });
  const label = (i: number) => (by === 'type' ? types[i] || 'untyped' : names[i]);
  if (hops === 1) {
    const all = partnersOf(graph, sources, direction, min_weight, label);
    const total = sources.reduce((sum, source) => sum + strength(rows, source), 0);
    return {
      value: {
        direction,
        total,
        partners: all
          .slice(0, limit)
          .map((partner) => (by === 'neuron' ? { ...partner, id: ids[partner.example] } : partner))
          .map(({ example: _, ...row }) => row),
      },
      completeness: {
        returned: Math.min(limit, all.length),
        available: all.length,
        of: by === 'type' ? 'cell types' : 'partners',
      },
    };
  }
  const reached = reach(rows, sources, hops, min_weight).filter(({ hops: away }) => away > 0);
  const perHop = Array.from({ length: hops }, (_, i) => ({
    hops: i + 1,
    neurons: reached.filter(({ hops: away }) => away === i + 1).length,
  }));
  const groups = new Map<string, { hops: number; neurons: number }>();
  for (const { node, hops: away } of reached) {
    const group = groups.get(label(node)) ?? { hops: away, neurons: 0 };
    groups.set(label(node), { hops: Math.min(group.hops, away), neurons: group.neurons + 1 });
  }
  const list = [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((a, b) => a.hops - b.hops || b.neurons - a.neurons || (a.name < b.name ? -1 : 1));
  return {
    value: {
      direction,
      hops,
      min_weight,
      reached: reached.length,
      of: graph.size,
      perHop,
      nearest: list.slice(0, limit),
    },
    completeness: {
      returned: Math.min(limit, list.length),
      available: list.length,
      of: by === 'type' ? 'cell types' : 'neurons',
    },
  };
}

function path(
  connectome: OpenConnectome,
  sources: number[],
  targets: number[],
  { direction, hops = 4, min_weight, path: which }: Question,
) {
  const [starts, ends] = direction === 'downstream' ? [sources, targets] : [targets, sources];
  const search = which === 'shortest' ? shortestPath : strongestPath;
  const found = search(connectome.graph, starts, ends, hops, min_weight);
  const to = targets.slice(0, 20).map((i) => connectome.names[i]);
  if (!found) {
    return {
      value: {
        to,
        found: false,
        means: `No path within ${hops} ${hops === 1 ? 'hop' : 'hops'} over connections of at least ${min_weight}. That is not proof that there is none.`,
      },
      completeness: { returned: 0, available: 0, of: 'paths' },
    };
  }
  const { nodes, weights, strength: share } = found;
  return {
    value: {
      to,
      found: true,
      hops: weights.length,
      path: nodes.map((i) => connectome.names[i]),
      ids: nodes.map((i) => connectome.ids[i]),
      weights,
      ...(which === 'strongest'
        ? { share, shareIs: 'product over the path of the connection ÷ all input of its target' }
        : {}),
    },
    completeness: { returned: 1, available: null, of: 'paths' },
  };
}
