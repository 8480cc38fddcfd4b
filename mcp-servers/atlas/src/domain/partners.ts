import { type Graph, strength } from './graph.ts';

/** A partner of the starting neurons, or a group of partners. */
export interface Partner {
  name: string;
  weight: number;
  /** Neurons that this row stands for. */
  neurons: number;
  /** Share of all output (downstream) or input (upstream) of the starting neurons. */
  share: number;
  /** Share of the partners' own input (downstream) or output (upstream) that these connections are. */
  shareOfPartner: number;
  /** One of the neurons. */
  example: number;
}

/** Direct partners of a group of neurons, strongest first, grouped by `label`. Connections whose weight is smaller than `minWeight` are left out. */
export function partnersOf(
  graph: Graph,
  sources: number[],
  direction: 'downstream' | 'upstream',
  minWeight: number,
  label: (node: number) => string,
): Partner[] {
  const [rows, back] = direction === 'downstream' ? [graph.out, graph.in] : [graph.in, graph.out];
  const total = sources.reduce((sum, source) => sum + strength(rows, source), 0);
  const groups = new Map<string, { weight: number; size: number; nodes: Set<number> }>();
  for (const source of sources) {
    for (let at = rows.start[source]; at < rows.start[source + 1]; at++) {
      const size = Math.abs(rows.weight[at]);
      if (size < minWeight) continue;
      const group = groups.get(label(rows.other[at])) ?? { weight: 0, size: 0, nodes: new Set<number>() };
      group.weight += rows.weight[at];
      group.size += size;
      group.nodes.add(rows.other[at]);
      groups.set(label(rows.other[at]), group);
    }
  }
  return [...groups]
    .map(([name, { weight, size, nodes }]) => {
      const theirs = [...nodes].reduce((sum, node) => sum + strength(back, node), 0);
      return {
        name,
        weight,
        neurons: nodes.size,
        share: size / total,
        shareOfPartner: size / theirs,
        example: [...nodes][0],
        size,
      };
    })
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
    .map(({ size: _, ...partner }): Partner => partner);
}
