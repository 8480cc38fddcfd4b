import type { LineageModel, LineageNodeModel } from './model.ts';

/** Fewest alike things that become one node. */
const fewestToGroup = 4;
/** Members of a group that are shown at once, and added by "more". */
export const pageOfMembers = 24;

/** What a person has done to the picture. Plain data: it is remembered over a reload. */
export interface GraphState {
  /** Group → how many of its members are shown. */
  expanded: Record<string, number>;
  /** Members that a search has brought out of their group. */
  revealed: string[];
  query: string;
  /** Calls that made one thing are drawn by themselves, not folded into what they made. */
  calls: boolean;
}

export const untouched: GraphState = { expanded: {}, revealed: [], query: '', calls: false };

/** One box of the picture. */
export interface Box {
  id: string;
  /** thing: one node of the lineage. group: several alike. more: the members of an open group that are not shown. */
  role: 'thing' | 'group' | 'more';
  kind: string;
  label: string;
  status?: string;
  valueKind?: string;
  demo?: boolean;
  /** Things that it stands for. */
  count: number;
  /** Of them, how many the search finds; 0 when nothing is searched. */
  found: number;
  /** The group that it is, or that it came out of. */
  group?: string;
  /** The folded call that made it. */
  madeBy?: string;
}

/** An arrow from a box to what it rests on. */
export interface Arrow {
  user: string;
  source: string;
  /** used, made, fitted on… each once. */
  as: string[];
  count: number;
}

/** The lineage as it is drawn now. */
export interface Picture {
  boxes: Box[];
  arrows: Arrow[];
  /** Ids of things that the search finds, in reading order. */
  found: string[];
}

/** A lineage with what is asked of it often. */
export interface Graph {
  model: LineageModel;
  /** Thing → the call that made it and is folded into it. */
  madeBy: Map<string, string>;
  nodes: Map<string, LineageNodeModel>;
  /** Thing → its group, where there are enough alike. */
  groupOf: Map<string, string>;
  members: Map<string, string[]>;
}

/** Groups alike things: of one kind, one tool or label class, one outcome. Roots stay by themselves. */
export function graphOf(given: LineageModel, calls = false): Graph {
  const { model, madeBy } = calls ? { model: given, madeBy: new Map<string, string>() } : foldCalls(given);
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const roots = new Set(model.roots);
  const alike = new Map<string, string[]>();
  for (const node of model.nodes) {
    if (roots.has(node.id)) continue;
    const key = likeness(node);
    const ids = alike.get(key);
    if (ids) ids.push(node.id);
    else alike.set(key, [node.id]);
  }
  const members = new Map([...alike].filter(([, ids]) => ids.length >= fewestToGroup));
  const groupOf = new Map([...members].flatMap(([key, ids]) => ids.map((id): [string, string] => [id, key])));
  return { model, madeBy, nodes, groupOf, members };
}

/** Draws the call that made a twin, a plan, a verdict… together with it: what the call rests on, the thing rests on. */
function foldCalls(model: LineageModel): { model: LineageModel; madeBy: Map<string, string> } {
  const kinds = new Map(model.nodes.map(({ id, kind }) => [id, kind]));
  const roots = new Set(model.roots);
  const made = new Map<string, string>();
  const madeBy = new Map<string, string>();
  const several = new Set<string>();
  for (const [from, to, as] of model.edges) {
    const kind = kinds.get(to);
    if (as !== 'made' || kinds.get(from) !== 'activity' || kind === 'activity' || kind === 'object' || roots.has(from))
      continue;
    if (made.has(from)) several.add(from);
    made.set(from, to);
  }
  for (const id of several) made.delete(id);
  for (const [call, thing] of made) madeBy.set(thing, call);
  const now = (id: string) => made.get(id) ?? id;
  return {
    madeBy,
    model: {
      ...model,
      nodes: model.nodes.filter(({ id }) => !made.has(id)),
      edges: model.edges
        .map(([from, to, as]): [string, string, string] => [now(from), now(to), as])
        .filter(([from, to]) => from !== to),
    },
  };
}

function likeness({ kind, label, status, valueKind }: LineageNodeModel): string {
  if (kind === 'activity') return `${kind} ${label} ${status === 'ok' ? '' : status} ${valueKind ?? ''}`;
  return `${kind} ${valueKind ?? ''}`;
}

/** What is drawn: groups closed unless opened, members of open groups page by page, and what a search has revealed. */
export function pictureOf(graph: Graph, state: GraphState): Picture {
  const revealed = new Set(state.revealed);
  const found = search(graph, state.query);
  const hits = new Set(found);
  const shownAs = new Map<string, string>();
  const boxes: Box[] = [];
  const thing = (id: string, group?: string) => {
    const node = graph.nodes.get(id);
    if (!node) return;
    shownAs.set(id, id);
    boxes.push({
      ...node,
      role: 'thing',
      count: node.count ?? 1,
      found: hits.has(id) ? 1 : 0,
      group,
      madeBy: graph.madeBy.get(id),
    });
  };
  for (const { id } of graph.model.nodes) if (!graph.groupOf.has(id)) thing(id);
  for (const [group, ids] of graph.members) {
    const page = Math.min(ids.length, state.expanded[group] ?? 0);
    const hidden: string[] = [];
    for (const [i, id] of ids.entries()) {
      if (i < page || revealed.has(id)) thing(id, group);
      else hidden.push(id);
    }
    if (hidden.length === 0) continue;
    const first = graph.nodes.get(ids[0]);
    if (!first) continue;
    const box: Box = {
      id: `group ${group}`,
      role: page > 0 ? 'more' : 'group',
      kind: first.kind,
      label: first.kind === 'activity' ? first.label : (kindsOf[first.kind] ?? `${first.kind}s`),
      status: first.kind === 'activity' && first.status !== 'ok' ? first.status : undefined,
      valueKind: first.valueKind,
      count: hidden.reduce((sum, id) => sum + (graph.nodes.get(id)?.count ?? 1), 0),
      found: hidden.filter((id) => hits.has(id)).length,
      group,
    };
    boxes.push(box);
    for (const id of hidden) shownAs.set(id, box.id);
  }
  return { boxes, arrows: arrowsOf(graph, shownAs), found };
}

const kindsOf: Record<string, string> = {
  hypothesis: 'hypotheses',
  dataset: 'data releases',
  file: 'raw files',
  activity: 'activities',
};

/**
 * A claim that is traced stands first: it is drawn as resting on its verdicts, and arrows that lead back to it from what was done
 * for it are left out.
 */
function arrowsOf({ model, nodes }: Graph, shownAs: Map<string, string>): Arrow[] {
  const arrows = new Map<string, Arrow>();
  const claims = new Set(model.roots.filter((id) => nodes.get(id)?.kind === 'hypothesis'));
  for (const edge of model.edges) {
    let [from, to, as] = edge;
    if (claims.has(from)) {
      if (nodes.get(to)?.kind !== 'test') continue;
      [from, to, as] = [to, from, 'tested by'];
    }
    const source = shownAs.get(from);
    const user = shownAs.get(to);
    if (source === undefined || user === undefined || source === user) continue;
    const key = `${user}\n${source}`;
    const known = arrows.get(key);
    if (!known) arrows.set(key, { user, source, as: [as], count: 1 });
    else {
      known.count++;
      if (!known.as.includes(as)) known.as.push(as);
    }
  }
  return [...arrows.values()];
}

/** Ids of things of which every word of the query is said somewhere: in id, kind, label, status or value kind. */
export function search({ model }: Graph, query: string): string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return model.nodes
    .filter(({ id, kind, label, status, valueKind }) => {
      const text = `${id} ${kind} ${label} ${status ?? ''} ${valueKind ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map(({ id }) => id);
}

/** Opens a group, or shows the next page of an open one. */
export function expand(state: GraphState, group: string): GraphState {
  return { ...state, expanded: { ...state.expanded, [group]: (state.expanded[group] ?? 0) + pageOfMembers } };
}

/** Closes a group, with what a search had revealed of it. */
export function collapse(graph: Graph, state: GraphState, group: string): GraphState {
  const { [group]: _, ...expanded } = state.expanded;
  return { ...state, expanded, revealed: state.revealed.filter((id) => graph.groupOf.get(id) !== group) };
}

/** Brings one thing out of its group. */
export function reveal(state: GraphState, id: string): GraphState {
  return state.revealed.includes(id) ? state : { ...state, revealed: [...state.revealed, id].slice(-50) };
}

/** Searches for this; a query is cut after 200 characters. */
export function searchFor(state: GraphState, query: string): GraphState {
  return { ...state, query: query.slice(0, 200) };
}

/** A state that was remembered for perhaps another lineage, or anything else: what does not fit is left out. */
export function parseState(value: unknown, graph: Graph): GraphState {
  // SAFETY: an object; what is in it is looked at member by member below.
  const given = (typeof value === 'object' && value !== null ? value : {}) as Partial<GraphState>;
  const expanded = Object.entries(given.expanded ?? {}).filter(
    ([group, shown]) => graph.members.has(group) && Number.isInteger(shown) && shown > 0,
  );
  return {
    expanded: Object.fromEntries(expanded),
    revealed: Array.isArray(given.revealed) ? given.revealed.filter((id) => graph.nodes.has(id)) : [],
    query: typeof given.query === 'string' ? given.query.slice(0, 200) : '',
    calls: given.calls === true,
  };
}
