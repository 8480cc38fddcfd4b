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
 * it. without: the estimate without each unit.
 */
export function pseudoValues(estimate: number, without: Float64Array, range: number): PseudoValues {
  const n = without.length;
  const centre = toScale(estimate, range);
  const shifts = without.map((value) => (n - 1) * (centre - toScale(value, range)));
  const bias = n > 0 ? mean(shifts) : 0;
  return { estimate, range, units: shifts.map((shift) => centre + shift - bias) };
}

/** Student's interval of the mean of the units, back on the metric's own scale: it never leaves the metric's range. */
export function intervalOf({ estimate, range, units }: PseudoValues, level = 0.95): { low: number; high: number } {
  const n = units.length;
  const centre = toScale(estimate, range);
  const squares = units.reduce((sum, unit) => sum + (unit - centre) ** 2, 0);
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { low: fromScale(centre - half, range), high: fromScale(centre + half, range) };
}
