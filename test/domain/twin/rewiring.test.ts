import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { type Connectome, type Rewired, rewiring } from '../../../mcp-servers/twin/src/domain/connectome.ts';
import { root } from '../../fixtures/client.ts';

function connectome(neurons: number, pre: number[], post: number[], electrical: number[] = []): Connectome {
  const ids = Array.from({ length: neurons }, (_, i) => String(i));
  return {
    neurons: ids,
    ids,
    types: ids.map(() => ''),
    signs: new Int8Array(neurons).fill(1),
    pre: Int32Array.from(pre),
    post: Int32Array.from(post),
    weight: Float64Array.from(pre, (_, edge) => edge + 1),
    electrical: Uint8Array.from(pre, (_, edge) => electrical[edge] ?? 0),
  };
}

function larva(): Connectome {
  const rows = readFileSync(path.join(root, 'datasets/drosophila-larva-winding2023/G_edgelist.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const index = new Map(
    [...new Set(rows.flatMap((row) => row.slice(0, 2)))].sort((a, b) => a - b).map((id, i) => [id, i]),
  );
  const at = (id: number) => index.get(id) ?? 0;
  return connectome(
    index.size,
    rows.map(([a]) => at(a)),
    rows.map(([, b]) => at(b)),
  );
}

function rewire(from: Connectome, seed: string): Rewired {
  const steps = rewiring(from, seed);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const degrees = (ends: Int32Array, neurons: number) => {
  const count = new Int32Array(neurons);
  for (const end of ends) count[end]++;
  return count;
};
const pairs = ({ pre, post, electrical, ids }: Connectome) =>
  Array.from(pre, (from, edge) => (from * ids.length + post[edge]) * 2 + electrical[edge]);

describe('rewiring the larva', () => {
  const real = larva();
  const { connectome: rewired, moved } = rewire(real, 'a');
  const n = real.ids.length;

  test('keeps the number of inputs and of outputs of every neuron, exactly', () => {
    expect(real.pre.length).toBe(119_010);
    expect(degrees(rewired.pre, n)).toEqual(degrees(real.pre, n));
    expect(degrees(rewired.post, n)).toEqual(degrees(real.post, n));
  });

  test('doubles no connection and keeps the weights that each neuron sends', () => {
    expect(new Set(pairs(rewired)).size).toBe(new Set(pairs(real)).size);
    expect([rewired.pre, rewired.weight]).toEqual([real.pre, real.weight]);
  });

  test('leaves autapses where they are and makes none', () => {
    const autapses = ({ pre, post }: Connectome) => [...pre.keys()].filter((edge) => pre[edge] === post[edge]);
    expect(autapses(real).length).toBeGreaterThan(0);
    expect(autapses(rewired)).toEqual(autapses(real));
  });

  test('keeps no more of the data than two rewired networks have in common', () => {
    const other = rewire(real, 'b').connectome;
    const share = (a: Connectome, b: Connectome) => {
      const of = new Set(pairs(b));
      return pairs(a).filter((pair) => of.has(pair)).length / a.pre.length;
    };
    const chance = share(rewired, other);
    expect(chance).toBeGreaterThan(0.02);
    expect(share(rewired, real)).toBeLessThan(1.2 * chance);
    expect(moved).toBeGreaterThan(0.95);
  });

  test('gives the same wiring for the same seed, and another for another', () => {
    expect(rewire(real, 'a').connectome.post).toEqual(rewired.post);
    expect(rewire(real, 'b').connectome.post).not.toEqual(rewired.post);
  });
});

describe('small networks', () => {
  test('every network with the same degrees without autapses comes up equally often', () => {
    // 0→1, 1→2, 2→3, 3→0: one output and one input each. The derangements of four are nine.
    const ring = connectome(4, [0, 1, 2, 3], [1, 2, 3, 0]);
    const seen = new Map<string, number>();
    const draws = 4500;
    for (let k = 0; k < draws; k++) {
      const key = rewire(ring, String(k)).connectome.post.join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(9);
    // χ² with 8 degrees of freedom exceeds 26.1 in one of a thousand.
    const expected = draws / 9;
    const chi2 = [...seen.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi2).toBeLessThan(26.1);
  });

  test('one in which nothing can move says that nothing moved', () => {
    const star = connectome(4, [0, 0, 0], [1, 2, 3]);
    expect(rewire(star, 'x').moved).toBe(0);
    expect(rewire(connectome(3, [], []), 'x').moved).toBe(0);
  });

  test('chemical and electrical edges are shuffled apart', () => {
    const random = makeRandom(3);
    const made = new Set<number>();
    while (made.size < 400) made.add(random.integer(60 * 60));
    const mixed = connectome(
      60,
      [...made].map((pair) => Math.floor(pair / 60)),
      [...made].map((pair) => pair % 60),
      [...made].map((_, edge) => edge % 2),
    );
    const { connectome: rewired } = rewire(mixed, 'x');
    for (const kind of [0, 1]) {
      const of = (from: Connectome) => from.post.filter((_, edge) => from.electrical[edge] === kind);
      expect(degrees(of(rewired), 60)).toEqual(degrees(of(mixed), 60));
    }
  });
});
