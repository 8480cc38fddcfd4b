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
  const middle = values.reduce((sum, value) => sum + value, 0) / units;
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const half = studentQuantile((1 + level) / 2, units - 1) * Math.sqrt(((units - 1) / units) * squares);
  return { low: back(centre - half), high: back(centre + half), level, units };
}
