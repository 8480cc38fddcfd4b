import { makeRandom, type Random } from '@bregma/core/statistics/random';

/** A connectome as arrays: one entry an edge. Electrical edges count once and conduct both ways. */
export interface Connectome {
  /** Names; may repeat. */
  neurons: string[];
  /** Ids; unique. */
  ids: string[];
  /** Cell type of each neuron, empty when the source gives none. */
  types: string[];
  /** A finer type of each neuron, where the source has two levels. */
  subtypes?: string[];
  /** Sign of each neuron's output where the source states it or its transmitter: 1, −1, or 0 for unknown. */
  signs: Int8Array;
  /** Sign of each neuron's output from a predicted transmitter, 0 for none, and the confidence of the prediction, 0 to 1. */
  predicted?: { signs: Int8Array; confidence: Float32Array };
  /** Sign of each edge, where the source gives signs to connections instead of neurons: 1, −1, or 0 for unknown. */
  edgeSigns?: Int8Array;
  /** 1: the source holds a sign of this edge and marks it as not known. */
  unsureSigns?: Uint8Array;
  /** 1: the source did not see this edge but assumed it. */
  imputed?: Uint8Array;
  pre: Int32Array;
  post: Int32Array;
  /** Synapses, or the size that the source gives. */
  weight: Float64Array;
  electrical: Uint8Array;
}

/**
 * Rounds of trades, in each of which every neuron trades once. In the larva's wiring, after 20 rounds no more connections are those
 * of the data than after 40; small networks need more, and cost nothing.
 */
const roundsFor = (edges: number) => (edges < 10_000 ? 100 : 20);

/** A control: the same connectome with its connections led elsewhere. */
export interface Rewired {
  connectome: Connectome;
  /** Share of edges that connect other neurons than before. */
  moved: number;
}

/**
 * The same neurons with shuffled wiring: neurons in random pairs pool the targets that only one of them has, and deal them out
 * again (global curveball trades: Carstens et al. 2018, ESA, LIPIcs 112:11). Every neuron keeps its numbers of inputs and outputs
 * and the weights that it sends; no connection is doubled, autapses stay. Chemical and electrical edges are shuffled apart.
 * Yields the share that is done, so that the caller can pause.
 */
export function* rewiring(connectome: Connectome, seed: string): Generator<number, Rewired> {
  const { pre, electrical, ids } = connectome;
  const random = makeRandom(seed);
  const post = connectome.post.slice();
  const kinds = electrical.includes(1) ? [0, 1] : [0];
  const rounds = roundsFor(pre.length);
  for (const kind of kinds) {
    const rows = yield* groupBySource(connectome, kind);
    const most = rows.longest * 2;
    const [slots, pool] = [new Int32Array(most), new Int32Array(most)];
    const [inFirst, inSecond] = [new Int32Array(ids.length), new Int32Array(ids.length)];
    let trade = 0;
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? random.permutation(ids.length) : byJitteredSize(rows.at, random);
      for (let pair = 0; pair + 1 < order.length; pair += 2) {
        const [a, b] = [order[pair], order[pair + 1]];
        const [startA, endA, startB, endB] = [rows.at[a], rows.at[a + 1], rows.at[b], rows.at[b + 1]];
        if (startA === endA || startB === endB) continue;
        trade++;
        for (let k = startA; k < endA; k++) inFirst[post[rows.edges[k]]] = trade;
        for (let k = startB; k < endB; k++) inSecond[post[rows.edges[k]]] = trade;
        let size = 0;
        const offer = (start: number, end: number, other: Int32Array) => {
          for (let k = start; k < end; k++) {
            const edge = rows.edges[k];
            const target = post[edge];
            if (other[target] === trade || target === a || target === b) continue;
            slots[size] = edge;
            pool[size++] = target;
          }
        };
        offer(startA, endA, inSecond);
        offer(startB, endB, inFirst);
        for (let k = size - 1; k >= 0; k--) {
          const j = random.integer(k + 1);
          post[slots[k]] = pool[j];
          pool[j] = pool[k];
        }
        if ((pair & 127) === 0) yield (round + pair / order.length) / rounds;
      }
    }
  }
  yield 1;
  let moved = 0;
  for (let edge = 0; edge < post.length; edge++) moved += Number(post[edge] !== connectome.post[edge]);
  return { connectome: { ...connectome, post }, moved: pre.length === 0 ? 0 : moved / pre.length };
}

/** All of `rewiring` at once. */
export function shuffleWiring(connectome: Connectome, seed: string): Connectome {
  const steps = rewiring(connectome, seed);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value.connectome;
  }
}

/**
 * Neurons in the order of their numbers of outputs, each multiplied by a random factor from ½ to 2, so that neighbours are of like
 * size: a hub that trades with small neurons alone would keep most of its targets for long.
 */
function byJitteredSize(at: Int32Array, random: Random): Float64Array {
  const n = at.length - 1;
  const keys = Float64Array.from({ length: n }, (_, i) => {
    const size = (at[i + 1] - at[i]) * 2 ** (2 * random.uniform() - 1);
    return Math.floor(size * 16) * n + i;
  }).sort();
  return keys.map((key) => key % n);
}

interface Rows {
  /** Where the edges of each neuron begin, [neurons + 1]. */
  at: Int32Array;
  edges: Int32Array;
  /** Most edges of one neuron. */
  longest: number;
}

/** Edges of one kind by the neuron that sends them: those of neuron i are edges[at[i]] … edges[at[i + 1] − 1]. */
function* groupBySource({ pre, electrical, ids }: Connectome, kind: number): Generator<number, Rows> {
  const at = new Int32Array(ids.length + 1);
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield 0;
    if (electrical[edge] === kind) at[pre[edge] + 1]++;
  }
  const longest = at.reduce((most, count) => Math.max(most, count), 0);
  for (let i = 0; i < ids.length; i++) at[i + 1] += at[i];
  const next = at.slice();
  const edges = new Int32Array(at[ids.length]);
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield 0;
    if (electrical[edge] === kind) edges[next[pre[edge]]++] = edge;
  }
  return { at, edges, longest };
}
