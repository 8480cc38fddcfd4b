/** A directed, weighted graph in compressed rows, both ways. Electrical connections stand in both directions. */
export interface Graph {
  size: number;
  /** Rows of outgoing edges: targets `to[start[i]] … to[start[i + 1] − 1]`. */
  out: Rows;
  in: Rows;
}

/** Edges in compressed rows: those of node i are `other` and `weight` from start[i] up to start[i + 1]. */
export interface Rows {
  start: Int32Array;
  other: Int32Array;
  weight: Float64Array;
}

/** Builds the graph from edge lists; parallel edges add up. Others than zero-based indices below `size` must not occur. */
export function buildGraph(
  size: number,
  pre: ArrayLike<number>,
  post: ArrayLike<number>,
  weight: ArrayLike<number>,
): Graph {
  // Sorted by target and then, stably, by source: edges of one pair lie together.
  const order = sortStably(sortStably(undefined, post, size), pre, size);
  let pairs = 0;
  const isNew = (k: number) => k === 0 || pre[order[k]] !== pre[order[k - 1]] || post[order[k]] !== post[order[k - 1]];
  for (let k = 0; k < order.length; k++) if (isNew(k)) pairs++;
  const [from, to, weights] = [new Int32Array(pairs), new Int32Array(pairs), new Float64Array(pairs)];
  for (let k = 0, pair = -1; k < order.length; k++) {
    if (isNew(k)) {
      pair++;
      from[pair] = pre[order[k]];
      to[pair] = post[order[k]];
    }
    weights[pair] += weight[order[k]];
  }
  return { size, out: rows(size, from, to, weights), in: rows(size, to, from, weights) };
}

/** The order of edges by one of their ends; edges with the same end stay in the order that was given (counting sort). */
function sortStably(order: Int32Array | undefined, ends: ArrayLike<number>, size: number): Int32Array {
  const next = new Int32Array(size + 1);
  for (let edge = 0; edge < ends.length; edge++) next[ends[edge] + 1]++;
  for (let i = 0; i < size; i++) next[i + 1] += next[i];
  const sorted = new Int32Array(ends.length);
  for (let k = 0; k < ends.length; k++) {
    const edge = order ? order[k] : k;
    sorted[next[ends[edge]]++] = edge;
  }
  return sorted;
}

function rows(size: number, from: Int32Array, to: Int32Array, weights: Float64Array): Rows {
  const start = new Int32Array(size + 1);
  for (const node of from) start[node + 1]++;
  for (let i = 0; i < size; i++) start[i + 1] += start[i];
  const next = Int32Array.from(start);
  const other = new Int32Array(to.length);
  const weight = new Float64Array(to.length);
  for (let edge = 0; edge < from.length; edge++) {
    const at = next[from[edge]]++;
    other[at] = to[edge];
    weight[at] = weights[edge];
  }
  return { start, other, weight };
}

/** Sum of the sizes of the weights of a node's row. */
export function strength({ start, weight }: Rows, node: number): number {
  let sum = 0;
  for (let at = start[node]; at < start[node + 1]; at++) sum += Math.abs(weight[at]);
  return sum;
}

/** A node and the fewest edges that lead to it. */
export interface Reached {
  node: number;
  hops: number;
}

/** Every node reached from the sources within `hops` steps over edges whose weight has at least the size `minWeight`; the sources have 0 hops. */
export function reach(
  { start, other, weight }: Rows,
  sources: ArrayLike<number>,
  hops: number,
  minWeight: number,
): Reached[] {
  const found = new Map<number, number>();
  let front: number[] = [];
  for (let i = 0; i < sources.length; i++) {
    found.set(sources[i], 0);
    front.push(sources[i]);
  }
  for (let step = 1; step <= hops && front.length > 0; step++) {
    const next: number[] = [];
    for (const node of front) {
      for (let at = start[node]; at < start[node + 1]; at++) {
        if (Math.abs(weight[at]) < minWeight || found.has(other[at])) continue;
        found.set(other[at], step);
        next.push(other[at]);
      }
    }
    front = next;
  }
  return [...found].map(([node, steps]) => ({ node, hops: steps }));
}

/** A way from one node to another. */
export interface Path {
  nodes: number[];
  /** Weight of each edge along the path. */
  weights: number[];
  /** Strongest path: product of the edges' shares of their target's input. Shortest path: NaN. */
  strength: number;
}

/** One path with the fewest hops from any source to any target; among equals the one with the largest weakest edge. Undefined when there is none. */
export function shortestPath(
  graph: Graph,
  sources: number[],
  targets: number[],
  hops: number,
  minWeight: number,
): Path | undefined {
  const goal = new Set(targets);
  const width = new Map(sources.map((node) => [node, Number.POSITIVE_INFINITY]));
  const previous = new Map<number, number>();
  const settled = new Set(sources);
  let front = sources;
  for (let step = 1; step <= hops && front.length > 0; step++) {
    const next = new Map<number, { width: number; from: number }>();
    for (const node of front) {
      for (let at = graph.out.start[node]; at < graph.out.start[node + 1]; at++) {
        const target = graph.out.other[at];
        if (Math.abs(graph.out.weight[at]) < minWeight || settled.has(target)) continue;
        const narrowest = Math.min(width.get(node) ?? 0, Math.abs(graph.out.weight[at]));
        if (narrowest > (next.get(target)?.width ?? -1)) next.set(target, { width: narrowest, from: node });
      }
    }
    for (const [node, { width: narrowest, from }] of next) {
      settled.add(node);
      width.set(node, narrowest);
      previous.set(node, from);
    }
    const arrived = [...next.keys()]
      .filter((node) => goal.has(node))
      .sort((a, b) => (width.get(b) ?? 0) - (width.get(a) ?? 0) || a - b);
    if (arrived.length > 0) return pathTo(graph, arrived[0], previous, Number.NaN);
    front = [...next.keys()];
  }
  return undefined;
}

/**
 * The path of at most `hops` edges along which most of each target's input flows: it maximises the product of weight ÷ total
 * input of the target (a widest path under multiplication). Dynamic programming over hops, because the
 * best path of all may be longer than allowed.
 */
export function strongestPath(
  graph: Graph,
  sources: number[],
  targets: number[],
  hops: number,
  minWeight: number,
): Path | undefined {
  const input = Float64Array.from({ length: graph.size }, (_, node) => strength(graph.in, node));
  let current = new Float64Array(graph.size).fill(-1);
  for (const source of sources) current[source] = 1;
  const back: Int32Array[] = [];
  let best: { node: number; step: number; value: number } | undefined;
  for (let step = 1; step <= hops; step++) {
    const next = new Float64Array(graph.size).fill(-1);
    const from = new Int32Array(graph.size).fill(-1);
    for (let node = 0; node < graph.size; node++) {
      if (current[node] <= 0) continue;
      for (let at = graph.out.start[node]; at < graph.out.start[node + 1]; at++) {
        const target = graph.out.other[at];
        if (Math.abs(graph.out.weight[at]) < minWeight || target === node) continue;
        const value = (current[node] * Math.abs(graph.out.weight[at])) / input[target];
        if (value > next[target]) {
          next[target] = value;
          from[target] = node;
        }
      }
    }
    back.push(from);
    for (const target of targets)
      if (next[target] > (best?.value ?? 0)) best = { node: target, step, value: next[target] };
    current = next;
  }
  if (!best) return undefined;
  const nodes = [best.node];
  for (let step = best.step; step >= 1; step--) nodes.unshift(back[step - 1][nodes[0]]);
  return { nodes, weights: weightsAlong(graph, nodes), strength: best.value };
}

function pathTo(graph: Graph, end: number, previous: Map<number, number>, value: number): Path {
  const nodes = [end];
  for (let node = previous.get(end); node !== undefined; node = previous.get(node)) nodes.unshift(node);
  return { nodes, weights: weightsAlong(graph, nodes), strength: value };
}

function weightsAlong({ out }: Graph, nodes: number[]): number[] {
  return nodes.slice(1).map((target, i) => {
    for (let at = out.start[nodes[i]]; at < out.start[nodes[i] + 1]; at++)
      if (out.other[at] === target) return out.weight[at];
    return Number.NaN;
  });
}
