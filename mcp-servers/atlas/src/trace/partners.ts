import type { Graph } from '../domain/graph.ts';
import { reach, strength } from '../domain/graph.ts';
import { type Partner, partnersOf } from '../domain/partners.ts';
import { controlIs, controlled } from './controls.ts';
import { type Found, type Question, rowsOf, type Start } from './question.ts';

/** One hop: strengths. More: how many hops each neuron, or how many neurons of each group, are away. */
export function partners(start: Start, question: Question, signal: AbortSignal): Promise<Found> | Found {
  return (question.hops ?? 1) === 1 ? strengths(start, question, signal) : reached(start, question);
}

/** Direct partners by what they are called. */
export const partnersIn = (graph: Graph, { sources, labels }: Start, { direction, min_weight }: Question): Partner[] =>
  partnersOf(graph, sources, direction, min_weight, (node) => labels[node]);

async function strengths(start: Start, question: Question, signal: AbortSignal): Promise<Found> {
  const { graph, ids } = start.connectome;
  const { direction, by, limit, control } = question;
  const all = partnersIn(graph, start, question);
  const rows = direction === 'downstream' ? graph.out : graph.in;
  const shown = all.slice(0, limit);
  const shares = (list: Partner[]) => new Map(list.map(({ name, share }) => [name, share]));
  const random =
    control > 0
      ? await controlled(graph, control, shares(shown), (other) => shares(partnersIn(other, start, question)), signal)
      : undefined;
  return {
    value: {
      direction,
      total: start.sources.reduce((sum, source) => sum + strength(rows, source), 0),
      partners: shown.map(({ example, ...row }) => ({
        ...row,
        ...(by === 'neuron' ? { id: ids[example] } : {}),
        ...(random ? { shareRewired: random.by.get(row.name) } : {}),
      })),
      ...(random ? { control: { draws: control, moved: random.moved, is: controlIs } } : {}),
    },
    completeness: {
      returned: shown.length,
      available: all.length,
      of: by === 'neuron' ? 'partners' : rowsOf(by),
    },
  };
}

function reached(
  { connectome, sources, labels }: Start,
  { direction, hops = 1, min_weight, by, limit }: Question,
): Found {
  const { graph } = connectome;
  const rows = direction === 'downstream' ? graph.out : graph.in;
  const found = reach(rows, sources, hops, min_weight).filter(({ hops: away }) => away > 0);
  const perHop = Array.from({ length: hops }, (_, i) => ({
    hops: i + 1,
    neurons: found.filter(({ hops: away }) => away === i + 1).length,
  }));
  const groups = new Map<string, { hops: number; neurons: number }>();
  for (const { node, hops: away } of found) {
    const group = groups.get(labels[node]) ?? { hops: away, neurons: 0 };
    groups.set(labels[node], { hops: Math.min(group.hops, away), neurons: group.neurons + 1 });
  }
  const list = [...groups]
    .map(([name, group]) => ({ name, ...group }))
    .sort((a, b) => a.hops - b.hops || b.neurons - a.neurons || (a.name < b.name ? -1 : 1));
  return {
    value: {
      direction,
      hops,
      min_weight,
      reached: found.length,
      of: graph.size,
      perHop,
      nearest: list.slice(0, limit),
    },
    completeness: { returned: Math.min(limit, list.length), available: list.length, of: rowsOf(by) },
  };
}
