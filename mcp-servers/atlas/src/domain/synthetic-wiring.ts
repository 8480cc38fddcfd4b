import { pause } from '@bregma/core/in-slices';
import { makeRandom, type Random } from '@bregma/core/statistics/random';

/** A made-up connectome: connection k leads from pre[k] to post[k]. */
export interface SyntheticWiring {
  /** 1 or −1 a neuron. */
  sign: Int32Array;
  pre: Int32Array;
  post: Int32Array;
  /** Synapses, 1 or more. */
  weight: Int32Array;
}

/** The statistics that a made-up connectome is to have. */
export interface WiringRequest {
  neurons: number;
  edges: number;
  /** Share of neurons that inhibit. */
  inhibitory: number;
  /** Mean number of synapses of a connection. */
  meanWeight: number;
  /** Spread of the degrees: standard deviation of the logarithm of each neuron's propensity to connect. */
  spread: number;
  seed: number;
}

/**
 * A random wiring diagram with heavy-tailed degrees: every neuron has a log-normal propensity to send and another to receive;
 * connections are distinct, without autapses, and hold a geometric number of synapses. Same request, same wiring.
 */
export async function syntheticWiring(
  { neurons, edges, inhibitory, meanWeight, spread, seed }: WiringRequest,
  signal: AbortSignal,
  onNeuron: (done: number) => void,
): Promise<SyntheticWiring> {
  const random = makeRandom(`synthetic connectome ${seed}`);
  const propensity = () => Float64Array.from({ length: neurons }, () => Math.exp(spread * random.normal()));
  const degrees = outDegrees(propensity(), edges, neurons - 1, random);
  const target = aliasSampler(propensity(), random);
  const sign = Int32Array.from({ length: neurons }, () => (random.uniform() < inhibitory ? -1 : 1));
  const [pre, post, weight] = [new Int32Array(edges), new Int32Array(edges), new Int32Array(edges)];
  const taken = new Int32Array(neurons).fill(-1);
  const stay = Math.log(1 - 1 / meanWeight);
  let edge = 0;
  let looked = performance.now();
  for (let neuron = 0; neuron < neurons; neuron++) {
    taken[neuron] = neuron;
    for (let k = 0, misses = 0; k < degrees[neuron]; ) {
      // A hub that has almost all likely targets takes the rest in any order.
      const to = misses++ < 50 * (degrees[neuron] + 1) ? target() : random.integer(neurons);
      if (taken[to] === neuron) continue;
      taken[to] = neuron;
      pre[edge] = neuron;
      post[edge] = to;
      weight[edge++] = meanWeight <= 1 ? 1 : Math.min(8191, 1 + Math.floor(Math.log(1 - random.uniform()) / stay));
      k++;
    }
    if ((neuron & 63) !== 0 || performance.now() - looked < 50) continue;
    onNeuron(neuron);
    await pause(signal);
    looked = performance.now();
  }
  return { sign, pre, post, weight };
}

/** Whole numbers of at most `most` in proportion to the weights, that add up to `total`. */
function outDegrees(weights: Float64Array, total: number, most: number, random: Random): Int32Array {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const degrees = Int32Array.from(weights, (weight) => Math.min(most, Math.floor((weight / sum) * total)));
  let left = total - degrees.reduce((all, degree) => all + degree, 0);
  while (left > 0) {
    const neuron = random.integer(degrees.length);
    if (degrees[neuron] >= most) continue;
    degrees[neuron]++;
    left--;
  }
  return degrees;
}

/** Draws indices in proportion to the weights, in constant time (Walker 1977, ACM TOMS 3:253; Vose 1991, IEEE TSE 17:972). */
function aliasSampler(weights: Float64Array, random: Random): () => number {
  const n = weights.length;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const share = weights.map((weight) => (weight * n) / sum);
  const alias = new Int32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, i) => (value < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    // SAFETY: neither list is empty, says the loop.
    const [less, more] = [small.pop() as number, large.pop() as number];
    alias[less] = more;
    share[more] += share[less] - 1;
    (share[more] < 1 ? small : large).push(more);
  }
  for (const i of [...small, ...large]) share[i] = 1;
  return () => {
    const i = random.integer(n);
    return random.uniform() < share[i] ? i : alias[i];
  };
}
