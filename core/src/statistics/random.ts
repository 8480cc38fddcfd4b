/** A seeded stream of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** A shuffled copy. */
  shuffle<Item>(items: readonly Item[]): Item[];
  /** A random order of 0 … n−1. */
  permutation(n: number): Int32Array;
  /** An independent stream for a named purpose; the same label gives the same stream. */
  fork(label: string): Random;
}

/** xoshiro128** (Blackman & Vigna 2021, ACM TOMS 47:36), seeded through splitmix32. */
export function makeRandom(seed: number | string): Random {
  const state = expand(typeof seed === 'string' ? hash(seed) : hash(`number ${seed}`));
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  };
  return streamOf(next, (label) => makeRandom(`${seed} ${label}`));
}

/** A stream over a source of numbers. next: 32 random bits; fork: the stream of a label. */
export function streamOf(next: () => number, fork: (label: string) => Random): Random {
  const uniform = () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
  const integer = (n: number) => Math.floor(uniform() * n);
  let spare: number | undefined;
  const permutation = (n: number) => {
    // By a loop: `from` takes most of the time of a short order, and a noise ceiling draws millions.
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i + 1);
      const value = order[i];
      order[i] = order[j];
      order[j] = value;
    }
    return order;
  };
  return {
    uniform,
    integer,
    permutation,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    shuffle(items) {
      const order = permutation(items.length);
      return items.map((_, i) => items[order[i]]);
    },
    fork,
  };
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function expand(seed: number): Int32Array {
  const state = new Int32Array(4);
  let z = seed;
  for (let i = 0; i < 4; i++) {
    z = (z + 0x9e3779b9) | 0;
    let t = z ^ (z >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    state[i] = t ^ (t >>> 15);
  }
  return state;
}
