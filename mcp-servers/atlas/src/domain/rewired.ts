import type { Random } from '@bregma/core/statistics/random';
import { buildGraph, type Graph } from './graph.ts';

/** Exchanges tried for each connection (Milo et al. 2003, arXiv:cond-mat/0312028, find 100 more than enough, and about 10 to suffice). */
const triesPerEdge = 10;

/**
 * The graph with the targets of pairs of connections exchanged, again and again: every neuron keeps how many it sends to and hears
 * from, and the weights that it sends (Maslov & Sneppen 2002, Science 296:910). An exchange that would double a connection, or make
 * one of a neuron with itself, is not made; self-loops stay. Yields the share done; `moved` is the share of connections elsewhere.
 */
export function* rewired(graph: Graph, random: Random): Generator<number, { graph: Graph; moved: number }> {
  const { size, out } = graph;
  const count = out.other.length;
  const pre = new Int32Array(count);
  for (let i = 0; i < size; i++) pre.fill(i, out.start[i], out.start[i + 1]);
  const post = Int32Array.from(out.other);
  const keyOf = (from: number, to: number) => from * size + to;
  const taken = new Set<number>();
  for (let at = 0; at < count; at++) taken.add(keyOf(pre[at], post[at]));
  for (let tried = 0; tried < count * triesPerEdge; tried++) {
    if (tried % 65_536 === 0) yield tried / (count * triesPerEdge);
    const [a, b] = [random.integer(count), random.integer(count)];
    const isLoop = pre[a] === post[a] || pre[b] === post[b] || pre[a] === post[b] || pre[b] === post[a];
    if (a === b || isLoop || taken.has(keyOf(pre[a], post[b])) || taken.has(keyOf(pre[b], post[a]))) continue;
    for (const at of [a, b]) taken.delete(keyOf(pre[at], post[at]));
    [post[a], post[b]] = [post[b], post[a]];
    for (const at of [a, b]) taken.add(keyOf(pre[at], post[at]));
  }
  let moved = 0;
  for (let at = 0; at < count; at++) if (post[at] !== out.other[at]) moved++;
  return { graph: buildGraph(size, pre, post, out.weight), moved: count === 0 ? 0 : moved / count };
}
