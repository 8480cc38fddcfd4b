import { BregmaError } from '@bregma/core/errors';
import { inSlices } from '@bregma/core/in-slices';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Graph } from '../domain/graph.ts';
import { rewired } from '../domain/rewired.ts';

/** Connections of a graph that is rewired, at most: each draw tries ten exchanges a connection. */
const mostEdges = 1_000_000;

/** One number of the data beside the same one of rewired graphs. */
export interface Controlled {
  /** Mean and standard deviation over draws. */
  mean: number;
  sd: number;
  /** (draws at least as large + 1) ÷ (draws + 1), and for at least as small (Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39). */
  pLarger: number;
  pSmaller: number;
}

/**
 * The numbers that `measure` gives of graphs whose connections were exchanged so that every neuron keeps how many it sends to and hears
 * from. observed: those of the data, by name; a name that a draw lacks is 0 there. The seed is the draw's number.
 */
export async function controlled(
  graph: Graph,
  draws: number,
  observed: ReadonlyMap<string, number>,
  measure: (graph: Graph) => Promise<ReadonlyMap<string, number>> | ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<{ by: Map<string, Controlled>; moved: number }> {
  if (graph.out.other.length > mostEdges)
    throw new BregmaError(
      'too-large',
      `Rewiring ${graph.out.other.length} connections ${draws} times takes too long here.`,
      {
        next: `Up to ${mostEdges} connections are rewired: control 0, or a part of the connectome as a data set of its own.`,
      },
    );
  const values = new Map<string, number[]>([...observed.keys()].map((name) => [name, []]));
  let moved = 1;
  for (let draw = 0; draw < draws; draw++) {
    const made = await inSlices(rewired(graph, makeRandom(`rewired ${draw}`)), signal);
    moved = Math.min(moved, made.moved);
    const found = await measure(made.graph);
    for (const [name, list] of values) list.push(found.get(name) ?? 0);
  }
  return { by: new Map([...values].map(([name, list]) => [name, summary(list, observed.get(name) ?? 0)])), moved };
}

function summary(values: number[], observed: number): Controlled {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const p = (holds: (value: number) => boolean) => (values.filter(holds).length + 1) / (values.length + 1);
  return {
    mean,
    sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    pLarger: p((value) => value >= observed),
    pSmaller: p((value) => value <= observed),
  };
}

/** What a control is, in words. */
export const controlIs =
  'connections exchanged so that every neuron keeps its numbers of inputs and outputs; p counts draws at least as large, or as small';
