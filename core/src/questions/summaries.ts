import { median } from '../statistics/correlation.ts';
import { moments } from '../statistics/two-groups.ts';
import type { GroupSummary } from '../table-tests/table-test.ts';

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
