import type { Random } from '@bregma/core/statistics/random';

/** Connections by the places of their neurons. */
export interface Links {
  pre: Int32Array;
  post: Int32Array;
  weight: Float64Array;
}

/**
 * The same neurons with the same numbers of inputs and outputs, connected otherwise: ten swaps of targets a connection (Maslov & Sneppen
 * 2002, Science 296:910). A swap that would double a connection or join a neuron to itself is left out; a weight stays with its source.
 */
export function shuffleTargets({ pre, post, weight }: Links, neurons: number, random: Random): Links {
  const targets = post.slice();
  const n = neurons;
  // [from × to]: 1 where a connection is.
  const taken = new Uint8Array(n * n);
  for (let i = 0; i < pre.length; i++) taken[pre[i] * n + targets[i]] = 1;
  for (let swap = 0; swap < 10 * pre.length; swap++) {
    const [a, b] = [random.integer(pre.length), random.integer(pre.length)];
    const [newA, newB] = [pre[a] * n + targets[b], pre[b] * n + targets[a]];
    if (pre[a] === targets[b] || pre[b] === targets[a] || taken[newA] || taken[newB]) continue;
    taken[pre[a] * n + targets[a]] = 0;
    taken[pre[b] * n + targets[b]] = 0;
    taken[newA] = 1;
    taken[newB] = 1;
    [targets[a], targets[b]] = [targets[b], targets[a]];
  }
  return { pre, post: targets, weight };
}
