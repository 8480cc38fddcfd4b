import { influenceCheck, skewnessCheck, tiesCheck } from '../questions/checks.ts';
import { drawnForNothing } from '../questions/drawn.ts';
import { evidenceOfCorrelation, judgedBy } from '../questions/judged.ts';
import { coefficient, ofRanks } from '../questions/metrics.ts';
import { cloudPicture } from '../questions/pictures.ts';
import type { Sample } from '../questions/sample.ts';
import { refuse, unitsOf } from '../questions/units.ts';
import { pearson, ranks, spearman } from '../statistics/correlation.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { kendall, kendallTwoSided } from '../statistics/kendall.ts';
import { dot } from '../statistics/least-squares.ts';
import { boundedEValue } from '../statistics/mean-e-value.ts';
import { factorial, permuteOrder, type Tails } from '../statistics/permutation.ts';
import { pseudoValues } from '../statistics/pseudo-values.ts';
import { studentTwoSided } from '../statistics/student.ts';
import type { Asked, Check, Measured, TableMetric, TableTest } from './table-test.ts';

const fewest = 4;
/** Units from which on the standard error of r is known well enough to divide by it. */
const many = 20;
/** Units from which on a jackknife of Kendall's τ, cubic in them, is not made. */
const mostOfJackknife = 400;

/** Whether two measured numbers go together, over units. */
export const association: TableTest = {
  name: 'association',
  answers: 'Do two measured numbers go together?',
  metrics: [
    coefficient('pearson', "Pearson's r: along a line", 'r', { judges: ['bayes-factor', 'e-process', 'sprt'] }),
    coefficient('spearman', "Spearman's ρ: r of the ranks", 'rho', { unjudged: ofRanks }),
    coefficient('kendall', "Kendall's τ-b: pairs in the same order less those in the other", 'tau', {
      unjudged: ofRanks,
    }),
  ],
  roles: [
    { name: 'x', holds: 'numbers' },
    { name: 'y', holds: 'numbers' },
  ],
  tests:
    "permutation of y against x; with 20 units and more Pearson's r by its own standard error (DiCiccio & Romano 2017); against another size than 0 an e-value of jackknifed units",
  interval: "Fisher's z, with the standard error of each coefficient",
  refuses: ['fewer than 4 units', 'x or y that does not vary'],
  example: { metric: 'spearman', columns: { x: 'depth', y: 'rate' }, subject: 'mouse' },
  assumes: [
    'units are independent of one another',
    'judged by evidence (judge) x and y are bivariate normal: tails that are heavier raise its error',
  ],
  picture: cloudPicture('x', 'y', ({ question }) => question.metric === 'pearson'),
  measure(sample, metric, asked) {
    const units = unitsOf(sample);
    const x = units.means(sample.numbers('x'));
    const y = units.means(sample.numbers('y'));
    const n = x.length;
    if (n < fewest)
      refuse('too-few', `${n} ${units.of} are too few: ${metric.name} needs ${fewest}.`, 'Measure more of them.');
    const of = correlationOf(metric);
    const estimate = of(x, y);
    if (!Number.isFinite(estimate))
      refuse(
        'assumption',
        `One of ${sample.columnsOf('x')[0]} and ${sample.columnsOf('y')[0]} does not vary.`,
        'Name columns that vary.',
      );
    const measured = drawnForNothing(
      {
        estimate,
        ...intervalOf(metric, estimate, n, asked.level),
        ...eValues(metric, estimate, x, y),
        smallest: 1 / factorial(n),
        n: { count: n, of: units.of },
        checks: checksOf(metric, sample, x, y),
        details: classical(metric, estimate, x, y),
      },
      () => permuted(metric, x, y, asked),
      { before: isDivided(metric, n) ? 'r by its own standard error, ' : '' },
    );
    const { judge } = sample.question;
    return judge ? judgedBy(evidenceOfCorrelation(x, y, judge), measured) : measured;
  },
};

/** r hangs on single units and on values that lie on one side; ranks on values that are equal. */
function checksOf({ name }: TableMetric, sample: Sample, x: Float64Array, y: Float64Array): Check[] {
  const [[a], [b]] = [sample.columnsOf('x'), sample.columnsOf('y')];
  return name === 'pearson'
    ? [influenceCheck(x, y), skewnessCheck(`skewness of ${a}`, x), skewnessCheck(`skewness of ${b}`, y)]
    : [tiesCheck(a, x), tiesCheck(b, y)];
}

function correlationOf({ name }: TableMetric): (x: ArrayLike<number>, y: ArrayLike<number>) => number {
  if (name === 'kendall') return kendall;
  return name === 'spearman' ? spearman : pearson;
}

/**
 * The order of y is permuted against x. With many units r is first divided by its own standard error, so that its error is right
 * for values that are uncorrelated but not independent, too (DiCiccio & Romano 2017, J Am Stat Assoc 112:1211); with few, that
 * error is too badly known.
 */
function permuted(metric: TableMetric, x: Float64Array, y: Float64Array, { random, finest }: Asked): Tails {
  if (metric.name === 'kendall') return permuteOrder(y, (way) => kendall(x, way), random, finest);
  const [a, b] = metric.name === 'spearman' ? [ranks(x), ranks(y)] : [x, y];
  const [left, right] = [centred(a), centred(b)];
  const statistic = isDivided(metric, x.length)
    ? (way: Float64Array) => studentised(left, way)
    : (way: Float64Array) => dot(left, way);
  return permuteOrder(right, statistic, random, finest);
}

const isDivided = ({ name }: TableMetric, n: number) => name === 'pearson' && n >= many;

function centred(values: Float64Array): Float64Array {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moved = values.map((value) => value - centre);
  const scale = Math.sqrt(moved.reduce((sum, value) => sum + value * value, 0));
  return moved.map((value) => value / scale);
}

function studentised(x: Float64Array, y: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const term = x[i] * y[i];
    sum += term;
    squares += term * term;
  }
  return squares === 0 ? 0 : sum / Math.sqrt(squares);
}

/**
 * Fisher's z with the standard error of each coefficient: 1/√(n − 3) (Fisher 1921), √((1 + ρ²/2)/(n − 3)) (Bonett & Wright 2000,
 * Psychometrika 65:23), √(0.437/(n − 4)) (Fieller, Hartley & Pearson 1957, Biometrika 44:470).
 */
function intervalOf({ name }: TableMetric, estimate: number, n: number, level: number) {
  const errors = { spearman: Math.sqrt((1 + estimate ** 2 / 2) / (n - 3)), kendall: Math.sqrt(0.437 / (n - 4)) };
  const error = name === 'spearman' || name === 'kendall' ? errors[name] : 1 / Math.sqrt(n - 3);
  const interval = "Fisher's z";
  if (!Number.isFinite(error) || Math.abs(estimate) >= 1) return { low: null, high: null, interval };
  const [z, half] = [Math.atanh(estimate), normalQuantile((1 + level) / 2) * error];
  return { low: Math.tanh(z - half), high: Math.tanh(z + half), interval };
}

/** For bounds that no permutation speaks of: jackknife on Fisher's scale. */
function eValues(
  metric: TableMetric,
  estimate: number,
  x: Float64Array,
  y: Float64Array,
): Pick<Measured, 'eAbove' | 'eBelow'> {
  if (x.length > mostOfJackknife && metric.name === 'kendall') return {};
  const of = correlationOf(metric);
  const without = (values: Float64Array, i: number) => values.filter((_, j) => j !== i);
  let known: ReturnType<typeof pseudoValues> | undefined;
  const values = () =>
    (known ??= pseudoValues(
      estimate,
      Float64Array.from(x, (_, i) => of(without(x, i), without(y, i))).filter(Number.isFinite),
      1,
    ));
  return {
    eAbove: (bound) => boundedEValue(values(), 'above', bound),
    eBelow: (bound) => boundedEValue(values(), 'below', bound),
  };
}

/** The classical test of "no association". */
function classical(
  { name }: TableMetric,
  estimate: number,
  x: Float64Array,
  y: Float64Array,
): Record<string, number | null> {
  if (name === 'kendall') return kendallTwoSided(x, y);
  const degrees = x.length - 2;
  const t = estimate * Math.sqrt(degrees / ((1 - estimate) * (1 + estimate)));
  return { t: Number.isFinite(t) ? t : null, degrees, pClassical: studentTwoSided(t, degrees) };
}
