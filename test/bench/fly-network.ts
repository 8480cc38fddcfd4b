import { makeRandom } from '@bregma/core/statistics/random';
import { type LifNetwork, packNetwork } from '../../mcp-servers/twin/src/domain/lif.ts';

/** Neurons and connections of FlyWire release 783, as Shiu et al. 2024 simulate it. */
const flySize = { neurons: 138_639, edges: 15_091_983 };

/**
 * A synthetic network of the fly's size: log-normal in- and out-degrees, log-normal synapse counts, a third of the neurons
 * inhibitory, no cell types and no space. `meanCount` sets how far activity spreads. Nothing about it is measured.
 */
export function flyNetwork(meanCount: number, seed = 1, { neurons, edges } = flySize): LifNetwork {
  const random = makeRandom(`fly ${seed}`);
  const heavy = (sigma: number) => Float64Array.from({ length: neurons }, () => Math.exp(sigma * random.normal()));
  const outgoing = heavy(1);
  const pick = aliasTable(heavy(1), random.uniform);
  const total = outgoing.reduce((sum, value) => sum + value, 0);
  const sigma = 1;
  const pre = new Int32Array(edges + neurons);
  const post = new Int32Array(edges + neurons);
  const count = new Int16Array(edges + neurons);
  let edge = 0;
  for (let source = 0; source < neurons; source++) {
    const degree = Math.round((outgoing[source] / total) * edges);
    const sign = random.uniform() < 1 / 3 ? -1 : 1;
    const targets = new Set<number>();
    while (targets.size < degree) targets.add(pick());
    for (const target of targets) {
      pre[edge] = source;
      post[edge] = target;
      count[edge++] = sign * Math.min(2000, Math.ceil(meanCount * Math.exp(sigma * random.normal() - sigma ** 2 / 2)));
    }
  }
  return packNetwork(neurons, pre.subarray(0, edge), post.subarray(0, edge), count.subarray(0, edge));
}

/** Draws indices in proportion to weights in constant time (Walker 1977, ACM TOMS 3:253). */
function aliasTable(weights: Float64Array, uniform: () => number): () => number {
  const n = weights.length;
  const sum = weights.reduce((a, b) => a + b, 0);
  const share = weights.map((weight) => (weight * n) / sum);
  const alias = new Int32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, i) => (value < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop() as number, large[large.length - 1]];
    alias[less] = more;
    share[more] -= 1 - share[less];
    if (share[more] < 1) small.push(large.pop() as number);
  }
  for (const i of [...small, ...large]) share[i] = 1;
  return () => {
    const position = uniform() * n;
    const i = Math.floor(position);
    return position - i < share[i] ? i : alias[i];
  };
}
