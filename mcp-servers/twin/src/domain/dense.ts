/** Small dense matrices of doubles, row by row, of order n: some hundred neurons, where starting a GEMM costs more than it saves. */

/**
 * Inverse and log-determinant of a symmetric positive definite matrix; undefined when it is not positive definite, which is
 * what Cholesky's factorisation decides (Golub & Van Loan, Matrix Computations, 4th ed., §4.2.3).
 */
export function invertDefinite(matrix: Float64Array, n: number): { inverse: Float64Array; logDet: number } | undefined {
  const factor = choleskyFactor(matrix, n);
  if (!factor) return undefined;
  let logDet = 0;
  for (let i = 0; i < n; i++) logDet += 2 * Math.log(factor[i * n + i]);
  // L⁻¹, row by row: row i = (e_i − Σ over k < i of L_ik · row k) / L_ii.
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = lower.subarray(i * n, i * n + i + 1);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const scale = factor[i * n + k];
      if (scale === 0) continue;
      for (let j = 0; j <= k; j++) row[j] -= scale * lower[k * n + j];
    }
    const pivot = factor[i * n + i];
    for (let j = 0; j <= i; j++) row[j] /= pivot;
  }
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const scale = lower[k * n + i];
      for (let j = 0; j <= i; j++) inverse[i * n + j] += scale * lower[k * n + j];
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j];
  return { inverse, logDet };
}

/** Lower factor of a symmetric matrix; undefined when it is not positive definite. */
function choleskyFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j];
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/**
 * Inverse of a matrix whose symmetric part is positive definite, by elimination without pivoting: such a matrix never needs it
 * (Golub & Van Loan, 4th ed., §4.2.2). Throws RangeError when a pivot vanishes.
 */
export function invert(matrix: Float64Array, n: number): Float64Array {
  const work = Float64Array.from(matrix);
  for (let k = 0; k < n; k++) {
    const pivot = work[k * n + k];
    if (!(Math.abs(pivot) > 1e-300)) throw new RangeError('The matrix cannot be inverted without pivoting.');
    const row = work.subarray(k * n, k * n + n);
    row[k] = 1;
    for (let j = 0; j < n; j++) row[j] /= pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const other = work.subarray(i * n, i * n + n);
      const scale = other[k];
      if (scale === 0) continue;
      other[k] = 0;
      for (let j = 0; j < n; j++) other[j] -= scale * row[j];
    }
  }
  return work;
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
    if (choleskyFactor(marginOf(weights, n, middle), n)) high = middle;
    else low = middle;
  }
  return high;
}
