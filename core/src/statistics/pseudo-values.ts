import { mean } from './correlation.ts';
import { studentQuantile } from './student.ts';

/** Largest share of the range that is told from its end. */
const nearlyAll = 1 - 1e-12;

/**
 * One number a unit about an estimate, on Fisher's scale, where a correlation scatters alike whatever its size: atanh(estimate /
 * range). Their mean is the estimate; how they scatter is how the estimate would, with other units of the same kind.
 */
export interface PseudoValues {
  estimate: number;
  /** Largest value of the metric: 1 for r, 2 for a difference of two. */
  range: number;
  /** [unit], on Fisher's scale. */
  units: Float64Array;
}

/** Fisher's z of a value of a metric (Fisher 1921, Metron 1:3). range: its largest value. */
export function toScale(value: number, range: number): number {
  return Math.atanh(Math.max(-nearlyAll, Math.min(nearlyAll, value / range)));
}

/** The value of a metric at Fisher's z. */
export function fromScale(z: number, range: number): number {
  return range * Math.tanh(z);
}

/**
 * Jackknife pseudo-values on Fisher's scale, centred on the estimate (Miller 1974, Biometrika 61:1; Efron 1982, The Jackknife):
 * unlike z(y)·z(a), whose mean is r as well, they scatter less the better a prediction is, and they know when few units carry
 * it. Where they are heavy-tailed they scatter more than that: see `varianceDoubt`. without: the estimate without each unit.
 */
export function pseudoValues(estimate: number, without: Float64Array, range: number): PseudoValues {
  const n = without.length;
  const centre = toScale(estimate, range);
  const shifts = without.map((value) => (n - 1) * (centre - toScale(value, range)));
  const bias = n > 0 ? mean(shifts) : 0;
  const deviations = shifts.map((shift) => shift - bias);
  const wider = Math.sqrt(varianceDoubt(deviations));
  return { estimate, range, units: deviations.map((deviation) => centre + wider * deviation) };
}

/** Standard errors by which the variance of heavy-tailed units is taken larger. */
const doubted = 2;

/**
 * By how much the variance of units may be larger than it looks, beyond what Student's t allows for: its own relative standard
 * error is √((κ − 1) / n), κ the kurtosis (Cramér 1946, Mathematical Methods of Statistics, 27.4), of which the part above a
 * normal's κ = 3 counts. Few units of a heavy-tailed kind mostly lack the ones that scatter most: for cubed normals and one neuron
 * a test at level 0.025 failed in 0.05 without it. deviations: of mean 0.
 */
function varianceDoubt(deviations: Float64Array): number {
  const n = deviations.length;
  const [second, fourth] = [2, 4].map((power) => deviations.reduce((sum, value) => sum + value ** power, 0) / n);
  if (n === 0 || !(second > 0)) return 1;
  return 1 + doubted * Math.sqrt(Math.max(0, fourth / second ** 2 - 3) / n);
}

/** Student's interval of the mean of the units, back on the metric's own scale: it never leaves the metric's range. */
export function intervalOf({ estimate, range, units }: PseudoValues, level = 0.95): { low: number; high: number } {
  const n = units.length;
  const centre = toScale(estimate, range);
  const squares = units.reduce((sum, unit) => sum + (unit - centre) ** 2, 0);
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { low: fromScale(centre - half, range), high: fromScale(centre + half, range) };
}
