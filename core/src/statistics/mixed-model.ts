import { basisOf, without } from './least-squares.ts';

/** A random intercept a subject: y = b₀ + b₁x + u(subject) + e. */
export interface MixedFit {
  slope: number;
  error: number;
  /** Variance between subjects by that within. */
  ratio: number;
}

/**
 * Restricted maximum likelihood of the ratio of variances, on a grid of its logarithm refined by golden section (Patterson &
 * Thompson 1971, Biometrika 58:545). With a given ratio each value loses a part of its subject's mean, and least squares of what
 * is left are generalised least squares (Fuller & Battese 1973, J Am Stat Assoc 68:626). subject: index of each row.
 */
export function fitMixed(y: Float64Array, x: Float64Array | undefined, subject: Int32Array): MixedFit {
  const criterion = (log: number) => restricted(y, x, subject, Math.exp(log)).criterion;
  const grid = Array.from({ length: 41 }, (_, i) => -12 + (i * 24) / 40);
  const best = grid.reduce((a, b) => (criterion(b) < criterion(a) ? b : a));
  let [low, high] = [best - 0.6, best + 0.6];
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let step = 0; step < 60; step++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (criterion(a) < criterion(b)) high = b;
    else low = a;
  }
  const ratio = Math.exp((low + high) / 2);
  const { slope, error } = restricted(y, x, subject, ratio);
  return { slope, error, ratio };
}

/** Generalised least squares with a given ratio of variances, and −2 × the restricted likelihood but for a constant. */
export function restricted(y: Float64Array, x: Float64Array | undefined, subject: Int32Array, ratio: number) {
  const counts: number[] = [];
  for (const own of subject) counts[own] = (counts[own] ?? 0) + 1;
  const columns = [new Float64Array(y.length).fill(1), ...(x ? [x] : [])].map((one) =>
    quasi(one, subject, counts, ratio),
  );
  const [one, own] = columns;
  const target = quasi(y, subject, counts, ratio);
  const intercept = basisOf([one]) ?? [];
  const rest = without(target, intercept);
  const [along, squares] = own
    ? [dot(without(own, intercept), rest), dot(without(own, intercept), without(own, intercept))]
    : [0, 1];
  const residual = dot(rest, rest) - along ** 2 / squares;
  const degrees = y.length - columns.length;
  const logDeterminant = counts.reduce((sum, n) => sum + Math.log(1 + ratio * n), 0);
  const information = Math.log(dot(one, one)) + (own ? Math.log(squares) : 0);
  return {
    slope: along / squares,
    error: Math.sqrt(residual / degrees / squares),
    criterion: degrees * Math.log(residual) + logDeterminant + information,
  };
}

function quasi(values: Float64Array, subject: Int32Array, counts: number[], ratio: number): Float64Array {
  const means = new Float64Array(counts.length);
  values.forEach((value, i) => {
    means[subject[i]] += value / counts[subject[i]];
  });
  return values.map((value, i) => value - (1 - 1 / Math.sqrt(1 + ratio * counts[subject[i]])) * means[subject[i]]);
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
