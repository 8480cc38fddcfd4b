import { makeRandom } from '@bregma/core/statistics/random';

/** A connectome as arrays: one entry an edge. Electrical edges count once and conduct both ways. */
export interface Connectome {
  /** Names; may repeat. */
  neurons: string[];
  /** Ids; unique. */
  ids: string[];
  /** Cell type of each neuron, empty when the source gives none. */
  types: string[];
  /** Sign of each neuron's output where the source knows its transmitter: 1, −1, or 0 for unknown. */
  signs: Int8Array;
  pre: Int32Array;
  post: Int32Array;
  /** Synapses, or the size that the source gives. */
  weight: Float64Array;
  electrical: Uint8Array;
}

/** Swaps that each edge takes part in, on average, when wiring is shuffled. */
const swapsPerEdge = 5;

/**
 * The same neurons with shuffled wiring: pairs of edges of one kind exchange their targets (Maslov & Sneppen 2002, Science
 * 296:910), so that every neuron keeps its numbers of inputs and outputs and every edge its weight.
 */
export function shuffleWiring(connectome: Connectome, seed: string): Connectome {
  const random = makeRandom(seed);
  const post = Int32Array.from(connectome.post);
  const { pre, electrical } = connectome;
  const size = connectome.neurons.length;
  const taken = new Set(Array.from(pre, (source, edge) => (source * size + post[edge]) * 2 + electrical[edge]));
  for (const kind of [0, 1]) {
    const edges = Array.from(electrical.keys()).filter((edge) => electrical[edge] === kind);
    if (edges.length < 2) continue;
    for (let swap = 0; swap < edges.length * swapsPerEdge; swap++) {
      const a = edges[random.integer(edges.length)];
      const b = edges[random.integer(edges.length)];
      const [toA, toB] = [post[b], post[a]];
      if (pre[a] === toA || pre[b] === toB || toA === toB) continue;
      const [keyA, keyB] = [(pre[a] * size + toA) * 2 + kind, (pre[b] * size + toB) * 2 + kind];
      if (taken.has(keyA) || taken.has(keyB)) continue;
      taken.delete((pre[a] * size + post[a]) * 2 + kind);
      taken.delete((pre[b] * size + post[b]) * 2 + kind);
      taken.add(keyA).add(keyB);
      [post[a], post[b]] = [toA, toB];
    }
  }
  return { ...connectome, post };
}
