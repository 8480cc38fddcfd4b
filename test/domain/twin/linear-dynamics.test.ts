import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { type Anatomy, supportOf } from '../../../mcp-servers/twin/src/causal/anatomy.ts';
import { crossFit, fitColumns, groupColumns, offDiagonal } from '../../../mcp-servers/twin/src/causal/fit-columns.ts';
import {
  bound,
  denseWeights,
  objective,
  predictResponses,
  responsesOf,
  silence,
} from '../../../mcp-servers/twin/src/causal/linear-dynamics.ts';
import { prepareStimulations } from '../../../mcp-servers/twin/src/causal/stimulations.ts';
import { invert, marginOf, numericalAbscissa } from '../../../mcp-servers/twin/src/linear/dense.ts';
import { minimise } from '../../../mcp-servers/twin/src/linear/minimise.ts';
import { root } from '../../fixtures/client.ts';
import { type SimulatedWorm, simulateWorm } from '../../fixtures/simulated-worm.ts';

const { signal } = new AbortController();
const settings = { ridge: 5, margin: 5, bilateral: true };
const python = process.env.BREGMA_REFERENCE_PYTHON;
const all = (n: number) => Array.from({ length: n }, (_, i) => i);

function anatomyOf({ edges }: SimulatedWorm): Anatomy {
  return (['electrical', 'chemical'] as const).map((name) => {
    const own = edges.filter(({ electrical }) => electrical === (name === 'electrical'));
    return { name, pre: Int32Array.from(own, ({ pre }) => pre), post: Int32Array.from(own, ({ post }) => post) };
  });
}

function randomMatrix(n: number, size: number, seed: number): Float64Array {
  const random = makeRandom(seed);
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 0 : size * random.normal()));
}

describe('the gradient of the fit', () => {
  test('is the one that finite differences find, on both noise terms, ridge and barrier', async () => {
    const worm = simulateWorm({ pairs: 6 });
    const n = worm.names.length;
    const data = prepareStimulations(worm, all(n), { bilateral: true });
    const support = supportOf(anatomyOf(worm), n, 'all', '');
    const evaluate = objective(data, support, { ridge: 3, margin: 2 });
    const random = makeRandom(4);
    const at = Float64Array.from(support.pre, () => 0.05 * random.normal());
    const { gradient, value } = await evaluate(at);
    expect(value).toBeGreaterThan(0);
    for (const edge of [0, 7, 31, 60, at.length - 1]) {
      const step = 1e-5;
      const moved = (by: number) => evaluate(at.map((weight, i) => (i === edge ? weight + by : weight)));
      const [up, down] = [await moved(step), await moved(-step)];
      expect((up.value - down.value) / (2 * step)).toBeCloseTo(gradient[edge], 4);
    }
  });

  test('leads to the minimum of a function whose minimum is known, and never outside its domain', async () => {
    const rosenbrock = async ([x, y]: Float64Array) => ({
      value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
    });
    const found = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { steps: 500, tolerance: 1e-14 });
    expect(found.point[0]).toBeCloseTo(1, 4);
    expect(found.point[1]).toBeCloseTo(1, 4);
    // −log(1 − x) − 10x: defined below 1, least at x = 0.9.
    const visited: number[] = [];
    const barrier = async ([x]: Float64Array) => {
      if (x < 1) visited.push(x);
      return x < 1
        ? { value: -Math.log(1 - x) - 10 * x, gradient: Float64Array.of(1 / (1 - x) - 10) }
        : { value: Number.POSITIVE_INFINITY, gradient: Float64Array.of(0) };
    };
    const inside = await minimise(barrier, Float64Array.of(0), { steps: 200, tolerance: 1e-14 });
    expect(inside.point[0]).toBeCloseTo(0.9, 5);
    expect(Math.max(...visited)).toBeLessThan(1);
  });
});

describe('stability', () => {
  test.each([1, 2, 3])('holds in every fit, whatever the responses (%i)', async (seed) => {
    const n = 16;
    const random = makeRandom(seed);
    // All rise together, far beyond what a stable network would do, with a random part of any size.
    const responses = Float64Array.from({ length: n * n }, () => 50 + 10 ** (seed - 1) * random.normal());
    const names = all(n).map((i) => `n${i}`);
    const support = supportOf([{ name: 'chemical', pre: new Int32Array(), post: new Int32Array() }], n, 'all', '');
    const { W } = await fitColumns(
      { names, responses },
      support,
      all(n),
      { ridge: 1e-3, margin: 1e-2, bilateral: false },
      signal,
    );
    expect(numericalAbscissa(W, n)).toBeLessThan(bound);
    const margin = await invert(marginOf(W, n, bound), n);
    expect(Math.min(...margin.pivots)).toBeGreaterThan(0);
  });

  test('is refused by the objective for random weights exactly when the numerical abscissa reaches the bound', async () => {
    const worm = simulateWorm({ pairs: 5 });
    const n = worm.names.length;
    const data = prepareStimulations(worm, all(n), { bilateral: false });
    const support = supportOf(anatomyOf(worm), n, 'all', '');
    const evaluate = objective(data, support, { ridge: 1, margin: 1 });
    let [inside, outside] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const random = makeRandom(seed);
      const weights = Float64Array.from(support.pre, () => 0.05 * (1 + (seed % 8)) * random.normal());
      const abscissa = numericalAbscissa(denseWeights(weights, support, n), n);
      const { value } = await evaluate(weights);
      expect(Number.isFinite(value)).toBe(abscissa < bound);
      if (abscissa < bound) inside++;
      else outside++;
    }
    expect([inside > 5, outside > 5]).toEqual([true, true]);
  });

  test('means that the response dies out: dx/dt = −x + W·x never grows', async () => {
    const worm = simulateWorm({ pairs: 8 });
    const n = worm.names.length;
    const { W } = await fitColumns(worm, supportOf(anatomyOf(worm), n, 'all', ''), all(n), settings, signal);
    const random = makeRandom(9);
    let x = Float64Array.from({ length: n }, () => random.normal());
    let before = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 3000; step++) {
      const size = Math.hypot(...x);
      expect(size).toBeLessThan(before);
      before = size;
      const now = x;
      x = now.map((value, i) => value + 0.01 * (now.reduce((sum, other, j) => sum + W[i * n + j] * other, 0) - value));
    }
    expect(before).toBeLessThan(0.5);
  });
});

describe('linear algebra', () => {
  test.each([5, 80, 81, 200])('the inverse of order %i inverts', async (n) => {
    const system = randomMatrix(n, 0.4 / Math.sqrt(n), n).map((value, at) => Number(at % (n + 1) === 0) - value);
    const { inverse, pivots } = await invert(system, n);
    expect(pivots.every((pivot) => pivot > 0)).toBe(true);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = -Number(i === j);
        for (let k = 0; k < n; k++) sum += system[i * n + k] * inverse[k * n + j];
        worst = Math.max(worst, Math.abs(sum));
      }
    expect(worst).toBeLessThan(1e-12);
  });

  test.skipIf(!python)('equals NumPy: (I − W)⁻¹, numerical abscissa, and that bounds the spectral one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bregma-numpy-'));
    try {
      for (const n of [12, 156]) {
        const W = randomMatrix(n, 0.35 / Math.sqrt(n), n);
        const file = path.join(folder, 'w.npy');
        writeFileSync(file, writeNpy({ data: W, shape: [n, n] }));
        const script = path.join(root, 'test/reference/numpy-linear.py');
        const { stdout, stderr } = spawnSync(python ?? '', [script, file], { encoding: 'utf8', maxBuffer: 1 << 26 });
        if (!stdout) throw new Error(stderr);
        const reference = JSON.parse(stdout);
        const R = await responsesOf(W, n);
        const worst = R.reduce((most, value, at) => Math.max(most, Math.abs(value - reference.inverse[at])), 0);
        expect(worst).toBeLessThan(1e-12);
        expect(numericalAbscissa(W, n)).toBeCloseTo(reference.numericalAbscissa, 5);
        expect(reference.spectralAbscissa).toBeLessThanOrEqual(reference.numericalAbscissa);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a silenced neuron is as one that is not there', async () => {
    const worm = simulateWorm({ pairs: 4 });
    const n = worm.names.length;
    const kept = all(n).filter((i) => i !== 2);
    const smaller = Float64Array.from(kept.flatMap((i) => kept.map((j) => worm.W[i * n + j])));
    const expected = await responsesOf(smaller, n - 1);
    for (const scope of ['outgoing', 'both'] as const) {
      const R = await responsesOf(silence(worm.W, [2], n, scope), n);
      kept.forEach((i, a) => {
        kept.forEach((j, b) => {
          expect(R[i * n + j]).toBeCloseTo(expected[a * (n - 1) + b], 12);
        });
      });
    }
  });
});

describe('a known network', () => {
  const worm = simulateWorm({ pairs: 20, noise: 0.3 });
  const n = worm.names.length;
  const anatomy = anatomyOf(worm);
  const sets = groupColumns(worm, all(n), 5, 'recovery');
  const heldOut = async (wiring: 'anatomy' | 'shuffled' | 'none', responses = worm.responses, seed = 's') =>
    (await crossFit({ ...worm, responses }, supportOf(anatomy, n, wiring, seed), all(n), settings, { sets, signal }))
      .predictions;
  const truth = offDiagonal({ names: worm.names, responses: worm.R });

  test('is recovered from its responses: what was never stimulated is predicted, and better than without connections', async () => {
    const [real, shuffled, blind] = [await heldOut('anatomy'), await heldOut('shuffled'), await heldOut('none')];
    const against = (predictions: Float64Array) => pearson(predictions, truth);
    expect(against(real)).toBeGreaterThan(0.6);
    expect(against(real)).toBeGreaterThan(against(shuffled) + 0.2);
    expect(Math.abs(against(blind))).toBeLessThan(0.2);
    expect(pearson(real, offDiagonal(worm))).toBeGreaterThan(pearson(blind, offDiagonal(worm)) + 0.1);
  });

  test('leaves nothing to find once its responses are shuffled', async () => {
    const random = makeRandom(3);
    const measured = [...worm.responses.keys()].filter((at) => !Number.isNaN(worm.responses[at]));
    const values = random.shuffle(measured.map((at) => worm.responses[at]));
    const responses = Float64Array.from(worm.responses);
    measured.forEach((at, i) => {
      responses[at] = values[i];
    });
    // 1,400 independent pairs: the standard error of r is 0.027.
    expect(Math.abs(pearson(await heldOut('anatomy', responses), offDiagonal({ ...worm, responses })))).toBeLessThan(
      0.1,
    );
  });

  test('is fitted without a look at the columns that are held out', async () => {
    const held = sets[0];
    const rest = all(n).filter((column) => !held.includes(column));
    const support = supportOf(anatomy, n, 'anatomy', '');
    const first = await fitColumns(worm, support, rest, { ...settings, ridge: 'nested' }, signal);
    const random = makeRandom(8);
    const changed = worm.responses.map((value, at) => (held.includes(at % n) ? 100 * random.normal() : value));
    const second = await fitColumns(
      { ...worm, responses: changed },
      support,
      rest,
      { ...settings, ridge: 'nested' },
      signal,
    );
    expect(second).toEqual(first);
    const seen = worm.responses.map((value, at) => (at % n === rest[0] ? value + random.normal() : value));
    const third = await fitColumns(
      { ...worm, responses: seen },
      support,
      rest,
      { ...settings, ridge: 'nested' },
      signal,
    );
    expect(third.W).not.toEqual(first.W);
  });

  test('is fitted the same way twice', async () => {
    const support = supportOf(anatomy, n, 'anatomy', '');
    const [a, b] = [
      await fitColumns(worm, support, all(n), settings, signal),
      await fitColumns(worm, support, all(n), settings, signal),
    ];
    expect(Buffer.from(b.W.buffer).equals(Buffer.from(a.W.buffer))).toBe(true);
    expect(await predictResponses(b.W, b)).toEqual(await predictResponses(a.W, a));
  });

  test('has weights only where the anatomy has connections', async () => {
    const { W } = await fitColumns(worm, supportOf(anatomy, n, 'anatomy', ''), all(n), settings, signal);
    const allowed = new Set(
      worm.edges.flatMap(({ pre, post, electrical }) =>
        electrical ? [post * n + pre, pre * n + post] : [post * n + pre],
      ),
    );
    expect([...W.keys()].filter((at) => W[at] !== 0).every((at) => allowed.has(at))).toBe(true);
    const [fitted, real] = [[...allowed].map((at) => W[at]), [...allowed].map((at) => worm.W[at])];
    expect(pearson(fitted, real)).toBeGreaterThan(0.6);
  });

  test('stops between two steps when it is cancelled', async () => {
    const stop = new AbortController();
    stop.abort();
    const support = supportOf(anatomy, n, 'anatomy', '');
    await expect(fitColumns(worm, support, all(n), settings, stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
