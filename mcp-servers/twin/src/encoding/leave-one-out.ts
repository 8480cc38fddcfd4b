import { throwIfCancelled } from '@bregma/core/errors';
import { inverseCholesky, type Matrix, multiply } from '../onnx/matrix.ts';

/** Neurons that were measured on the same stimuli. */
export interface Centred {
  /** [row × feature], every column of mean 0 */
  design: Matrix;
  /** [row × neuron], every column of mean 0 */
  responses: Matrix;
}

/** A ridge whose penalty was chosen by leaving out rows in turn. */
export interface Chosen {
  /** [feature × neuron] under each neuron's own best λ */
  weights: Matrix;
  /** One a neuron. */
  lambda: Float64Array;
  /** Mean squared error of leaving one row out, [λ × neuron], in squared units of the responses. */
  errors: Float64Array;
}

/** What one λ gives. */
interface Solution {
  /** For every row, what a fit without this row would miss it by; [row × neuron]. */
  residuals: Float64Array;
  /** [rank × neuron], of which the solver makes weights. */
  coefficients: Matrix;
}

interface Solver {
  rank: number;
  solve(penalty: number): Promise<Solution>;
  /** [rank × neuron] → [feature × neuron] */
  weightsOf(coefficients: Matrix): Promise<Matrix>;
}

/** Below this share of the rows, factorising over features costs less than over rows, leverages included (measured). */
const fewFeatures = 0.8;

/**
 * Ridge regression with an intercept, under the λ of least leave-one-out error for each neuron (PRESS; Allen 1974,
 * Technometrics 16:125). The left-out fit finds its own intercept too, so each row has the leverage 1/n of the mean beside its
 * own: without it the error of a fit with more features than rows would go to 0 with λ, and the weakest λ would always win.
 * lambdas: the penalty is λ · rows. Solved over features or over rows, whichever are fewer.
 */
export async function bestRidge(
  { design, responses }: Centred,
  lambdas: number[],
  signal?: AbortSignal,
): Promise<Chosen> {
  const { rows } = design;
  const { columns } = responses;
  const solver = await (design.columns <= fewFeatures * rows ? overFeatures : overRows)(design, responses);
  const best: Matrix = { data: new Float64Array(solver.rank * columns), rows: solver.rank, columns };
  const lambda = new Float64Array(columns).fill(Number.NaN);
  const lowest = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const errors = new Float64Array(lambdas.length * columns);
  for (const [k, candidate] of lambdas.entries()) {
    if (signal) throwIfCancelled(signal);
    const { residuals, coefficients } = await solver.solve(candidate * rows);
    for (let column = 0; column < columns; column++) {
      let squares = 0;
      for (let i = 0; i < rows; i++) squares += residuals[i * columns + column] ** 2;
      errors[k * columns + column] = squares / rows;
      if (squares >= lowest[column]) continue;
      lowest[column] = squares;
      lambda[column] = candidate;
      for (let i = 0; i < solver.rank; i++) best.data[i * columns + column] = coefficients.data[i * columns + column];
    }
  }
  return { weights: await solver.weightsOf(best), lambda, errors };
}

/** Dual form: α = (K + cI)⁻¹y, residual α_i / (G_ii − 1/(nc)) with G = (K + cI)⁻¹ of the centred kernel K. */
async function overRows(design: Matrix, responses: Matrix): Promise<Solver> {
  const n = design.rows;
  const { columns } = responses;
  const kernel = await multiply(design, design, { transposeB: true });
  // The constant vector has eigenvalue 0 in K. Lifting it to the mean eigenvalue leaves α as it is, because α sums to 0, and
  // spares the subtraction of two large numbers: G_ii − 1/(nc) = G'_ii − 1/(n(c + lift)).
  let lift = 0;
  for (let i = 0; i < n; i++) lift += kernel.data[i * n + i] / n;
  for (let i = 0; i < kernel.data.length; i++) kernel.data[i] += lift / n;
  return {
    rank: n,
    async solve(penalty) {
      const { alpha, diagonal } = await solveDual(kernel.data, { lift, penalty }, responses);
      return { residuals: divideRows(alpha.data, diagonal, columns), coefficients: alpha };
    },
    weightsOf: (alpha) => multiply(design, alpha, { transposeA: true }),
  };
}

/**
 * α = (K + cI)⁻¹y, and G_ii − 1/(nc) with G = (K + cI)⁻¹, of a centred kernel. lifted: K + lift/n, [n × n]. What a fit without a row
 * would miss it by is α over that.
 */
export async function solveDual(
  lifted: Float64Array,
  { lift, penalty }: { lift: number; penalty: number },
  responses: Matrix,
): Promise<{ alpha: Matrix; diagonal: Float64Array }> {
  const n = responses.rows;
  const regular = Float64Array.from(lifted);
  for (let i = 0; i < n; i++) regular[i * n + i] += penalty;
  const inverse = await inverseCholesky({ data: regular, rows: n, columns: n });
  const alpha = await multiply(inverse, await multiply(inverse, responses), { transposeA: true });
  const diagonal = new Float64Array(n).fill(-1 / (n * (penalty + lift)));
  for (let k = 0; k < n; k++) for (let i = 0; i <= k; i++) diagonal[i] += inverse.data[k * n + i] ** 2;
  return { alpha, diagonal };
}

/** Primal form: residual (y − ŷ)_i / (1 − h_ii) with the leverage h_ii = 1/n + |L⁻¹z_i|², L·Lᵀ = ZᵀZ + cI. */
async function overFeatures(design: Matrix, responses: Matrix): Promise<Solver> {
  const { rows: n, columns: p } = design;
  const gram = await multiply(design, design, { transposeA: true });
  return {
    rank: p,
    async solve(penalty) {
      const regular = Float64Array.from(gram.data);
      for (let f = 0; f < p; f++) regular[f * p + f] += penalty;
      const inverse = await inverseCholesky({ data: regular, rows: p, columns: p });
      const whitened = await multiply(design, inverse, { transposeB: true });
      const coordinates = await multiply(whitened, responses, { transposeA: true });
      const residuals = (await multiply(whitened, coordinates)).data;
      for (let at = 0; at < residuals.length; at++) residuals[at] = responses.data[at] - residuals[at];
      const remaining = new Float64Array(n).fill(1 - 1 / n);
      for (let i = 0; i < n; i++) for (let f = 0; f < p; f++) remaining[i] -= whitened.data[i * p + f] ** 2;
      return {
        residuals: divideRows(residuals, remaining, responses.columns),
        coefficients: await multiply(inverse, coordinates, { transposeA: true }),
      };
    },
    weightsOf: async (weights) => weights,
  };
}

function divideRows(data: Float64Array, by: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < by.length; i++)
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[i * columns + j] / by[i];
  return out;
}
