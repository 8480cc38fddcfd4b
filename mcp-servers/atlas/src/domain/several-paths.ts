import { type Graph, type Path, strength } from './graph.ts';

/** Partial paths that are looked at before the search ends with what it has. */
const mostLooked = 2_000_000;

/** Paths in their order, and whether the search ended before it had all that were asked for. */
export interface SeveralPaths {
  paths: Path[];
  cut: boolean;
}

/** What is searched: from any source to any target, over at most `hops` connections of at least `minWeight`. */
export interface PathQuestion {
  sources: number[];
  targets: number[];
  hops: number;
  minWeight: number;
  count: number;
  /** fewest connections, then the largest product of input shares; or the largest product alone. */
  order: 'shortest' | 'strongest';
}

interface Partial {
  nodes: number[];
  cost: number;
  value: number;
  /** The least cost that it can come to. */
  bound: number;
  at: number;
}

/**
 * The best paths that visit no neuron twice, in order: best-first search whose bound is the exact best way on, of any length that is
 * left (A*, Hart, Nilsson & Raphael 1968), so that the paths come out in their order and none is missed. Costs are −log of a share
 * of the target's input; for the order `shortest` each connection costs more than all logs together.
 */
export function severalPaths(graph: Graph, question: PathQuestion): SeveralPaths {
  const { sources, targets, hops, count, minWeight } = question;
  const input = Float64Array.from({ length: graph.size }, (_, node) => strength(graph.in, node));
  const perHop = question.order === 'shortest' ? 1e6 : 0;
  const costOf = (at: number) => perHop - Math.log(Math.abs(graph.out.weight[at]) / input[graph.out.other[at]]);
  const onward = bounds(graph, question, costOf);
  const ends = new Set(targets);
  const heap = new Heap();
  for (const source of sources)
    heap.push({ nodes: [source], cost: 0, value: 1, bound: onward[hops][source], at: source });
  const paths: Path[] = [];
  let looked = 0;
  for (let one = heap.pop(); one && paths.length < count; one = heap.pop()) {
    if (one.bound === Number.POSITIVE_INFINITY) break;
    if (looked++ > mostLooked) return { paths, cut: true };
    if (one.nodes.length > 1 && ends.has(one.at)) {
      paths.push({ nodes: one.nodes, weights: weightsOf(graph, one.nodes), strength: one.value });
      continue;
    }
    const left = hops - (one.nodes.length - 1);
    for (let at = graph.out.start[one.at]; at < graph.out.start[one.at + 1]; at++) {
      const next = graph.out.other[at];
      const weight = Math.abs(graph.out.weight[at]);
      if (weight < minWeight || weight === 0 || one.nodes.includes(next)) continue;
      const rest = ends.has(next) ? 0 : onward[left - 1][next];
      if (rest === Number.POSITIVE_INFINITY) continue;
      const cost = one.cost + costOf(at);
      heap.push({
        nodes: [...one.nodes, next],
        cost,
        value: (one.value * weight) / input[next],
        bound: cost + rest,
        at: next,
      });
    }
  }
  return { paths, cut: false };
}

/** bounds[left][node]: the least cost from a node to any target over 1 to `left` connections; infinite where there is no way. */
function bounds(
  { size, out }: Graph,
  { targets, hops, minWeight }: PathQuestion,
  costOf: (at: number) => number,
): Float64Array[] {
  const ends = new Uint8Array(size);
  for (const target of targets) ends[target] = 1;
  const found = [new Float64Array(size).fill(Number.POSITIVE_INFINITY)];
  for (let left = 1; left <= hops; left++) {
    const before = found[left - 1];
    const now = Float64Array.from(before);
    for (let i = 0; i < size; i++)
      for (let at = out.start[i]; at < out.start[i + 1]; at++) {
        const weight = Math.abs(out.weight[at]);
        if (weight < minWeight || weight === 0) continue;
        const rest = ends[out.other[at]] === 1 ? 0 : before[out.other[at]];
        if (rest < Number.POSITIVE_INFINITY) now[i] = Math.min(now[i], costOf(at) + rest);
      }
    found.push(now);
  }
  return found;
}

function weightsOf({ out }: Graph, nodes: number[]): number[] {
  return nodes.slice(1).map((target, i) => {
    for (let at = out.start[nodes[i]]; at < out.start[nodes[i] + 1]; at++)
      if (out.other[at] === target) return out.weight[at];
    return Number.NaN;
  });
}

/** A binary heap by bound; of equal ones the one whose neurons come first. */
class Heap {
  private readonly items: Partial[] = [];

  push(item: Partial): void {
    const { items } = this;
    items.push(item);
    for (let at = items.length - 1; at > 0; ) {
      const up = (at - 1) >> 1;
      if (!isBefore(items[at], items[up])) return;
      [items[at], items[up]] = [items[up], items[at]];
      at = up;
    }
  }

  pop(): Partial | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < items.length && isBefore(items[left], items[least])) least = left;
      if (right < items.length && isBefore(items[right], items[least])) least = right;
      if (least === at) return first;
      [items[at], items[least]] = [items[least], items[at]];
      at = least;
    }
  }
}

function isBefore(a: Partial, b: Partial): boolean {
  if (a.bound !== b.bound) return a.bound < b.bound;
  if (a.nodes.length !== b.nodes.length) return a.nodes.length < b.nodes.length;
  const i = a.nodes.findIndex((node, at) => node !== b.nodes[at]);
  return i >= 0 && a.nodes[i] < b.nodes[i];
}
