import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { bestRidge } from '../../../mcp-servers/twin/src/encoding/leave-one-out.ts';
import { fitRidge, predictRidge } from '../../../mcp-servers/twin/src/encoding/ridge.ts';

const stimuli = 12;
/** Features and responses by formula, so that scikit-learn can be given the same. */
const feature = (i: number, f: number) => (i * i * 7 + f * f * 3 + i * f * 11 + 5 * i) % 13;
const response = (i: number) => (5 * i * i + 3 * i) % 17;
const responses = Float64Array.from({ length: stimuli }, (_, i) => response(i));
const all = Int32Array.from(responses.keys());

/** Standardised features [row × feature] and centred responses. */
function centred(features: number) {
  const z = new Float64Array(stimuli * features);
  for (let f = 0; f < features; f++) {
    const column = Array.from(all, (i) => feature(i, f));
    const mean = column.reduce((sum, value) => sum + value, 0) / stimuli;
    const scale = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / stimuli);
    column.forEach((value, i) => {
      z[i * features + f] = (value - mean) / scale;
    });
  }
  const mean = responses.reduce((sum, value) => sum + value, 0) / stimuli;
  return {
    design: { data: z, rows: stimuli, columns: features },
    responses: { data: responses.map((value) => value - mean), rows: stimuli, columns: 1 },
  };
}

/**
 * scikit-learn 1.9.1 on the same arrays, alpha = λ · 12 · features: Ridge(solver='cholesky') for the first two weights, and its
 * twelve refits without one row each for the error, which RidgeCV(scoring=None) gives to 14 digits as well.
 */
const oracle = [
  [5, 0.01, 1.7243369702756102, 0.5999614242397912, 35.97805375631645],
  [5, 0.1, 0.8351612461997625, 0.03757514711903993, 22.38553418766653],
  [5, 1, 0.17833540742726872, -0.05230298829854583, 14.95482495962775],
  [20, 0.01, 0.6129780268721376, 0.49168485638550263, 21.642973315932835],
  [20, 0.1, 0.23255717631574824, 0.04602922788601177, 15.568791741562887],
  [20, 1, 0.04702061895748373, -0.012771786378752113, 13.730563131718515],
] as const;

describe('ridge with leave-one-out', () => {
  test.each(oracle)(
    '%i features, λ %f: weights and error as in scikit-learn',
    async (features, lambda, w0, w1, error) => {
      const best = await bestRidge(centred(features), [lambda * features]);
      expect(best.weights.data[0]).toBeCloseTo(w0, 10);
      expect(best.weights.data[1]).toBeCloseTo(w1, 10);
      expect(best.errors[0]).toBeCloseTo(error, 9);
    },
  );

  test.each([5, 20])('%i features: a readout has the weights and the intercept of scikit-learn', async (features) => {
    const values = Float32Array.from({ length: stimuli * features }, (_, at) =>
      feature(Math.floor(at / features), at % features),
    );
    const bands = [{ name: 'x', width: features, features: values }];
    const model = await fitRidge({ bands, responses, neurons: 1, stimuli }, all, { lambdas: [0.1] });
    const [, , w0, w1] = oracle.find(([count, lambda]) => count === features && lambda === 0.1) ?? [];
    expect(model.weights[0]).toBeCloseTo(w0 as number, 10);
    expect(model.weights[1]).toBeCloseTo(w1 as number, 10);
    expect(model.intercept[0]).toBeCloseTo(19 / 3, 10);
  });

  test('takes λ of least error, each neuron its own, in the order given or any other', async () => {
    for (const features of [5, 20]) {
      const lambdas = [0.01, 0.1, 1].map((lambda) => lambda * features);
      expect((await bestRidge(centred(features), lambdas)).lambda[0]).toBe(lambdas[2]);
      expect((await bestRidge(centred(features), lambdas.toReversed())).lambda[0]).toBe(lambdas[2]);
    }
  });

  test('does not take the weakest λ where there is nothing to find and more features than stimuli', async () => {
    const random = makeRandom('noise');
    const [rows, width, neurons] = [40, 400, 30];
    const bands = [{ name: 'x', width, features: Float32Array.from({ length: rows * width }, random.normal) }];
    const noise = Float64Array.from({ length: neurons * rows }, random.normal);
    const lambdas = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
    const { lambda } = await fitRidge(
      { bands, responses: noise, neurons, stimuli: rows },
      Int32Array.from({ length: rows }, (_, i) => i),
      { lambdas },
    );
    expect(lambda.filter((value) => value === lambdas[0]).length).toBeLessThan(neurons / 2);
    expect(lambda.filter((value) => value >= 1).length).toBeGreaterThan(neurons / 6);
  });
});

test('a neuron measured only where one feature is high has its own intercept, and predicts where it is low', async () => {
  const random = makeRandom('chosen stimuli');
  const [count, width, trained] = [400, 5, 300];
  const features = Float32Array.from({ length: count * width }, random.normal);
  const truth = (i: number) => 3 + 2 * features[i * width] - features[i * width + 1];
  const measured = Float64Array.from({ length: 2 * count }, (_, at) => {
    const value = truth(at % count) + 0.1 * random.normal();
    return at >= count && features[(at % count) * width] < 0.3 ? Number.NaN : value;
  });
  const bands = [{ name: 'x', width, features }];
  const rows = Int32Array.from({ length: trained }, (_, i) => i);
  const model = await fitRidge({ bands, responses: measured, neurons: 2, stimuli: count }, rows);
  const fitted = await predictRidge(model, bands, rows);
  const residuals = Array.from(rows, (i) => measured[count + i] - fitted[trained + i]).filter(Number.isFinite);
  expect(residuals.length).toBeLessThan(trained / 2);
  expect(residuals.reduce((sum, value) => sum + value, 0) / residuals.length).toBeCloseTo(0, 10);
  const held = Int32Array.from({ length: count - trained }, (_, i) => trained + i);
  const predicted = await predictRidge(model, bands, held);
  const squares = Array.from(held, (i, at) => (predicted[held.length + at] - truth(i)) ** 2);
  expect(Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / held.length)).toBeLessThan(0.1);
});
