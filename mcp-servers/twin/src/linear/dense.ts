import { blockOf, type Matrix, multiply } from '../onnx/matrix.ts';
import { eliminate, mostEliminated } from './eliminate.ts';

/** A matrix's inverse, [n × n] row by row, as the matrix was. */
export interface Inverse {
  inverse: Float64Array;
  /** Pivots of the elimination: their product is the determinant; all positive exactly when a symmetric matrix is positive definite. */
  pivots: Float64Array;
}

/**
 * Inverse of a matrix, row by row, by elimination without pivoting, in halves (Banachiewicz 1937, Acta Astron C 3:41; Golub & Van
 * Loan, Matrix Computations, 4th ed., §3.4 and §4.2.2): a matrix whose symmetric part is positive definite needs no pivoting. Any
 * other may give infinite or negative pivots; then the inverse means nothing. What is small enough is eliminated, the rest is GEMM.
 */
export async function invert(matrix: Float64Array, n: number): Promise<Inverse> {
  if (n <= mostEliminated) return eliminate(matrix, n);
  const half = n >> 1;
  const rest = n - half;
  const [a, b] = [blockOf(matrix, n, 0, 0, half, half), blockOf(matrix, n, 0, half, half, rest)];
  const [c, d] = [blockOf(matrix, n, half, 0, rest, half), blockOf(matrix, n, half, half, rest, rest)];
  const first = await invert(a.data, half);
  const inverseA: Matrix = { data: first.inverse, rows: half, columns: half };
  const left = await multiply(c, inverseA);
  const below = await multiply(left, b);
  for (let i = 0; i < below.data.length; i++) below.data[i] = d.data[i] - below.data[i];
  const second = await invert(below.data, rest);
  const inverseS: Matrix = { data: second.inverse, rows: rest, columns: rest };
  const right = await multiply(await multiply(inverseA, b), inverseS);
  const corner = await multiply(inverseS, left);
  const upper = await multiply(right, left);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < half; i++) {
    for (let j = 0; j < half; j++) inverse[i * n + j] = first.inverse[i * half + j] + upper.data[i * half + j];
    for (let j = 0; j < rest; j++) inverse[i * n + half + j] = -right.data[i * rest + j];
  }
  for (let i = 0; i < rest; i++) {
    for (let j = 0; j < half; j++) inverse[(half + i) * n + j] = -corner.data[i * half + j];
    for (let j = 0; j < rest; j++) inverse[(half + i) * n + half + j] = second.inverse[i * rest + j];
  }
  const pivots = new Float64Array(n);
  pivots.set(first.pivots);
  pivots.set(second.pivots, half);
  return { inverse, pivots };
}

/** Whether a symmetric matrix is positive definite: whether Cholesky's factorisation goes through (Golub & Van Loan, §4.2.3). */
function isDefinite(matrix: Float64Array, n: number): boolean {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j];
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** bound · I − (W + Wᵀ)/2: positive definite exactly when W's numerical abscissa is below `bound`. */
export function marginOf(weights: Float64Array, n: number, bound: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[i * n + j] = -(weights[i * n + j] + weights[j * n + i]) / 2;
    out[i * n + i] += bound;
  }
  return out;
}

/** Largest eigenvalue of (W + Wᵀ)/2, the numerical abscissa, to 10⁻⁶, by bisection on whether a bound holds. */
export function numericalAbscissa(weights: Float64Array, n: number): number {
  let high = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(weights[i * n + j] + weights[j * n + i]) / 2;
    high = Math.max(high, sum);
  }
  let low = -high;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (isDefinite(marginOf(weights, n, middle), n)) high = middle;
    else low = middle;
  }
  return high;
}
