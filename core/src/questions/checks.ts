import { mean } from '../statistics/correlation.ts';
import { logRank } from '../statistics/log-rank.ts';
import { moments } from '../statistics/two-groups.ts';
import type { Check } from '../table-tests/table-test.ts';
import { finite } from './summaries.ts';

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

const mostInfluence = 0.1;

/** A look at whether r hangs on one unit: how much it changes, at most, when one is left out. x, y: of each unit. */
export function influenceCheck(x: Float64Array, y: Float64Array): Check {
  const n = x.length;
  const [a, b] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - a) ** 2;
    yy += (y[i] - b) ** 2;
    xy += (x[i] - a) * (y[i] - b);
  }
  // Without unit i, a sum of products about the mean is smaller by n / (n − 1) times the product of its distances.
  const share = n / (n - 1);
  const whole = xy / Math.sqrt(xx * yy);
  let most = 0;
  for (let i = 0; i < n; i++) {
    const [left, right] = [x[i] - a, y[i] - b];
    const rest = (xy - share * left * right) / Math.sqrt((xx - share * left * left) * (yy - share * right * right));
    // One of the two varies in this unit alone.
    if (!Number.isFinite(rest)) return { what: 'largest change of r without one unit', value: null, fine: false };
    most = Math.max(most, Math.abs(rest - whole));
  }
  return { what: 'largest change of r without one unit', value: most, fine: most < mostInfluence };
}

/** A look at how many units have a value that another has too: ranks tell them apart by nothing. name: of the column. */
export function tiesCheck(name: string, values: Float64Array): Check {
  const times = new Map<number, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const share = values.reduce((count, value) => count + Number((times.get(value) ?? 0) > 1), 0) / values.length;
  return { what: `share of units with a ${name} that another has`, value: share, fine: share <= 0.5 };
}

/**
 * A look at whether one group is ahead by the same ratio early and late, as one hazard ratio says: the log ratio (Peto) of the later half of
 * the events less that of the earlier half, in standard errors. time, event: of each unit; at: places of units, those of the first group
 * first, n of them. null: all events are at one time.
 */
export function proportionalHazardsCheck(time: Float64Array, event: Float64Array, at: Float64Array, n: number): Check {
  const what = 'log ratio of later events less that of earlier ones, in standard errors';
  const times = Array.from(at)
    .filter((place) => event[place] === 1)
    .map((place) => time[place])
    .sort((a, b) => a - b);
  const cut = times[Math.ceil(times.length / 2) - 1];
  const early = logRank(
    time.map((one) => Math.min(one, cut)),
    event.map((one, i) => (time[i] > cut ? 0 : one)),
    at,
    n,
  );
  const all = logRank(time, event, at, n);
  const late = { excess: all.excess - early.excess, variance: all.variance - early.variance };
  if (!(early.variance > 0) || !(late.variance > 1e-9)) return { what, value: null, fine: true };
  const change = late.excess / late.variance - early.excess / early.variance;
  const value = change / Math.sqrt(1 / late.variance + 1 / early.variance);
  return { what, value, fine: Math.abs(value) < 2 };
}
