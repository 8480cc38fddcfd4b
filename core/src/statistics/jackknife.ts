import { mean } from './correlation.ts';
import { studentQuantile } from './student.ts';

/** A confidence interval from units that were left out one by one; null where there are fewer than three, or nothing varies. */
export interface JackknifeInterval {
  low: number | null;
  high: number | null;
  level: number;
  units: number;
}

/** Units from which a spread is told. */
const fewest = 3;

/**
 * Interval of a statistic over independent units, each of which may hold many values that hang together: its delete-one jackknife
 * standard error with Student's t (Tukey 1958, Ann Math Stat 29:614). scale: `correlation` computes it of atanh(r), where the
 * spread hardly depends on r, so that it stays in [−1, 1] (Miller 1974, Biometrika 61:1).
 * estimate: of all units. without: the same without each unit, in any order.
 */
export function jackknifeInterval(
  estimate: number,
  without: ArrayLike<number>,
  scale: 'linear' | 'correlation' = 'linear',
  level = 0.95,
): JackknifeInterval {
  const units = without.length;
  const [there, back] = scale === 'correlation' ? [Math.atanh, Math.tanh] : [(x: number) => x, (x: number) => x];
  const values = Array.from(without, there);
  const centre = there(estimate);
  if (units < fewest || ![centre, ...values].every(Number.isFinite)) return { low: null, high: null, level, units };
  const half = studentQuantile((1 + level) / 2, units - 1) * jackknifeError(values);
  return { low: back(centre - half), high: back(centre + half), level, units };
}

/** Standard error of a statistic from its values without each of n units, or without each of n groups of them (Tukey 1958). */
export function jackknifeError(without: number[]): number {
  const centre = mean(without);
  const squares = without.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(((without.length - 1) / without.length) * squares);
}
