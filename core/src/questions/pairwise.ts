import { rangeQuantile, rangeSurvival } from '../statistics/studentized-range.ts';
import { moments } from '../statistics/two-groups.ts';
import type { PairOfGroups } from '../table-tests/table-test.ts';

/**
 * The mean of each group less that of each later one, with intervals and p-values that hold for all pairs at once, whatever the variances
 * are: Welch's standard error and degrees of freedom, against the studentised range (Games & Howell 1976, J Educ Stat 1:113).
 * values: [group][unit], two units of each or more; names: [group].
 */
export function gamesHowell(names: readonly string[], values: readonly Float64Array[], level: number): PairOfGroups[] {
  const groups = values.map((own) => {
    const { mean, variance } = moments(own);
    return { mean, error: variance / own.length, degrees: own.length - 1 };
  });
  return names.flatMap((first, i) =>
    names.slice(i + 1).map((second, j) => ({ first, second, ...compared(groups[i], groups[i + 1 + j], names.length) })),
  );

  function compared(a: (typeof groups)[number], b: (typeof groups)[number], count: number) {
    const difference = a.mean - b.mean;
    const squared = a.error + b.error;
    // Groups without any scatter have no standard error that would mean something.
    if (!(squared > 0)) return { difference, low: null, high: null, p: null };
    const degrees = squared ** 2 / (a.error ** 2 / a.degrees + b.error ** 2 / b.degrees);
    const error = Math.sqrt(squared / 2);
    const half = rangeQuantile(1 - level, count, degrees) * error;
    return {
      difference,
      low: difference - half,
      high: difference + half,
      p: rangeSurvival(Math.abs(difference) / error, count, degrees),
    };
  }
}
