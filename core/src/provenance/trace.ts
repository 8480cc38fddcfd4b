import { groupBy } from '../group-by.ts';
import type { Lineage, LineageEdge, LineageNode } from './lineage.ts';

/** Part of a lineage that a person or an agent can read. */
export interface Trace {
  roots: string[];
  nodes: LineageNode[];
  edges: LineageEdge[];
  /** Nodes after collapsing, before the limit. */
  available: number;
  /** Records, objects and files that the roots rest on, before collapsing. */
  total: number;
}

/** How much of a lineage is followed. whole: past registered releases; ungrouped: alike things one by one. */
export interface TraceOptions {
  /** Most nodes. */
  limit: number;
  whole?: boolean;
  ungrouped?: boolean;
}

/** Fewest alike activities that become one node. */
const fewestToGroup = 4;

/**
 * Everything the roots rest on, nearest first. Objects that one thing made become the edge between maker and user;
 * activities of one tool that lead to the same things become one node with a count; what is still more than `limit` nodes is
 * cut at the far end. whole: no collapsing. ungrouped: objects become edges, activities stay single.
 */
export function traceBack(lineage: Lineage, roots: string[], options: TraceOptions): Trace {
  const distance = reach(
    roots,
    groupBy(lineage.edges, ({ to }) => to),
  );
  const total = distance.size;
  const inside = lineage.edges.filter(({ from, to }) => distance.has(from) && distance.has(to));
  let nodes = [...distance.keys()].map(
    (id) => lineage.nodes.get(id) ?? { id, kind: 'object' as const, label: 'not on record' },
  );
  let edges = inside;
  if (!options.whole) {
    ({ nodes, edges } = contractObjects(nodes, edges, new Set(roots)));
    if (!options.ungrouped) ({ nodes, edges } = groupActivities(nodes, edges, distance));
  }
  const available = nodes.length;
  nodes = nodes
    .sort((a, b) => (distance.get(a.id) ?? 0) - (distance.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1))
    .slice(0, options.limit);
  const shown = new Set(nodes.map(({ id }) => id));
  return { roots, nodes, edges: edges.filter(({ from, to }) => shown.has(from) && shown.has(to)), available, total };
}

/** Steps from the nearest root to each node that a root rests on. */
function reach(roots: string[], into: Map<string, LineageEdge[]>): Map<string, number> {
  const distance = new Map(roots.map((root) => [root, 0]));
  const queue = [...roots];
  for (let i = 0; i < queue.length; i++) {
    for (const { from } of into.get(queue[i]) ?? []) {
      if (distance.has(from)) continue;
      distance.set(from, (distance.get(queue[i]) ?? 0) + 1);
      queue.push(from);
    }
  }
  return distance;
}

/** Replaces every object that has a maker by edges from its makers to its users. */
function contractObjects(
  nodes: LineageNode[],
  edges: LineageEdge[],
  keep: Set<string>,
): { nodes: LineageNode[]; edges: LineageEdge[] } {
  const makers = groupBy(edges, ({ to }) => to);
  const gone = new Set(
    nodes.filter(({ id, kind }) => kind === 'object' && !keep.has(id) && makers.has(id)).map(({ id }) => id),
  );
  const known = new Set<string>();
  const contracted: LineageEdge[] = [];
  const add = (from: string, to: string, as: string) => {
    const key = `${from} ${to}`;
    if (gone.has(from)) {
      for (const edge of makers.get(from) ?? []) add(edge.from, to, as);
    } else if (from !== to && !known.has(key)) {
      known.add(key);
      contracted.push({ from, to, as });
    }
  };
  for (const { from, to, as } of edges) if (!gone.has(to)) add(from, to, as);
  return { nodes: nodes.filter(({ id }) => !gone.has(id)), edges: contracted };
}

/** Merges activities of one tool and outcome that lead to exactly the same nodes. */
function groupActivities(
  nodes: LineageNode[],
  edges: LineageEdge[],
  distance: Map<string, number>,
): { nodes: LineageNode[]; edges: LineageEdge[] } {
  const leadsTo = groupBy(edges, ({ from }) => from);
  const alike = groupBy(
    nodes.filter(({ kind }) => kind === 'activity'),
    ({ id, label, status }) =>
      [label, status, ...(leadsTo.get(id) ?? []).map(({ to, as }) => `${as} ${to}`).sort()].join('\n'),
  );
  const merged = new Map<string, string>();
  const groups: LineageNode[] = [];
  for (const members of alike.values()) {
    if (members.length < fewestToGroup) continue;
    const id = `${members[0].id}+${members.length - 1}`;
    for (const member of members) merged.set(member.id, id);
    distance.set(id, Math.min(...members.map((member) => distance.get(member.id) ?? 0)));
    groups.push({ ...members[0], id, count: members.length });
  }
  const known = new Set<string>();
  const renamed = edges.flatMap(({ from, to, as }) => {
    const edge = { from: merged.get(from) ?? from, to: merged.get(to) ?? to, as };
    const key = `${edge.from} ${edge.to} ${as}`;
    if (edge.from === edge.to || known.has(key)) return [];
    known.add(key);
    return [edge];
  });
  return { nodes: [...nodes.filter(({ id }) => !merged.has(id)), ...groups], edges: renamed };
}
