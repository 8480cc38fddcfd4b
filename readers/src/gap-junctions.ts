/** Edges in columns of one length: zero-based places of neurons, and what each edge carries. */
export interface Edges {
  pre: Int32Array;
  post: Int32Array;
  /** Synapses, or the size that the source gives. */
  weight: Float64Array;
  /** 1: a gap junction. */
  electrical: Uint8Array;
  /** Sign of each edge, where the source gives signs to connections: 1, −1, or 0 for unknown. */
  edgeSigns?: Int8Array;
  /** 1: the source marks the sign of this edge as not known. */
  unsureSigns?: Uint8Array;
  /** 1: the source assumed this edge. */
  imputed?: Uint8Array;
}

const electricalKind = /electr|gap/i;

/** Whether this kind of connection conducts both ways. */
export const isElectrical = (kind: string | null | undefined): boolean => electricalKind.test(kind ?? '');

/** The same as SQL, of a column of kinds. */
export const isElectricalSql = (column: string): string =>
  `coalesce(regexp_matches(${column}, '${electricalKind.source}', 'i'), false)`;

/** Sources list a gap junction from both sides or from one: each once, from the side that comes first. neurons: their number. */
export function gapJunctionsOnce(edges: Edges, neurons: number): Edges {
  const { pre, post, electrical } = edges;
  const listed = pairsOf(edges, neurons);
  if (listed.size === 0) return edges;
  const isKept = (_: unknown, edge: number) =>
    !electrical[edge] || pre[edge] <= post[edge] || !listed.has(post[edge] * neurons + pre[edge]);
  return {
    pre: pre.filter(isKept),
    post: post.filter(isKept),
    weight: edges.weight.filter(isKept),
    electrical: electrical.filter(isKept),
    edgeSigns: edges.edgeSigns?.filter(isKept),
    unsureSigns: edges.unsureSigns?.filter(isKept),
    imputed: edges.imputed?.filter(isKept),
  };
}

/** Each gap junction from both sides, for who walks along directed edges: the other half of what is listed from one side comes last. */
export function gapJunctionsBothWays(edges: Edges, neurons: number): Edges {
  const { pre, post, electrical } = edges;
  const listed = pairsOf(edges, neurons);
  const half: number[] = [];
  for (let edge = electrical.indexOf(1); edge >= 0; edge = electrical.indexOf(1, edge + 1))
    if (pre[edge] !== post[edge] && !listed.has(post[edge] * neurons + pre[edge])) half.push(edge);
  if (half.length === 0) return edges;
  return {
    pre: longer(pre, post, half),
    post: longer(post, pre, half),
    weight: longer(edges.weight, edges.weight, half),
    electrical: longer(electrical, electrical, half),
    edgeSigns: edges.edgeSigns && longer(edges.edgeSigns, edges.edgeSigns, half),
    unsureSigns: edges.unsureSigns && longer(edges.unsureSigns, edges.unsureSigns, half),
    imputed: edges.imputed && longer(edges.imputed, edges.imputed, half),
  };
}

/** The edges without those of weight 0: no connection. */
export function withoutZeros(edges: Edges): Edges {
  if (!edges.weight.includes(0)) return edges;
  const isKept = (_: unknown, edge: number) => edges.weight[edge] !== 0;
  return {
    pre: edges.pre.filter(isKept),
    post: edges.post.filter(isKept),
    weight: edges.weight.filter(isKept),
    electrical: edges.electrical.filter(isKept),
    edgeSigns: edges.edgeSigns?.filter(isKept),
  };
}

/** Weights of 0 or more, and their signs beside them: in a table that has negative weights, the sign of a weight is that of the connection. */
export function withSignsApart(edges: Edges): Edges {
  const { weight, edgeSigns } = edges;
  if (!weight.some((value) => value < 0)) return edges;
  return {
    ...edges,
    weight: weight.map(Math.abs),
    edgeSigns: Int8Array.from(weight, (value, edge) => edgeSigns?.[edge] || Math.sign(value)),
  };
}

/** Pairs that a gap junction is listed for, as pre × neurons + post. */
function pairsOf({ pre, post, electrical }: Edges, neurons: number): Set<number> {
  const listed = new Set<number>();
  for (let edge = electrical.indexOf(1); edge >= 0; edge = electrical.indexOf(1, edge + 1))
    listed.add(pre[edge] * neurons + post[edge]);
  return listed;
}

function longer<Numbers extends Int32Array | Float64Array | Uint8Array | Int8Array>(
  values: Numbers,
  more: ArrayLike<number>,
  edges: number[],
): Numbers {
  // SAFETY: the constructor of an array of numbers makes one of its own type.
  const joined = new (values.constructor as { new (length: number): Numbers })(values.length + edges.length);
  joined.set(values);
  edges.forEach((edge, k) => {
    joined[values.length + k] = more[edge];
  });
  return joined;
}
