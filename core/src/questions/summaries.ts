import { mean, median } from '../statistics/correlation.ts';
import { moments } from '../statistics/two-groups.ts';
import type { Check, GroupSummary } from '../table-tests/table-test.ts';

/** A group as a reader sees it. */
export function summary(name: string, values: Float64Array): GroupSummary {
  const { mean: centre, variance } = moments(values);
  return { name, n: values.length, mean: centre, sd: finite(Math.sqrt(variance)), median: median(values) };
}

/** Each group of units. members: places in `values`, [group][…]. */
export function summaries(
  names: readonly string[],
  members: readonly number[][],
  values: Float64Array,
): GroupSummary[] {
  return names.flatMap((name, k) =>
    members[k].length > 0
      ? [
          summary(
            name,
            Float64Array.from(members[k], (place) => values[place]),
          ),
        ]
      : [],
  );
}

/** A number, or null where it has no end or is none. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Skewness of the values about the means of their groups. */
export function skewness(...groups: Float64Array[]): number {
  const rests = groups.flatMap((values) => {
    const centre = mean(values);
    return Array.from(values, (value) => value - centre);
  });
  const power = (k: number) => mean(rests.map((rest) => rest ** k));
  return power(3) / power(2) ** 1.5;
}

const mostSkewed = 1.5;

/** A look at whether values, or what is left of them, lie alike on both sides. what: "skewness of the differences". */
export function skewnessCheck(what: string, ...groups: Float64Array[]): Check {
  const skewed = skewness(...groups);
  return { what, value: finite(skewed), fine: Math.abs(skewed) < mostSkewed };
}

/** A look at whether groups scatter alike and on both sides. */
export function spreadChecks(groups: Float64Array[]): Check[] {
  const variances = groups.filter(({ length }) => length > 1).map((values) => moments(values).variance);
  const ratioOf = Math.max(...variances) / Math.min(...variances);
  return [
    { what: 'largest variance by smallest', value: finite(ratioOf), fine: ratioOf < 4 },
    skewnessCheck('skewness within groups', ...groups),
  ];
}
