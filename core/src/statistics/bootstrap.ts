import { quantile } from './correlation.ts';
import type { Random } from './random.ts';

/** A confidence interval; null when there is nothing to resample. */
export interface Interval {
  low: number | null;
  high: number | null;
  level: number;
  resamples: number;
}

/**
 * Percentile bootstrap (Efron 1979, Ann Stat 7:1) of a statistic over units that are resampled whole, e.g. neurons. Units
 * whose value is not measured (NaN) take no part.
 */
export function bootstrap(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  random: Random,
  options: { resamples?: number; level?: number } = {},
): Interval {
  const { resamples = 2000, level = 0.95 } = options;
  const measured = Float64Array.from(Array.from(values).filter(Number.isFinite));
  if (measured.length < 2) return { low: null, high: null, level, resamples: 0 };
  const estimates = new Float64Array(resamples);
  const sample = new Float64Array(measured.length);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < sample.length; i++) sample[i] = measured[random.integer(measured.length)];
    estimates[b] = statistic(sample);
  }
  return { low: quantile(estimates, (1 - level) / 2), high: quantile(estimates, (1 + level) / 2), level, resamples };
}
