import type { Question } from '../contracts/question.ts';
import { quotedName } from '../contracts/sql-name.ts';
import { skewnessCheck, spreadChecks } from '../questions/checks.ts';
import { drawnFor } from '../questions/drawn.ts';
import { evidenceOfMeans, evidenceOfSigns, judgedBy } from '../questions/judged.ts';
import { evidenceOfPairedRates, evidenceOfRates } from '../questions/judged-rates.ts';
import { amount } from '../questions/metrics.ts';
import { pairsOf } from '../questions/pairs.ts';
import { groupsPicture } from '../questions/pictures.ts';
import { covariatesOf, regressed } from '../questions/regression.ts';
import type { Sample } from '../questions/sample.ts';
import { finite, summaries, summary } from '../questions/summaries.ts';
import { groupsOf, refuse } from '../questions/units.ts';
import { mean, median } from '../statistics/correlation.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { choose, flipSigns, permuteGroups } from '../statistics/permutation.ts';
import { studentQuantile, studentTwoSided } from '../statistics/student.ts';
import { medianError, moments, ratio, studentise, welch } from '../statistics/two-groups.ts';
import type { Asked, Measured, TableMetric, TableTest } from './table-test.ts';

const fewest = 2;
/** Fewest pairs whose signs can be turned to a p-value of 1/32. */
const fewestPairs = 5;

/** Two groups, units of each by their values and, for a rate, their exposure. */
interface TwoGroups {
  names: [string, string];
  /** Units of the first group, then of the second. */
  values: Float64Array;
  exposure: Float64Array;
  n: number;
  of: string;
  /** Places of `values` in the order in which units came. */
  arrived: number[];
}

/** How much larger a measured number is in one group than in another. */
export const difference: TableTest = {
  name: 'difference',
  answers: 'Is a measured number larger in one group than in another?',
  metrics: [
    amount('mean_difference', 'Mean of the first group less that of the second', {
      judges: ['bayes-factor', 'e-process', 'sprt'],
    }),
    amount('median_difference', 'Median of the first group less that of the second', { judges: ['e-process'] }),
    amount(
      'rate_difference',
      'Sum of value by sum of exposure, first group less second; within pairs the mean of their differences',
      {
        judges: ['bayes-factor', 'e-process', 'sprt'],
      },
    ),
  ],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'group', holds: 'levels' },
    { name: 'exposure', holds: 'numbers', optional: true },
    { name: 'covariates', holds: 'either', optional: true, several: true },
  ],
  tests:
    'exchange of units between the groups (of signs within pairs), the first group moved by the size; means and rates by their own standard error; with covariates permutation of residuals (Freedman & Lane 1983, J Bus Econ Stat 1:292)',
  interval: "Welch's t; of pairs Student's t; of medians order statistics (Price & Bonett); of rates a ratio of sums",
  refuses: [
    'fewer than 2 units in a group, or 5 pairs',
    'a value that does not vary',
    'a subject in both groups without paired',
    'an exposure that is not above 0',
  ],
  example: {
    metric: 'mean_difference',
    columns: { value: 'rate', group: 'genotype' },
    groups: ['ko', 'wt'],
    subject: 'mouse',
  },
  assumes: [
    'units are independent of one another',
    'judged by evidence (judge) counts of a rate are Poisson: look at overdispersion, and leave judge out where it is far above 1',
    'with covariates (of mean_difference) the value is linear in them, alike in both groups',
    'where there is no effect, units of both groups are alike; for means and rates it is enough that their means are, with many units',
  ],
  picture: groupsPicture,
  measure(sample, metric, asked) {
    const { paired, judge } = sample.question;
    if (sample.has('covariates')) return measureBeside(sample, metric, asked);
    const measured = paired ? measurePairs(sample, metric, asked) : measureGroups(sample, metric, asked);
    return judge ? judgedBy(evidenceOf(sample, metric, judge), measured) : measured;
  },
};

function evidenceOf(sample: Sample, metric: TableMetric, judge: NonNullable<Question['judge']>) {
  const signs = metric.name === 'median_difference';
  if (metric.name === 'rate_difference')
    return sample.question.paired ? evidenceOfPairedRates(sample, judge) : evidenceOfRates(sample, judge);
  if (sample.question.paired) {
    const { differences } = pairsOf(sample);
    return signs ? evidenceOfSigns({ values: differences }, judge) : evidenceOfMeans({ values: differences }, judge);
  }
  if (signs)
    refuse('design', 'A median is judged so within pairs alone.', 'Say paired and subject, or mean_difference.');
  const { values, n, arrived } = twoGroups(sample);
  const first = arrived.map((place) => place < n);
  return evidenceOfMeans({ values: Float64Array.from(arrived, (place) => values[place]), first }, judge);
}

function measureGroups(sample: Sample, metric: TableMetric, asked: Asked): Measured {
  const groups = twoGroups(sample);
  const statistic = statisticOf(metric, groups);
  const places = Float64Array.from(groups.values, (_, i) => i);
  const draw = (bound: number) => permuteGroups(places, groups.n, statistic(bound), asked.random, asked.finest);
  return drawnFor(
    {
      ...estimateOf(metric, groups, asked.level),
      smallest: 1 / choose(groups.values.length, groups.n),
      n: { count: groups.values.length, of: groups.of },
      groups: groups.names.map((name, k) => summary(name, partOf(groups, k))),
      checks: spreadChecks([partOf(groups, 0), partOf(groups, 1)]),
    },
    draw,
  );
}

/** What to do where the groups are not two: a table may have each group in a column of its own. */
function nextFor(names: string[], sample: Sample): string {
  const [value, group] = [sample.columnsOf('value')[0], sample.columnsOf('group')[0]];
  if (names.some((name) => !Number.isFinite(Number(name))))
    return 'Name the two as groups; for more, ask a trend or one_way.';
  return `Name the two as groups. Where ${value} and ${group} are one value in two groups, make a row of each in SQL: UNPIVOT t ON ${quotedName(value)}, ${quotedName(group)} INTO NAME grp VALUE value; then group is grp, with subject and paired where both are of one.`;
}

/** The groups in the order that the question names. Throws `bad-input` unless they are two, of enough units, that vary. */
function twoGroups(sample: Sample): TwoGroups {
  const { units, level, names, members } = groupsOf(sample);
  if (names.length !== 2)
    refuse(
      'design',
      `${sample.columnsOf('group')[0]} has ${names.length} groups (${names.slice(0, 8).join(', ')}); two are compared.`,
      nextFor(names, sample),
    );
  const value = units.means(sample.numbers('value'));
  const exposure = sample.has('exposure')
    ? units.means(sample.numbers('exposure'))
    : new Float64Array(value.length).fill(1);
  if (exposure.some((time) => !(time > 0)))
    refuse('assumption', 'An exposure is not above 0.', 'Name a column of times or areas.');
  const order = members.flat();
  const n = members[0].length;
  if (n < fewest || order.length - n < fewest)
    refuse(
      'too-few',
      `${names[0]} has ${n} and ${names[1]} ${order.length - n} ${units.of}; ${fewest} of each are needed.`,
      `Measure more, or name other groups: ${[...new Set(level)].slice(0, 8).join(', ')}.`,
    );
  const values = Float64Array.from(order, (i) => value[i]);
  if (new Set(values).size < 2)
    refuse('assumption', `${sample.columnsOf('value')[0]} does not vary.`, 'Name a column that varies.');
  return {
    names: [names[0], names[1]],
    values,
    exposure: Float64Array.from(order, (i) => exposure[i]),
    n,
    of: units.of,
    arrived: order.map((_, place) => place).sort((a, b) => order[a] - order[b]),
  };
}

/**
 * The statistic that is permuted, for a bound: the first group is moved by it. Means and rates are divided by their own standard
 * error, so that the error is right, with many units, where the groups scatter differently (Janssen 1997, Stat Probab Lett 36:9).
 */
function statisticOf({ name }: TableMetric, { values, exposure, n }: TwoGroups) {
  return (bound: number) => {
    const moved = values.map((value, i) =>
      i < n ? value - bound * (name === 'rate_difference' ? exposure[i] : 1) : value,
    );
    const way = new Float64Array(values.length);
    return (at: Float64Array): number => {
      if (name === 'rate_difference') {
        const [a, b] = [ratio(moved, exposure, at, 0, n), ratio(moved, exposure, at, n, at.length)];
        return studentise(a.rate - b.rate, Math.hypot(a.error, b.error));
      }
      for (let i = 0; i < at.length; i++) way[i] = moved[at[i]];
      return name === 'median_difference' ? median(way.subarray(0, n)) - median(way.subarray(n)) : welch(way, n).t;
    };
  };
}

const partOf = ({ values, n }: TwoGroups, k: number) => (k === 0 ? values.slice(0, n) : values.slice(n));

function estimateOf(
  { name }: TableMetric,
  groups: TwoGroups,
  level: number,
): Pick<Measured, 'estimate' | 'low' | 'high' | 'interval' | 'details'> {
  const { values, exposure, n } = groups;
  if (name === 'mean_difference') {
    const { difference, error, degrees, t } = welch(values, n);
    // Groups without any scatter have no standard error that would mean something.
    const known = error > 0;
    return {
      ...around(difference, known ? error : Number.NaN, known ? studentQuantile((1 + level) / 2, degrees) : 1),
      interval: "Welch's t",
      details: { t, degrees, pClassical: known ? studentTwoSided(t, degrees) : null, cohensD: cohensD(groups) },
    };
  }
  if (name === 'rate_difference') {
    const at = values.map((_, i) => i);
    const [a, b] = [ratio(values, exposure, at, 0, n), ratio(values, exposure, at, n, at.length)];
    const quantile = studentQuantile((1 + level) / 2, Math.min(n, at.length - n) - 1);
    return {
      ...around(a.rate - b.rate, Math.hypot(a.error, b.error), quantile),
      interval: 'ratio of sums, Student t with the degrees of freedom of the smaller group',
      details: { firstRate: a.rate, secondRate: b.rate },
    };
  }
  const [a, b] = [partOf(groups, 0), partOf(groups, 1)];
  return {
    ...around(median(a) - median(b), Math.hypot(medianError(a), medianError(b)), normalQuantile((1 + level) / 2)),
    interval: 'order statistics (Price & Bonett), normal',
    details: {},
  };
}

function around(estimate: number, error: number, quantile: number) {
  const half = error * quantile;
  return { estimate, low: finite(estimate - half), high: finite(estimate + half) };
}

/** Difference in standard deviations, pooled (Cohen 1988, § 2.2). */
function cohensD({ values, n }: TwoGroups): number | null {
  const [a, b] = [moments(values, 0, n), moments(values, n)];
  const pooled = ((n - 1) * a.variance + (values.length - n - 1) * b.variance) / (values.length - 2);
  return finite((a.mean - b.mean) / Math.sqrt(pooled));
}

/** The difference of the means with covariates held fixed (analysis of covariance): the coefficient of being in the first group. */
function measureBeside(sample: Sample, { name }: TableMetric, asked: Asked): Measured {
  const { paired, judge } = sample.question;
  if (name !== 'mean_difference' || paired || sample.has('exposure'))
    refuse(
      'design',
      `${paired ? 'Pairs have' : `${name} has`} no covariates.`,
      paired ? 'What a pair shares is held fixed already: leave them out.' : 'Ask mean_difference, or leave them out.',
    );
  const { names } = twoGroups(sample);
  const { units, members, level } = groupsOf(sample);
  const y = units.means(sample.numbers('value'));
  const x = Float64Array.from(level, (own) => Number(own === names[0]));
  const measured = regressed({ y, x, covariates: covariatesOf(sample, units) }, units.of, judge, asked);
  measured.groups = summaries(names, members, y);
  return measured;
}

/** Each pair with itself: the signs of the differences are exchangeable where there is no effect. */
function measurePairs(sample: Sample, metric: TableMetric, asked: Asked): Measured {
  const { differences, names, of, alone, sides } = pairsOf(sample);
  const n = differences.length;
  if (n < fewestPairs)
    refuse('too-few', `${n} ${of} were measured in both groups; ${fewestPairs} are needed.`, 'Measure more pairs.');
  const middle = metric.name === 'median_difference' ? median : mean;
  const from = (bound: number) => differences.map((value) => value - bound);
  const draw = (bound: number) => flipSigns(from(bound), middle, asked.random, asked.finest);
  const { variance } = moments(differences);
  const error = Math.sqrt(variance / n);
  const estimate = middle(differences);
  const t = studentise(mean(differences), error);
  const median_ = metric.name === 'median_difference';
  return drawnFor(
    {
      ...around(
        estimate,
        median_ ? medianError(differences) : error,
        median_ ? normalQuantile((1 + asked.level) / 2) : studentQuantile((1 + asked.level) / 2, n - 1),
      ),
      interval: median_ ? 'order statistics (Price & Bonett), normal' : "Student's t over pairs",
      smallest: 2 ** -n,
      n: { count: n, of: `pairs (${of})` },
      groups: names.map((name, k) => summary(name, sides[k])),
      checks: [skewnessCheck('skewness of the differences', differences)],
      details: median_ ? { alone } : { t, degrees: n - 1, pClassical: studentTwoSided(t, n - 1), alone },
    },
    draw,
    'signs of the differences: ',
  );
}
