import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { causalValidity, matchNeurons } from '../../../mcp-servers/twin/src/causal/validity.ts';
import { type Connectome, shuffleWiring } from '../../../mcp-servers/twin/src/domain/connectome.ts';
import { propagate, spectralRadius } from '../../../mcp-servers/twin/src/propagation/propagate.ts';

const signal = new AbortController().signal;
const options = { gain: 0.5, chemical: 1, electrical: 1, compress: 'none' as const };

function connectome(neurons: number, edges: [number, number, number, number?][]): Connectome {
  const names = Array.from({ length: neurons }, (_, i) => `n${i}`);
  return {
    neurons: names,
    ids: names,
    types: names.map(() => ''),
    signs: new Int8Array(neurons),
    pre: Int32Array.from(edges, ([pre]) => pre),
    post: Int32Array.from(edges, ([, post]) => post),
    weight: Float64Array.from(edges, ([, , weight]) => weight),
    electrical: Uint8Array.from(edges, ([, , , electrical]) => electrical ?? 0),
  };
}

describe('linear propagation', () => {
  test('of a ring is a geometric series', async () => {
    // A ring of weight w has the spectral radius w, so W is scaled to ½ a step: around once is ½³.
    const ring = connectome(3, [
      [0, 1, 4],
      [1, 2, 4],
      [2, 0, 4],
    ]);
    const responses = await propagate(ring, options, signal);
    const once = 1 / (1 - 0.125);
    expect([...responses.subarray(0, 9)].map((value) => value.toFixed(9))).toEqual(
      [0.125, 0.25, 0.5, 0.5, 0.125, 0.25, 0.25, 0.5, 0.125].map((value) => (value * once).toFixed(9)),
    );
  });

  test('equals (I − W)⁻¹ − I on a random network', async () => {
    const random = makeRandom(2);
    const n = 12;
    const edges = Array.from({ length: 50 }, (): [number, number, number] => [
      random.integer(n),
      random.integer(n),
      1 + random.integer(9),
    ]);
    const network = connectome(n, edges);
    const responses = await propagate(network, options, signal);
    // W from the same edges, and the residual of (I − W)(R + I) = I.
    const w = new Float64Array(n * n);
    for (const [pre, post, weight] of edges) if (pre !== post) w[post * n + pre] += weight;
    const radius = spectralRadius({ data: w, rows: n, columns: n });
    for (let i = 0; i < w.length; i++) w[i] *= options.gain / radius;
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let value = responses[i * n + j] + Number(i === j);
        for (let k = 0; k < n; k++) value -= w[i * n + k] * (responses[k * n + j] + Number(k === j));
        worst = Math.max(worst, Math.abs(value - Number(i === j)));
      }
    }
    expect(worst).toBeLessThan(1e-12);
  });

  test('gap junctions conduct both ways, synapses one way', async () => {
    const pair = await propagate(connectome(2, [[0, 1, 1, 1]]), options, signal);
    expect(pair[1]).toBeCloseTo(pair[2], 12);
    const chain = await propagate(
      connectome(3, [
        [0, 1, 1],
        [1, 0, 1],
        [1, 2, 1],
      ]),
      options,
      signal,
    );
    expect(chain[2 * 3]).toBeGreaterThan(0);
    expect(chain[2]).toBe(0);
  });

  test('knows the largest eigenvalue, also of a network that is periodic or empty', () => {
    expect(spectralRadius({ data: Float64Array.of(0, 3, 3, 0), rows: 2, columns: 2 })).toBeCloseTo(3, 8);
    expect(spectralRadius({ data: Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 1), rows: 3, columns: 3 })).toBeCloseTo(3, 8);
    expect(spectralRadius({ data: new Float64Array(4), rows: 2, columns: 2 })).toBe(0);
  });
});

describe('shuffled wiring', () => {
  const random = makeRandom(3);
  const drawn = Array.from({ length: 400 }, (): [number, number, number, number] => [
    random.integer(40),
    random.integer(40),
    1 + random.integer(9),
    random.integer(2),
  ]);
  const wired = connectome(40, [...new Map(drawn.map((edge) => [`${edge[0]} ${edge[1]} ${edge[3]}`, edge])).values()]);
  const other = shuffleWiring(wired, 'seed');
  const degrees = (ends: Int32Array, kind: Uint8Array) =>
    Array.from({ length: 80 }, (_, i) => ends.filter((node, edge) => node === i >> 1 && kind[edge] === (i & 1)).length);

  test('keeps every number of inputs and outputs, by kind, and every weight', () => {
    expect(degrees(other.pre, other.electrical)).toEqual(degrees(wired.pre, wired.electrical));
    expect(degrees(other.post, other.electrical)).toEqual(degrees(wired.post, wired.electrical));
    expect(other.weight).toEqual(wired.weight);
  });

  test('is another wiring, without double edges, the same for the same seed', () => {
    expect(other.post.filter((post, edge) => post !== wired.post[edge]).length).toBeGreaterThan(wired.post.length / 2);
    const keys = Array.from(other.pre, (pre, edge) => `${pre} ${other.post[edge]} ${other.electrical[edge]}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(shuffleWiring(wired, 'seed').post).toEqual(other.post);
    expect(shuffleWiring(wired, 'other').post).not.toEqual(other.post);
  });
});

describe('validity against causal measurements', () => {
  test('leaves out the diagonal and what was not measured, and finds neurons by name', () => {
    const twin = { names: ['c', 'a', 'b', 'd'], responses: Float64Array.from({ length: 16 }, (_, i) => i) };
    const recording = {
      names: ['a', 'b', 'x', 'c'],
      responses: Float64Array.from([99, 1, 0, Number.NaN, 3, 99, 0, 2, 0, 0, 0, 0, 5, 4, 0, 99]),
    };
    const matched = matchNeurons(twin, recording);
    expect(matched.names).toEqual(['a', 'b', 'c']);
    const validity = causalValidity(matched);
    expect(validity.pairs).toBe(5);
    expect(validity.stimulated).toBe(3);
    const perfect = causalValidity({ ...matched, predicted: Float64Array.from(matched.measured) });
    expect(perfect.pearson).toBeCloseTo(1, 12);
  });
});
