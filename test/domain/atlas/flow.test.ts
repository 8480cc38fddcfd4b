import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { comparePartners } from '../../../mcp-servers/atlas/src/domain/compare-partners.ts';
import { flowOf, type Measure } from '../../../mcp-servers/atlas/src/domain/flow.ts';
import { buildGraph, type Graph, strength } from '../../../mcp-servers/atlas/src/domain/graph.ts';
import type { Partner } from '../../../mcp-servers/atlas/src/domain/partners.ts';
import { rewired } from '../../../mcp-servers/atlas/src/domain/rewired.ts';
import { severalPaths } from '../../../mcp-servers/atlas/src/domain/several-paths.ts';

function randomGraph(seed: number, size = 9, edges = 26): Graph {
  const random = makeRandom(seed);
  const ends = () => Array.from({ length: edges }, () => random.integer(size));
  return buildGraph(
    size,
    ends(),
    ends(),
    Array.from({ length: edges }, () => 1 + random.integer(9)),
  );
}

function finished<Result>(work: Generator<number, Result>): Result {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/** Every walk of k connections of at least `minWeight` from a node, one by one. */
function* walks({ out }: Graph, from: number, k: number, minWeight: number): Generator<number[]> {
  if (k === 0) return yield [from];
  for (let at = out.start[from]; at < out.start[from + 1]; at++)
    if (Math.abs(out.weight[at]) >= minWeight)
      for (const rest of walks(graphOf(out), out.other[at], k - 1, minWeight)) yield [from, ...rest];
}
const graphOf = (out: Graph['out']): Graph => ({ size: out.start.length - 1, out, in: out });

function weightOf({ out }: Graph, from: number, to: number): number {
  for (let at = out.start[from]; at < out.start[from + 1]; at++) if (out.other[at] === to) return out.weight[at];
  return 0;
}

const passed = (graph: Graph, walk: number[], measure: Measure) =>
  walk
    .slice(1)
    .reduce(
      (product, node, i) =>
        product *
        (measure === 'paths'
          ? 1
          : weightOf(graph, walk[i], node) /
            (measure === 'input' ? strength(graph.in, node) : strength(graph.out, walk[i]))),
      1,
    );

describe('flow is the sum over walks, counted one by one', () => {
  test.each(
    [1, 2, 3].flatMap((seed) => (['input', 'output', 'paths'] as const).map((measure) => [seed, measure] as const)),
  )('graph %i, measure %s', (seed, measure) => {
    const graph = randomGraph(seed);
    const [sources, targets, via] = [
      [0, 1],
      [2, 3, 0],
      [4, 5, 1],
    ];
    for (const minWeight of [0, 4]) {
      const question = { sources, targets, via, steps: 4, minWeight, measure };
      const { perStep, visits } = finished(flowOf(graph, question));
      const scale = measure === 'paths' ? 1 : 1 / (measure === 'input' ? targets : sources).length;
      const visited = new Float64Array(graph.size);
      for (const { steps, flow, through } of perStep) {
        let [all, passing] = [0, 0];
        for (const source of sources)
          for (const walk of walks(graph, source, steps, minWeight)) {
            if (!targets.includes(walk[steps])) continue;
            const value = scale * passed(graph, walk, measure);
            all += value;
            if (walk.slice(1, -1).some((node) => via.includes(node))) passing += value;
            for (const node of walk.slice(1, -1)) visited[node] += value;
          }
        expect(flow).toBeCloseTo(all, 10);
        expect(through).toBeCloseTo(passing, 10);
      }
      for (const [i, value] of visits.entries()) expect(value).toBeCloseTo(visited[i], 10);
      expect(finished(flowOf(graph, { ...question, via: undefined })).perStep[0].through).toBeUndefined();
    }
  });
});

describe('several paths come in their order, and none is missed', () => {
  test.each(
    [1, 2, 3, 4].flatMap((seed) => (['shortest', 'strongest'] as const).map((order) => [seed, order] as const)),
  )('graph %i, %s', (seed, order) => {
    const graph = randomGraph(seed, 8, 24);
    const [sources, targets] = [
      [0, 1],
      [6, 7],
    ];
    const all: { nodes: number[]; share: number }[] = [];
    for (const source of sources)
      for (let k = 1; k <= 4; k++)
        for (const walk of walks(graph, source, k, 0)) {
          const isPath = new Set(walk).size === walk.length && walk.findIndex((node) => targets.includes(node)) === k;
          if (isPath) all.push({ nodes: walk, share: passed(graph, walk, 'input') });
        }
    all.sort((a, b) =>
      order === 'shortest' ? a.nodes.length - b.nodes.length || b.share - a.share : b.share - a.share,
    );
    const { paths, cut } = severalPaths(graph, { sources, targets, hops: 4, minWeight: 0, count: 12, order });
    expect(cut).toBe(false);
    expect(paths).toHaveLength(Math.min(12, all.length));
    for (const [i, path] of paths.entries()) {
      expect(path.strength).toBeCloseTo(all[i].share, 12);
      if (order === 'shortest') expect(path.nodes).toHaveLength(all[i].nodes.length);
      expect(path.strength).toBeCloseTo(passed(graph, path.nodes, 'input'), 12);
      expect(path.weights).toEqual(path.nodes.slice(1).map((node, k) => weightOf(graph, path.nodes[k], node)));
    }
    expect(new Set(paths.map(({ nodes }) => nodes.join())).size).toBe(paths.length);
  });
});

test('a rewired graph keeps what each neuron sends to, hears from and with which weights, and is another one', () => {
  const graph = randomGraph(5, 40, 300);
  const degrees = ({ size, out, in: incoming }: Graph) =>
    Array.from({ length: size }, (_, i) => [
      out.start[i + 1] - out.start[i],
      incoming.start[i + 1] - incoming.start[i],
      [...out.weight.subarray(out.start[i], out.start[i + 1])].sort(),
    ]);
  const loops = ({ size, out }: Graph) =>
    Array.from({ length: size }, (_, i) => [...out.other.subarray(out.start[i], out.start[i + 1])].includes(i));
  const one = finished(rewired(graph, makeRandom(1)));
  expect(degrees(one.graph)).toEqual(degrees(graph));
  expect(loops(one.graph)).toEqual(loops(graph));
  expect(one.moved).toBeGreaterThan(0.5);
  expect(finished(rewired(graph, makeRandom(1))).graph).toEqual(one.graph);
  expect(finished(rewired(graph, makeRandom(2))).graph).not.toEqual(one.graph);
});

test('what a connectome does not cover is no zero', () => {
  const partner = (name: string, weight: number, share: number): Partner => ({
    name,
    weight,
    share,
    neurons: 1,
    shareOfPartner: 0,
    example: 0,
  });
  const rows = comparePartners(
    {
      partners: [partner('a', 5, 0.5), partner('b', 3, 0.3), partner('c', 2, 0.2)],
      covered: new Set(['a', 'b', 'c', 'd']),
    },
    {
      partners: [partner('a', 1, 0.4), partner('d', 9, 0.1), partner('e', 7, 0.5)],
      covered: new Set(['a', 'b', 'd', 'e']),
    },
  );
  expect(
    Object.fromEntries(rows.map(({ name, status, weight, otherWeight }) => [name, [status, weight, otherWeight]])),
  ).toEqual({
    a: ['both', 5, 1],
    b: ['absent there', 3, 0],
    c: ['not covered there', 2, null],
    d: ['absent here', 0, 9],
    e: ['not covered here', null, 7],
  });
});
