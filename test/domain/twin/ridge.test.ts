import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { fitRidge, predictRidge } from '../../../mcp-servers/twin/src/encoding/ridge.ts';
import { inverseCholesky, multiply } from '../../../mcp-servers/twin/src/onnx/matrix.ts';

const matrix = (rows: number, columns: number, random = makeRandom(`${rows} ${columns}`)) => ({
  data: Float64Array.from({ length: rows * columns }, random.normal),
  rows,
  columns,
});

describe('linear algebra on ONNX Runtime', () => {
  test.each([
    [3, 4, 5],
    [97, 96, 13],
  ])('multiplies %i × %i by %i, either side transposed', async (m, k, n) => {
    const [a, b] = [matrix(m, k), matrix(k, n)];
    const { data } = await multiply(a, b);
    let worst = 0;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let x = 0; x < k; x++) sum += a.data[i * k + x] * b.data[x * n + j];
        worst = Math.max(worst, Math.abs(sum - data[i * n + j]));
      }
    }
    expect(worst).toBeLessThan(1e-12 * k);
    const twice = await multiply(b, a, { transposeA: true, transposeB: true });
    expect([twice.rows, twice.columns]).toEqual([n, m]);
    expect(twice.data[0]).toBeCloseTo(data[0], 12);
  });

  test.each([1, 2, 95, 96, 97, 192, 250])('inverts the Cholesky factor of a %i × %i matrix', async (n) => {
    const a = matrix(n, n + 5);
    const gram = await multiply(a, a, { transposeB: true });
    for (let i = 0; i < n; i++) gram.data[i * n + i] += 0.5;
    const inverse = await inverseCholesky(gram);
    const identity = await multiply(await multiply(inverse, gram), inverse, { transposeB: true });
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) worst = Math.max(worst, Math.abs(identity.data[i * n + j] - Number(i === j)));
    expect(worst).toBeLessThan(1e-9);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(inverse.data[i * n + j]).toBe(0);
  });

  test('says that a matrix is not positive definite', async () => {
    await expect(inverseCholesky({ data: Float64Array.of(1, 2, 2, 1), rows: 2, columns: 2 })).rejects.toThrow(
      /not positive definite/,
    );
  });
});

describe('ridge regression', () => {
  const stimuli = 60;
  const neurons = 3;
  const random = makeRandom(4);
  const features = Float32Array.from({ length: stimuli * 4 }, random.normal);
  const weights = [1, -2, 0.5, 0];
  const signal = (i: number) => weights.reduce((sum, w, f) => sum + w * features[i * 4 + f], 0);
  const responses = Float64Array.from(
    { length: neurons * stimuli },
    (_, at) => 3 + (Math.floor(at / stimuli) + 1) * signal(at % stimuli) + 0.3 * random.normal(),
  );
  const bands = [{ name: 'x', features, width: 4 }];
  const rows = Int32Array.from({ length: 50 }, (_, i) => i);
  const input = { bands, responses, neurons, stimuli };

  test('equals the normal equations', async () => {
    const lambda = 0.1;
    const model = await fitRidge(input, rows, { lambdas: [lambda] });
    // Standardised features z; weights w = (ZᵀZ / p + λ n I)⁻¹ Zᵀy / p · … solved here by gradient descent on the same cost.
    const n = rows.length;
    const z = Array.from(rows, (row) =>
      Array.from({ length: 4 }, (_, f) => (features[row * 4 + f] - model.mean[f]) / model.scale[f]),
    );
    const y = Array.from(rows, (row) => responses[row] - model.intercept[0]);
    const w = new Float64Array(4);
    for (let step = 0; step < 20_000; step++) {
      const gradient = new Float64Array(4);
      for (let i = 0; i < n; i++) {
        const error = z[i].reduce((sum, value, f) => sum + value * w[f], 0) - y[i];
        for (let f = 0; f < 4; f++) gradient[f] += error * z[i][f];
      }
      // Each band has weight 1/width in the kernel: the penalty on w is λ·n·width.
      for (let f = 0; f < 4; f++) w[f] -= 0.002 * (gradient[f] + lambda * n * 4 * w[f]);
    }
    for (let f = 0; f < 4; f++) expect(model.weights[f * neurons]).toBeCloseTo(w[f], 8);
  });

  test('chooses λ by leave-one-out, whose closed form equals leaving each one out', async () => {
    const lambdas = [1e-4, 1e-2, 1];
    const chosen = (await fitRidge(input, rows, { lambdas })).lambda[0];
    const centre = (await fitRidge(input, rows, { lambdas: [1] })).intercept[0];
    const errors = await Promise.all(
      lambdas.map(async (lambda) => {
        let sum = 0;
        for (const left of rows) {
          const others = rows.filter((row) => row !== left);
          // PRESS keeps centring and scaling of all rows: the same kernel, one row taken out.
          const model = await fitRidge(input, others, { lambdas: [(lambda * rows.length) / others.length] });
          const [predicted] = await predictRidge(model, bands, [left]);
          sum += (predicted - responses[left]) ** 2;
        }
        return sum;
      }),
    );
    expect(Number.isFinite(centre)).toBe(true);
    expect(chosen).toBe(lambdas[errors.indexOf(Math.min(...errors))]);
  });

  test('predicts what it did not see, in the units of the responses', async () => {
    const model = await fitRidge(input, rows);
    const held = [50, 55, 59];
    const predicted = await predictRidge(model, bands, held);
    held.forEach((row, i) => {
      for (let neuron = 0; neuron < neurons; neuron++)
        expect(Math.abs(predicted[neuron * 3 + i] - responses[neuron * stimuli + row])).toBeLessThan(1.2);
    });
  });

  test('fits a neuron on what was measured of it, alone as among others, and not at all on too little', async () => {
    const holes = Float64Array.from(responses);
    for (let i = 0; i < 20; i++) holes[stimuli + i] = Number.NaN;
    for (let i = 0; i < 45; i++) holes[2 * stimuli + i] = Number.NaN;
    const model = await fitRidge({ ...input, responses: holes }, rows, { lambdas: [0.01] });
    const full = await fitRidge(input, rows, { lambdas: [0.01] });
    expect(model.weights[0]).toBeCloseTo(full.weights[0], 12);
    expect(model.weights[1]).not.toBeCloseTo(full.weights[1], 6);
    expect(model.weights[1]).toBeCloseTo(full.weights[1], 0);
    expect(model.weights[2]).toBeNaN();
    expect((await predictRidge(model, bands, [55]))[2]).toBeNaN();
  });

  test('a feature that never changes has no say, and the same input gives the same bytes', async () => {
    const flat = [{ name: 'flat', features: new Float32Array(stimuli).fill(7), width: 1 }, ...bands];
    const [first, second] = [
      await fitRidge({ ...input, bands: flat }, rows),
      await fitRidge({ ...input, bands: flat }, rows),
    ];
    expect(second).toEqual(first);
    expect((await predictRidge(first, flat, [3])).every(Number.isFinite)).toBe(true);
  });

  test('stops when it is cancelled', async () => {
    await expect(fitRidge(input, rows, { signal: AbortSignal.abort() })).rejects.toThrow(/Cancelled/);
  });
});
